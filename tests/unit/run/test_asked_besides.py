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


def test_curl_states_no_length(make_run: Opened, named: Named, memory: Memory) -> None:
    """The documentation's own command sends neither a body nor its length; all others state one."""
    with make_run() as run:
        for scenario in named("effect/"):
            run.play(scenario)

    bare = [one for one in _cancels(memory) if not (one.header("content-length") or one.header("transfer-encoding"))]
    assert [(one.header("user-agent") or "").partition("/")[0] for one in bare] == ["curl"]


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
