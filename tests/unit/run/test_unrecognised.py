"""What a create has made is recognised by its reference; what cannot be recognised is not made again and again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.run.profiles import Profile, scenarios

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.provider.api.requests import Request
    from cancel_contract.provider.store.records import Appointment
    from cancel_contract.run.run import Run
    from tests.unit.run.conftest import Memory, Named, Opened


def keeping(change: Callable[[str], str]) -> Callable[[Request], Request]:
    """Return what changes the reference of each create before it is kept."""

    def before(request: Request) -> Request:
        if request.method != "POST" or not request.path.endswith("/appointments"):
            return request
        body = json.loads(request.body)
        kept = {"external_ref": change(body["external_ref"])} if "external_ref" in body else {}
        return replace(request, body=json.dumps({**body, **kept}).encode())

    return before


def without_keys(_: Request, response: httpx.Response) -> httpx.Response:
    """Hide the keys of appointments."""
    text = re.sub(r'"idempotency_key": ?"[^"]*"', '"idempotency_key":null', response.text)
    return httpx.Response(response.status_code, headers={"content-type": "application/json"}, text=text)


def test_a_reference_of_the_targets_own_is_known_by_the_key(make_run: Opened, memory: Memory, named: Named) -> None:
    """What is new, in the slot and for the client that were asked for, is what a create has made."""
    memory.before = keeping(lambda reference: "own " + reference[-1])
    with make_run() as run:
        run.play(named("effect/slot")[0])
        run.finish()

    assert run.ledger.inconclusive == []
    assert memory.provider.audit.active(PREFIX) == ()
    store = memory.provider.store
    assert {row.status for row in store.appointments.values() if row.id >= store.first_id} == {"cancelled"}


@pytest.mark.parametrize(
    "change",
    [str.upper, str.lower, "api:{}".format, "{:.20}".format],
    ids=["capitals", "small letters", "prefix", "cut"],
)
def test_a_reference_that_is_kept_otherwise_is_the_same(
    make_run: Opened, memory: Memory, named: Named, change: Callable[[str], str]
) -> None:
    """Some keep texts in one case, with a prefix, or cut; the appointments are the run's own, and are cancelled."""
    memory.before = keeping(change)
    with make_run() as run:
        for scenario in named("effect/", "repeat/"):
            run.play(scenario)
        run.finish()

    assert run.ledger.inconclusive == []
    store = memory.provider.store
    assert {row.status for row in store.appointments.values() if row.id >= store.first_id} == {"cancelled"}


def test_no_more_is_made_than_shows_that_nothing_is_recognised(make_run: Opened, memory: Memory) -> None:
    """A reference of the target's own, and no key, tell nothing: two creates show it, and the run says so."""
    memory.before = keeping(lambda reference: "own " + reference[-1])
    memory.after = without_keys
    with make_run() as run:
        for scenario in scenarios(Profile.GATE, run.ledger.terms.fragment, None):
            run.play(scenario)
        run.finish()
        excuses = set(run.ledger.excuses.values())

    assert sum(row.id >= memory.provider.store.first_id for row in memory.provider.store.appointments.values()) == 2
    assert (
        "2 creates were accepted, and neither their answers nor the list show the external_ref that they sent: "
        "see what the target makes of it, then look for them by `cancel-contract sweep`"
    ) in excuses


def _played(make_run: Opened, memory: Memory, named: Named) -> tuple[Run, list[Appointment]]:
    """Play the family of effects to its end; returns what the run has made, too."""
    with make_run() as run:
        for scenario in named("effect/"):
            run.play(scenario)
        run.finish()
    store = memory.provider.store
    return run, [row for row in store.appointments.values() if row.id >= store.first_id]


@pytest.mark.parametrize(
    ("variant", "part"), [("moved-anew", "RS-"), ("moved-with-a-suffix", "-R1"), ("moved-shown-as-cancelled", "-R1")]
)
def test_what_is_moved_under_another_id_is_cancelled_in_the_end(
    make_run: Opened, memory: Memory, named: Named, variant: str, part: str
) -> None:
    """The answer to the move shows it, in the slot that was asked for and with a number of its own; or the last list
    does. The old one was cancelled by the move, and not by those who were refused before.
    """
    memory.provider.switch(variants=[variant])
    run, mine = _played(make_run, memory, named)

    assert [row.id for row in mine if part in (row.external_ref or "")] != []
    assert [row.id for row in mine if not row.cancelled] == []
    assert [row.breach.message for row in run.ledger.rows.values() if row.breach] == []


def test_what_a_move_makes_and_only_the_last_list_shows_is_cancelled(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """The move was answered as if nothing had come of it: the marker with more around it tells whose it is."""
    memory.provider.switch(variants=["moved-with-a-suffix"])
    memory.after = lambda request, response: (
        httpx.Response(204) if request.method == "PATCH" and response.status_code == 200 else response
    )
    _, mine = _played(make_run, memory, named)

    assert [row.id for row in mine if (row.external_ref or "").endswith("-R1")] != []
    assert [row.id for row in mine if not row.cancelled] == []
