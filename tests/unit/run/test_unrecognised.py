"""What a create has made is recognised by its reference; what cannot be recognised is not made again and again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.run.profiles import Profile, scenarios

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.provider.api.requests import Request
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
    """A reference of the target's own tells nothing: two creates show it, and the run says so."""
    memory.before = keeping(lambda reference: "own " + reference[-1])
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
