"""What a refusal before the first cancel has done is seen in the views that are asked for anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider import SEED
from cancel_contract.provider.api.operations import cancelled

if TYPE_CHECKING:
    import httpx

    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

UNTOUCHED = "access/refused-untouched"


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("completed-refused-and-done", "effect/completed-paid-other"),
        ("missed-refused-and-done", "effect/no_show-paid-longest"),
        ("completed-refused-and-done", "effect/completed-free"),
        ("confirmed-refused-and-done", "effect/confirmed-small"),
        ("running-refused-and-done", "effect/confirmed-twice"),
        ("refused-expense-gone", "effect/completed-paid-other"),
    ],
    ids=[
        "a read", "a read after a change", "a second member's read", "a read for it", "one of what runs",
        "an expense that is gone",
    ],
)  # fmt: skip
def test_a_refusal_that_is_done_is_seen(make_run: Opened, memory: Memory, named: Named, fault: str, name: str) -> None:
    """The create's answer shows what it was, the next view what it has become."""
    memory.provider.switch([fault])
    with make_run() as run:
        played = run.play(named(name)[0])
        run.finish()

    assert UNTOUCHED in played.broken
    assert memory.provider.audit.active(PREFIX) == ()


def test_of_several_refusals_the_one_that_is_done_is_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """Three callers come before the read, and each is tried alone once it shows what they have done."""

    def done_for_the_viewer(request: Request, response: httpx.Response) -> httpx.Response:
        number, _, verb = request.path.rpartition("/appointments/")[2].partition("/")
        row = memory.provider.store.appointments.get(int(number)) if verb == "cancel" else None
        if row and not row.cancelled and request.header("api_access_token") == SEED.unprivileged_token:
            memory.provider.store.put(cancelled(row, memory.provider.store.now()))
        return response

    memory.after = done_for_the_viewer
    with make_run() as run:
        run.play(named("effect/no_show-largest")[0])
        run.finish()
        breach = run.ledger.rows[UNTOUCHED].breach

    assert breach
    assert "after a 401 to a cancel with the token of a member who may not cancel, " in breach.message


@pytest.mark.parametrize("variant", ["texts-composed", "create-short", "worker-confirms"])
@pytest.mark.parametrize("name", ["effect/no_show-largest", "effect/confirmed-twice"])
def test_a_refusal_that_does_nothing_holds(
    make_run: Opened, memory: Memory, named: Named, name: str, variant: str
) -> None:
    """A target that keeps texts otherwise than they were sent, or shows less of them at first, is not blamed for it."""
    memory.provider.switch(variants=[variant])
    with make_run() as run:
        run.play(named(name)[0])
        run.finish()
        broken = [row.clause.id for row in run.ledger.rows.values() if row.broken]

    assert broken == []
