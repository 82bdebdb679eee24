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


def test_a_first_cancel_names_the_settings_own(make_run: Opened, named: Named, memory: Memory) -> None:
    """The fields to assign are the settings' service and contact too, also as documents of JSON:API have them."""
    with make_run() as run:
        for scenario in named("input/assigned-fields"):
            run.play(scenario)

    first = next(_sent(one) for one in _cancels(memory) if "service_id" in _sent(one))
    assert (first["service_id"], first["contact_id"]) == (SEED.service_id, SEED.contact_id)
    assert first["data"]["attributes"]["contact_id"] == SEED.contact_id
    assert first["cancellation_reason"] == first["note"] == first["client_comment"]


def test_without_a_service_none_is_named(make_run: Opened, named: Named, memory: Memory) -> None:
    """A setting that is missing leaves its field out."""
    with make_run(service_id=None, contact_id=None) as run:
        for scenario in named("input/assigned-fields"):
            run.play(scenario)

    assert not {"service_id", "contact_id"} & {name for one in _cancels(memory) for name in _sent(one)}


def test_pages_are_of_the_target(make_run: Opened, named: Named, memory: Memory) -> None:
    """One cancel comes from a page of the target's own site, with what caches and downloads ask."""
    with make_run() as run:
        for scenario in named("input/odd-bodies"):
            run.play(scenario)

    (page,) = (one for one in _cancels(memory) if one.header("origin"))
    site = str(run.target.url).rstrip("/")
    assert (page.header("origin"), page.header("referer")) == (site, f"{site}/appointments")
    assert (page.header("if-none-match"), page.header("range")) == ("*", "bytes=0-9")
    kinds = {one.media_type for one in _cancels(memory)}
    assert {"application/merge-patch+json", "multipart/form-data", "application/x-www-form-urlencoded"} <= kinds


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


def test_two_cancels_share_a_key(make_run: Opened, named: Named, memory: Memory) -> None:
    """Cancels of two appointments have one key of idempotency, and none asks for others than its own."""
    with make_run() as run:
        for scenario in (*named("effect/neighbour"), *named("input/assigned-fields")):
            run.play(scenario)

    keyed = [one for one in _cancels(memory) if one.header("idempotency-key")]
    assert len({one.header("idempotency-key") for one in keyed}) == 1
    assert len({one.path for one in keyed}) == 2
    assert not {"scope", "cancel_series"} & {name for one in _cancels(memory) for name in _sent(one)}
