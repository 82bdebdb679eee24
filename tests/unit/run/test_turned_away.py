"""What a refusal before the first cancel has done is seen in the views that are asked for anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.marker import PREFIX

if TYPE_CHECKING:
    from tests.unit.run.conftest import Memory, Named, Opened

UNTOUCHED = "access/refused-untouched"


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("completed-refused-and-done", "effect/completed-paid-other"),
        ("missed-refused-and-done", "effect/no_show-paid-longest"),
        ("completed-refused-and-done", "effect/completed-free"),
        ("refused-expense-gone", "effect/completed-paid-other"),
    ],
    ids=["a read", "a read after a change", "a second member's read", "an expense that is gone"],
)
def test_a_refusal_that_is_done_is_seen(make_run: Opened, memory: Memory, named: Named, fault: str, name: str) -> None:
    """The create's answer shows what it was, the next view what it has become."""
    memory.provider.switch([fault])
    with make_run() as run:
        played = run.play(named(name)[0])
        run.finish()

    assert UNTOUCHED in played.broken
    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("variant", ["texts-composed", "create-short", "worker-confirms"])
@pytest.mark.parametrize("name", ["effect/no_show-largest", "effect/confirmed-paid"])
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
