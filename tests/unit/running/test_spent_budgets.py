"""Budgets that run out end a run without a verdict, and what was made is cleared away as far as they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.gate import Exit
from contracts.mark import PREFIX
from tests.unit.running.conftest import code

if TYPE_CHECKING:
    from tests.unit.running.conftest import Memory, Named, Opened


def test_a_budget_that_runs_out_ends_the_run(make_run: Opened, memory: Memory, named: Named) -> None:
    """The run is inconclusive, plays nothing more, and cancels what it made from what is kept for that."""
    with make_run(max_requests=30) as run:
        for situation in named("effect/"):
            run.play(situation)
        asked = run.budget.requests
        assert run.play(named("readonly/")[0]) == ()
        assert run.budget.requests == asked
        run.finish()

    assert run.lost
    assert run.ledger.inconclusive == [
        "24 of 30 requests are spent, and 6 are kept for the end of the run: set ONELINK_MAX_REQUESTS higher"
    ]
    assert code(run) is Exit.INCONCLUSIVE
    assert memory.provider.audit.standing(PREFIX) == ()


def test_appointments_that_run_out_end_the_run(make_run: Opened, memory: Memory, named: Named) -> None:
    """Past the limit of appointments the run is inconclusive likewise."""
    with make_run(max_appointments=4) as run:
        for situation in named("effect/"):
            run.play(situation)
        run.finish()

    assert run.ledger.inconclusive == ["4 of 4 appointments are spent: set ONELINK_MAX_APPOINTMENTS higher"]
    assert code(run) is Exit.INCONCLUSIVE
    assert memory.provider.audit.standing(PREFIX) == ()


def test_a_budget_that_is_spent_on_cleaning_is_told(make_run: Opened, memory: Memory) -> None:
    """Where even the slice that is kept does not suffice, the run has no verdict, and what stands is listed."""
    with make_run(max_requests=11) as run:
        made = [run.stage.fresh().id for _ in range(5)]
        run.finish()

    assert run.tally.left == made[2:]
    assert run.ledger.inconclusive == ["11 of 11 requests are spent: set ONELINK_MAX_REQUESTS higher"]
    assert memory.provider.audit.standing(PREFIX) == tuple(made[2:])
