"""A spent budget leaves no verdict and ends what needs it; cleaning up goes on as far as it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cancel_contract.errors import Impatient
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run.scenarios import Scenario
from tests.unit.run.conftest import code

if TYPE_CHECKING:
    from cancel_contract.run.context import Context
    from tests.unit.run.conftest import Memory, Named, Opened


def test_requests_that_run_out_end_what_asks(make_run: Opened, memory: Memory, named: Named) -> None:
    """The run is inconclusive, asks nothing more, and cancels what it made from what is kept for that."""
    with make_run(max_requests=30) as run:
        for scenario in named("effect/"):
            run.play(scenario)
        asked = run.budget.requests
        assert run.play(named("readonly/")[0]).broken == ()
        assert run.budget.requests == asked
        run.finish()

    assert not run.lost
    assert run.ledger.excuses["readonly/imported"] == run.ledger.inconclusive[0]
    assert run.ledger.inconclusive == [
        "24 of 30 requests are spent, and 6 are kept for the end of the run: set ONELINK_MAX_REQUESTS higher"
    ]
    assert code(run) is Exit.INCONCLUSIVE
    assert memory.provider.audit.active(PREFIX) == ()


def test_appointments_that_run_out_end_what_makes_them(make_run: Opened, memory: Memory, named: Named) -> None:
    """Past the limit the run is inconclusive likewise; what needs no more of them is played all the same."""
    with make_run(max_appointments=4) as run:
        for scenario in named("effect/"):
            run.play(scenario)
        assert run.play(named("readonly/")[0]).broken == ()
        run.finish()

    assert all(run.ledger.rows[name].held for name in ("readonly/refused", "effect/paid-expense-kept"))
    assert run.ledger.inconclusive == ["4 of 4 appointments are spent: set ONELINK_MAX_APPOINTMENTS higher"]
    assert code(run) is Exit.INCONCLUSIVE
    assert memory.provider.audit.active(PREFIX) == ()


def test_a_target_that_is_throttled_for_too_long_is_asked_nothing_more(make_run: Opened, named: Named) -> None:
    """Whatever is asked would be answered 429, and waited for."""

    def play(_: Context) -> None:
        raise Impatient("asks to wait longer")

    with make_run() as run:
        run.play(Scenario("effect/throttled", play))
        assert run.play(named("readonly/")[0]).broken == ()

        assert (bool(run.lost), run.budget.requests) == (True, 0)
        assert run.ledger.inconclusive == ["asks to wait longer"]


def test_a_budget_that_is_spent_on_cleaning_is_told(make_run: Opened, memory: Memory) -> None:
    """Where even the slice that is kept does not suffice, the run has no verdict, and what is active is listed."""
    with make_run(max_requests=11) as run:
        made = [run.context.fresh().id for _ in range(5)]
        run.finish()

    assert run.statistics.still_active == made[2:]
    assert run.ledger.inconclusive == ["11 of 11 requests are spent: set ONELINK_MAX_REQUESTS higher"]
    assert memory.provider.audit.active(PREFIX) == tuple(made[2:])
