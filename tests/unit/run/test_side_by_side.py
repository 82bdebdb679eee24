"""Cases that do not depend on one another are sent side by side."""

from collections.abc import Callable
from threading import Barrier, Event, Lock

import pytest

from cancel_contract.errors import Unreachable
from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.run.burst import side_by_side

Exchanged = Callable[..., Exchange]
WIDTH = 3


@pytest.fixture
def cases(case: Callable[..., Case]) -> list[Case]:
    """Return six cases."""
    return [case(key=str(number)) for number in range(6)]


def test_as_many_are_under_way_as_may_be(cases: list[Case], exchanged: Exchanged) -> None:
    """Three meet while they are under way, twice; the exchanges come in the order of the cases."""
    met = Barrier(WIDTH)

    def send(case: Case) -> Exchange:
        met.wait(timeout=60)
        return exchanged(case=case)

    sent = side_by_side(cases, send, WIDTH)

    assert [one.case.key for one in sent.exchanges if one] == ["0", "1", "2", "3", "4", "5"]
    assert sent.error is None


def test_no_more_are_under_way(cases: list[Case], exchanged: Exchanged) -> None:
    """With a width of one they go one after another, in their order."""
    under_way, order = Lock(), list[str]()

    def send(case: Case) -> Exchange:
        assert under_way.acquire(blocking=False)
        order.append(case.key)
        under_way.release()
        return exchanged(case=case)

    side_by_side(cases, send, 1)

    assert order == ["0", "1", "2", "3", "4", "5"]


def test_after_an_error_none_is_begun(cases: list[Case], exchanged: Exchanged) -> None:
    """What was answered before comes home with the error."""

    def send(case: Case) -> Exchange:
        if case.key == "2":
            raise Unreachable("gone")
        return exchanged(case=case)

    sent = side_by_side(cases, send, 1)

    assert [one and one.case.key for one in sent.exchanges] == ["0", "1", None, None, None, None]
    assert str(sent.error) == "gone"


def test_an_interruption_ends_it(cases: list[Case], exchanged: Exchanged, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C lets what is under way come to its end, and begins nothing more."""
    begun, is_under_way, is_interrupted = list[str](), Event(), Event()

    def send(case: Case) -> Exchange:
        begun.append(case.key)
        is_under_way.set()
        is_interrupted.wait(timeout=60)
        return exchanged(case=case)

    class Over(Event):
        """Ends what is under way once nothing more may begin."""

        def set(self) -> None:
            super().set()
            is_interrupted.set()

    def interrupted(_: object) -> None:
        is_under_way.wait(timeout=60)
        raise KeyboardInterrupt

    monkeypatch.setattr("cancel_contract.run.burst.wait", interrupted)
    monkeypatch.setattr("cancel_contract.run.burst.Event", Over)
    with pytest.raises(KeyboardInterrupt):
        side_by_side(cases, send, 1)

    assert begun == ["0"]


def test_nothing_to_send_sends_nothing() -> None:
    """No case, no thread."""
    sent = side_by_side([], lambda _: pytest.fail("sent"), WIDTH)

    assert (sent.exchanges, sent.error) == ((), None)
