"""What members are shown depends on their rights: no answer to one is held against an answer to another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx

from cancel_contract.provider import SEED

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

PLAYED = (
    "effect/confirmed-ahead", "effect/completed-paid-other", "access/second-member", "access/beside-authorization",
    "input/odd-bodies",
)  # fmt: skip
"""More first cancels than are read at the end, so that the list alone shows the second member's."""


def _without_telephone(request: Request, response: httpx.Response) -> httpx.Response:
    """Show the second member no telephone number."""
    if request.header("api_access_token") != SEED.second_token or response.status_code != httpx.codes.OK:
        return response
    body = response.json()
    body["payload"] |= {"client_phone": "***"}
    headers = [(name, value) for name, value in response.headers.multi_items() if name != "content-length"]
    return httpx.Response(response.status_code, headers=headers, content=json.dumps(body))


def test_a_member_who_is_shown_less_breaks_nothing(make_run: Opened, memory: Memory, named: Named) -> None:
    """It cancels first, the other member cancels again, and the last look is the other member's."""
    memory.after = _without_telephone
    with make_run() as run:
        for name in PLAYED:
            run.play(named(name)[0])
        run.finish()
        broken = {row.clause.id: row.breach.message for row in run.ledger.rows.values() if row.breach}
        held = run.ledger.rows["repeat/all-alike"].held

    assert broken == {}
    assert held > 0


def _without_money(request: Request, response: httpx.Response) -> httpx.Response:
    """Show the second member no payments and no expense."""
    if request.header("api_access_token") != SEED.second_token or response.status_code != httpx.codes.OK:
        return response
    body = response.json()
    body["payload"] |= {"payments": [], "expense": None}
    return httpx.Response(response.status_code, json=body)


def test_what_one_member_is_not_shown_was_not_taken_by_who_was_refused(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """The first look after refusals is the second member's, who is shown no money."""
    memory.after = _without_money
    with make_run() as run:
        for scenario in named("effect/"):
            run.play(scenario)
        run.finish()
        broken = {row.clause.id: row.breach.message for row in run.ledger.rows.values() if row.breach}

    assert broken == {}


def test_who_is_not_shown_an_appointment_takes_no_part_in_its_race(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """A colleague who is shown her own visits alone is answered 404, which tells nothing of who came first."""

    def hide(request: Request) -> Request | httpx.Response:
        is_hidden = request.header("api_access_token") == SEED.second_token and "/appointments/" in request.path
        return httpx.Response(404, json={"error": "Not found"}) if is_hidden else request

    memory.before = hide
    with make_run() as run:
        for scenario in named("repeat/beside"):
            run.play(scenario)
        run.finish()
        rows = {name: run.ledger.rows[name].broken for name in ("effect/other-writer", "effect/slot-race")}

    assert rows == {"effect/other-writer": 0, "effect/slot-race": 0}
