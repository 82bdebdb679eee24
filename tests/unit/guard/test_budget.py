"""What a run may spend, and what it reserves."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest

from cancel_contract.errors import Impatient, Overspent
from cancel_contract.guard.budget import Budget, Limits
from cancel_contract.target.settings import Settings


def spend(budget: Budget, times: int) -> None:
    """Send so many requests."""
    for _ in range(times):
        with budget.request():
            pass


def test_limits_come_from_the_settings() -> None:
    """The settings name the limits; a rate that is set holds on loopback, too, since a port may lead elsewhere."""
    settings = Settings(max_requests=10, max_appointments=5, max_parallel=3, max_rate=2)

    assert Limits.of(settings, loopback=False) == Limits(10, 5, 3, 2.0)
    assert Limits.of(settings, loopback=True) == Limits(10, 5, 3, 2.0)


def test_without_a_rate_nothing_is_paced_on_loopback() -> None:
    """The default is for servers that others use."""
    settings = Settings(max_requests=10, max_appointments=5, max_parallel=3)

    assert Limits.of(settings, loopback=False) == Limits(10, 5, 3, 20.0)
    assert Limits.of(settings, loopback=True) == Limits(10, 5, 3, None)


def test_requests_end_before_what_is_kept() -> None:
    """Ordinary requests stop where the kept slice begins, and say so."""
    budget = Budget(Limits(10, 5, 8, None))
    spend(budget, 8)

    with pytest.raises(Overspent) as caught:
        spend(budget, 1)

    assert str(caught.value) == (
        "8 of 10 requests are spent, and 2 are kept for the end of the run: set ONELINK_MAX_REQUESTS higher"
    )
    assert budget.requests == 8


def test_cleaning_uses_the_rest() -> None:
    """While cleaning, all of the limit may be used, and no more; afterwards the slice is kept again."""
    budget = Budget(Limits(10, 5, 8, None))
    spend(budget, 8)

    with budget.cleaning():
        spend(budget, 1)
        with budget.retrying():
            spend(budget, 1)
        with pytest.raises(Overspent, match=re.escape("10 of 10 requests are spent: set ONELINK_MAX_REQUESTS higher")):
            spend(budget, 1)

    assert budget.requests == 10


def test_asking_again_leaves_half_of_it() -> None:
    """Asking a broken clause again uses half of what is kept, and all the appointments."""
    budget = Budget(Limits(100, 16, 8, None))
    spend(budget, 80)
    for _ in range(14):
        budget.appointment()

    with budget.retrying():
        spend(budget, 10)
        budget.appointment()
        budget.appointment()
        with pytest.raises(Overspent, match="90 of 100 requests are spent, and 10 are kept"):
            spend(budget, 1)


def test_the_slice_is_bounded() -> None:
    """No more than a hundred requests are kept; a budget of few keeps none."""
    assert Limits(100_000, 1, 8, None).kept == 100
    assert Limits(4, 1, 8, None).kept == 0
    assert Limits(4, 7, 8, None).kept_appointments == 0


def test_appointments_end() -> None:
    """Past the limit no appointment is made; one that was refused is given back."""
    budget = Budget(Limits(10, 2, 8, None))
    budget.appointment()
    budget.appointment()
    budget.not_made()
    budget.appointment()

    with pytest.raises(Overspent) as caught:
        budget.appointment()

    assert str(caught.value) == "2 of 2 appointments are spent: set ONELINK_MAX_APPOINTMENTS higher"


def test_the_rate_is_kept() -> None:
    """Requests that come at once are spread over the seconds."""
    waits: list[float] = []
    budget = Budget(Limits(100, 1, 8, 4.0), clock=lambda: 100.0, sleep=waits.append)

    spend(budget, 3)

    assert waits == [0.25, 0.5]


def test_a_turn_that_was_waited_for_is_not_waited_for_again() -> None:
    """Requests that are to leave together wait beforehand; the next ones of each thread wait as ever."""
    waits: list[float] = []
    budget = Budget(Limits(100, 1, 8, 4.0), clock=lambda: 100.0, sleep=waits.append)
    started: list[int] = []

    budget.take_turn(lambda: started.append(len(waits)))
    budget.take_turn(lambda: started.append(len(waits)))
    assert started == []
    spend(budget, 1)
    before = len(waits)
    spend(budget, 1)

    assert (before, waits, budget.requests, started) == (1, [0.25, 0.5], 2, [1])


def test_waiting_is_bounded() -> None:
    """A run waits for a throttled target for ten minutes all in all."""
    waits: list[float] = []
    budget = Budget(Limits(10, 1, 8, None), sleep=waits.append)
    for _ in range(10):
        budget.wait(60.0)

    with pytest.raises(Impatient) as caught:
        budget.wait(1.0)

    assert (budget.throttled, budget.waited, len(waits)) == (11, 600.0, 10)
    assert str(caught.value) == (
        "the target answered 11 times 429 or 503 and asks to wait longer than 600 s in all: "
        "try when it is less busy, or set ONELINK_MAX_RATE lower"
    )


def test_places_are_few() -> None:
    """No more requests are under way at once than the limit says, and no fewer."""
    budget, two = Budget(Limits(10, 1, 2, None)), Barrier(2)
    under_way: list[int] = []
    seen: list[int] = []

    def one(number: int) -> None:
        with budget.request():
            under_way.append(number)
            two.wait(timeout=60)
            # Long enough for a third one, if it were let in.
            sleep(0.005)
            seen.append(len(under_way))
            under_way.remove(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))

    assert max(seen) == 2
