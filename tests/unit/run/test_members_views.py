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
