"""How fast requests leave once a limiter has refused some."""

import pytest

from cancel_contract.guard.budget import Budget, Limits


def refuse(budget: Budget) -> None:
    """Have a limiter refuse a request, and wait for it."""
    budget.slow_down(budget.refused())
    budget.wait(0)


def test_a_limiter_that_refuses_again_soon_is_asked_more_slowly() -> None:
    """The second refusal within a few requests halves the rate; those at once, and of one case, are one."""
    now, waits = [0.0], list[float]()
    budget = Budget(Limits(1000, 1, 8, None), clock=lambda: now[0], sleep=waits.append)

    def ask(times: int) -> None:
        for _ in range(times):
            now[0] += 0.01
            with budget.request():
                pass

    ask(10)
    refuse(budget)
    assert budget.pace == 0
    now[0] += 1
    ask(10)
    refuse(budget)
    refuse(budget)
    assert budget.pace == pytest.approx(1 / 50)
    ask(2)
    assert waits[-1] == pytest.approx(0.01)
    now[0] += 5
    budget.wait(0)
    assert budget.pace == pytest.approx(1 / 50)
    for _ in range(9):
        ask(3)
        refuse(budget)
        now[0] += 5
    assert budget.pace == 2


def test_waits_do_not_count_as_the_pace_of_asking() -> None:
    """A limiter that refuses after one or two requests says nothing about how fast it was asked."""
    now = [0.0]
    budget = Budget(Limits(1000, 1, 8, None), clock=lambda: now[0], sleep=lambda _: None)
    for _ in range(9):
        for _ in range(2):
            with budget.request():
                now[0] += 0.01
        refuse(budget)
        now[0] += 5

    assert budget.pace == 0


def test_a_wait_before_the_last_resend_does_not_count_as_the_pace_of_asking() -> None:
    """A request that is refused twice was asked for once more after the wait, and others then as fast as before."""
    now = [0.0]
    budget = Budget(Limits(1000, 1, 8, None), clock=lambda: now[0], sleep=lambda _: None)

    def refused_after(requests: int) -> None:
        for _ in range(requests):
            with budget.request():
                now[0] += 0.01
        refuse(budget)
        now[0] += 2

    refused_after(10)
    with budget.request():
        budget.wait(0)
    now[0] += 2
    refused_after(6)

    assert budget.pace == pytest.approx(1 / 50)


def test_a_limiter_that_refuses_seldom_is_not_asked_more_slowly() -> None:
    """A refusal of each 25th request has nothing to do with the rate."""
    now = [0.0]
    budget = Budget(Limits(1000, 1, 8, None), clock=lambda: now[0], sleep=lambda _: None)
    for _ in range(3):
        for _ in range(25):
            with budget.request():
                now[0] += 0.01
        refuse(budget)
        now[0] += 1

    assert budget.pace == 0
