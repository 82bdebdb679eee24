"""A run finds out which property of an appointment a broken clause hangs on, and says so in its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.case import LIKE
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.report.conditions import condition, shared

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.run.run import Run
    from tests.unit.run.conftest import Memory, Named, Opened

    Played = Callable[..., Run]


@pytest.fixture
def played(make_run: Opened, memory: Memory, named: Named) -> Played:
    """Play scenarios, those of effects unless others are named, against a fault."""

    def play(fault: str, names: str = "effect/") -> Run:
        memory.provider.switch([fault])
        with make_run() as run:
            for scenario in named(names):
                run.play(scenario)
            run.finish()
        return run

    return play


@pytest.mark.parametrize(
    ("fault", "clause", "told"),
    [
        # Of the appointment, in a first cancel and in one by a caller who may not.
        ("like-payments-merged", "effect/payments-kept", "; only in this case: two payments of the same amount"),
        ("completed-for-any-account", "access/foreign-token", "; only in this case: status completed"),
        # Of the request: the same appointment without it is refused.
        ("key-let-in", "access/no-token", "; only in this case: with a header idempotency-key"),
    ],
)
def test_the_property_that_breaks_a_clause_is_found(
    played: Played, memory: Memory, fault: str, clause: str, told: str
) -> None:
    """Of many in which what broke differs from what held, one is left."""
    run = played(fault)

    assert condition(run.ledger.rows[clause]) == told
    assert memory.provider.audit.active(PREFIX) == ()


def test_what_always_goes_together_is_told_together(played: Played) -> None:
    """An appointment that was moved was updated, too."""
    row = played("moved-fails").ledger.rows["answer/status-200"]

    assert shared(row).startswith("it had been moved to another time, it had been updated: each time that it broke")


def test_what_every_cancel_breaks_hangs_on_no_property(played: Played) -> None:
    """Nothing held, so that nothing could be told apart: no other appointment is made."""
    keys = {one.case.key for one in played("accepted-202").exchanges}

    assert not any(LIKE in key for key in keys)


def test_what_a_plain_cancel_breaks_hangs_on_no_part_of_a_request(played: Played) -> None:
    """A body with fields met the same bug as any other cancel of what was paid."""
    row = played("settlement-zeroed", "input/assigned-fields").ledger.rows["input/body-ignored"]

    assert row.broken
    assert row.signs.parts == ((), ())
