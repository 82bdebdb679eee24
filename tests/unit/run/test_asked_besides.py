"""What requests hold beside what they are for: fields, headers and claims of many callers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cancel_contract.provider import SEED

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened


def _cancels(memory: Memory) -> list[Request]:
    return [one for one in memory.asked if one.path.endswith("/cancel") and one.method == "POST"]


def _sent(request: Request) -> dict[str, Any]:
    found = json.loads(request.body) if request.media_type == "application/json" and request.body else {}
    return found if isinstance(found, dict) else {}


def test_whoever_may_not_claims_a_role(make_run: Opened, named: Named, memory: Memory) -> None:
    """The member who may not cancel claims a role in headers and query; the foreign one names the own account, too."""
    with make_run() as run:
        for scenario in (*named("access/unprivileged"), *named("access/foreign-token")):
            run.play(scenario)

    claims = [one for one in _cancels(memory) if one.header("x-role")]
    assert (
        {one.parameters.get("role") for one in claims} == {one.header("x-role") for one in claims} == {"administrator"}
    )
    assert {one.header("x-tenant-id") for one in claims} == {None, str(SEED.foreign_account_id)}
