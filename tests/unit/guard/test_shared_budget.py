"""How requests of several threads share one budget: bursts alone, and one line behind a limiter."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest

from cancel_contract.errors import Overspent
from cancel_contract.guard.budget import Budget, Limits


def test_a_burst_is_alone() -> None:
    """Others wait for its end, whatever they would send; its own requests pass."""
    budget, order = Budget(Limits(10, 1, 4, None)), list[str]()

    def other() -> None:
        with budget.request():
            order.append("other")

    waiting = Thread(target=other)
    with budget.alone():
        waiting.start()
        with budget.of_burst(), budget.request():
            order.append("burst")
    waiting.join()

    assert order == ["burst", "other"]


def test_a_burst_waits_for_what_is_under_way() -> None:
    """It begins when nothing else is left."""
    budget, order, is_under_way = Budget(Limits(10, 1, 4, None)), list[str](), Event()
    is_waiting = Event()

    def other() -> None:
        with budget.request():
            is_under_way.set()
            is_waiting.wait(timeout=60)
            order.append("other")

    thread = Thread(target=other)
    thread.start()
    is_under_way.wait(timeout=60)
    is_waiting.set()
    with budget.alone():
        order.append("burst")
    thread.join()

    assert order == ["other", "burst"]


def test_who_is_interrupted_sends_nothing_more() -> None:
    """Until the cleaning begins."""
    budget = Budget(Limits(10, 1, 4, None))

    with budget.interrupted(), pytest.raises(Overspent, match="the run was interrupted"), budget.request():
        pytest.fail("a request was sent")
    with budget.request():
        pass

    assert budget.requests == 1


def test_what_is_kept_stands_again_when_all_have_ended() -> None:
    """Two lanes that ask again at the same time, and end in another order than they began."""
    budget = Budget(Limits(10, 1, 4, None))
    first, second = budget.retrying(), budget.retrying()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)

    for _ in range(8):
        with budget.request():
            pass
    with pytest.raises(Overspent, match="2 are kept"), budget.request():
        pytest.fail("a request was sent")


def test_once_throttled_all_stand_in_line() -> None:
    """Whoever has the turn keeps it while it waits; those of a burst have a line of their own."""
    budget, order = Budget(Limits(10, 1, 4, None), sleep=lambda _: None), list[str]()
    budget.wait(1.0)

    def other() -> None:
        with budget.single_file():
            order.append("other")

    waiting = Thread(target=other)
    with budget.single_file():
        waiting.start()
        with budget.of_burst(), budget.single_file(waiting=True):
            order.append("burst")
        order.append("first")
    waiting.join()

    assert order == ["burst", "first", "other"]


def test_before_that_they_go_side_by_side() -> None:
    """Two are in their turns at the same time."""
    budget, both = Budget(Limits(10, 1, 4, None)), Barrier(2)

    def turn() -> int:
        with budget.single_file():
            return both.wait(timeout=60)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda _: turn(), range(2))) == [0, 1]
