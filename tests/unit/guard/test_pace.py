"""How fast requests leave once a limiter has refused some."""

import pytest

from cancel_contract.guard.budget import Budget, Limits


class Asked:
    """A budget without limits, a request each hundredth of a second, and a limiter that refuses some."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.budget = Budget(Limits(1000, 1, 8, None), clock=lambda: self.now, sleep=self.waits.append)

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
