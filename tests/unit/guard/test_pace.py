"""How fast requests leave once a limiter has refused some."""

import pytest

from cancel_contract.guard.budget import Budget, Limits


class Asked:
    """A budget with no limit but a rate, a request each hundredth of a second, and a limiter that refuses some."""

    def __init__(self, rate: float | None = None) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.budget = Budget(Limits(1000, 1, 8, rate), clock=lambda: self.now, sleep=self.waits.append)

    def send(self, requests: int) -> None:
        """Send so many."""
        for _ in range(requests):
            self.now += 0.01
            with self.budget.request():
                pass

    def refuse(self, wait: float = 0) -> None:
        """Refuse the last one, and have it waited for so many seconds."""
        self.budget.slow_down(self.budget.refused())
        self.budget.wait(0)
        self.now += wait


@pytest.fixture
def asked() -> Asked:
    """Return a target that was asked for nothing yet."""
    return Asked()


def test_a_limiter_that_refuses_again_soon_is_asked_more_slowly(asked: Asked) -> None:
    """The second refusal within a few requests halves the rate; those at once, and of one case, are one."""
    asked.send(10)
    asked.refuse(wait=1)
    assert asked.budget.pace == 0
    asked.send(10)
    asked.refuse()
    asked.refuse()
    assert asked.budget.pace == pytest.approx(1 / 50)
    asked.send(2)
    assert asked.waits[-1] == pytest.approx(0.01)
    asked.now += 5
    asked.budget.wait(0)
    assert asked.budget.pace == pytest.approx(1 / 50)
    for _ in range(9):
        asked.send(3)
        asked.refuse(wait=5)
    assert asked.budget.pace == 2


def test_waits_do_not_count_as_the_pace_of_asking(asked: Asked) -> None:
    """A limiter that refuses after one or two requests says nothing about how fast it was asked."""
    for _ in range(9):
        asked.send(2)
        asked.refuse(wait=5)

    assert asked.budget.pace == 0


def test_a_wait_before_the_last_resend_does_not_count_as_the_pace_of_asking(asked: Asked) -> None:
    """A request that is refused twice was asked for once more after the wait, and others then as fast as before."""
    asked.send(10)
    asked.refuse(wait=2)
    asked.send(1)
    asked.budget.wait(0)
    asked.now += 2
    asked.send(6)
    asked.refuse()

    assert asked.budget.pace == pytest.approx(1 / 50)


def test_a_limiter_that_refuses_seldom_is_not_asked_more_slowly(asked: Asked) -> None:
    """A refusal of each 25th request has nothing to do with the rate."""
    for _ in range(3):
        asked.send(25)
        asked.refuse(wait=1)

    assert asked.budget.pace == 0


def test_a_target_that_was_short_of_resources_for_a_moment_is_asked_as_before(asked: Asked) -> None:
    """Nothing is refused for ten seconds, or for twenty requests: the rate is doubled until it is what it was."""
    asked.send(10)
    asked.refuse(wait=1)
    for _ in range(7):
        asked.send(3)
        asked.refuse(wait=1)
    assert asked.budget.pace == pytest.approx(1 / 0.78125)

    asked.now += 10
    asked.send(1)
    assert asked.budget.pace == pytest.approx(1 / 1.5625)
    for rate in (3.125, 6.25, 12.5, 25, 50, 100, 200):
        asked.send(21)
        assert asked.budget.pace == pytest.approx(1 / rate)


def test_a_run_goes_no_faster_again_than_it_may() -> None:
    """The rate that is set is the highest, however long nothing is refused."""
    asked = Asked(rate=80)
    for _ in range(2):
        asked.send(10)
        asked.refuse(wait=1)
    assert asked.budget.pace == pytest.approx(1 / 40)
    asked.send(100)

    assert asked.budget.pace == pytest.approx(1 / 80)


def test_what_a_limiter_refuses_once_more_is_not_tried_again(asked: Asked) -> None:
    """A limit that stays is met once more, and then no more."""
    asked.send(10)
    asked.refuse(wait=1)
    asked.send(10)
    asked.refuse(wait=1)
    assert asked.budget.pace == pytest.approx(1 / 50)
    asked.send(21)
    assert asked.budget.pace == pytest.approx(1 / 100)

    asked.send(15)
    asked.refuse(wait=1)
    assert asked.budget.pace == pytest.approx(1 / 50)
    asked.send(500)

    assert asked.budget.pace == pytest.approx(1 / 50)
