"""Requests that leave together: turns are taken before, and nothing comes between them."""

from threading import Lock

import pytest

from cancel_contract.errors import Refused
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.run import Run
from tests.unit.run.conftest import Memory, Opened

RATE = 20.0
BURST = 5


class Log:
    """What a run waits for and what it sends, in order; the clock stands still."""

    def __init__(self, run: Run, memory: Memory) -> None:
        self.events: list[float | str] = []
        self._lock = Lock()
        run.budget.clock, run.budget.sleep = lambda: 0.0, self._note
        memory.before = self._sent

    def _note(self, event: float | str) -> None:
        with self._lock:
            self.events.append(event)

    def _sent(self, request: Request) -> Request:
        self._note(request.method)
        return request


def _cancels(run: Run, *appointments: int) -> list[Case]:
    return [
        Case("cancel", Intent.REPEAT, ACTION.path(run.target.account, number), appointment=number)
        for number in appointments
    ]


def test_turns_are_taken_before_and_the_requests_leave_together(make_run: Opened, memory: Memory) -> None:
    """At 20 requests a second five leave without a wait between them, and the next one waits for all of them."""
    with make_run(max_rate=RATE) as run:
        made = run.context.fresh()
        log = Log(run, memory)
        run.context.read(made.id)
        begun = len(log.events)
        answers = run.context.together(_cancels(run, *[made.id] * BURST))
        burst = log.events[begun:]
        run.context.read(made.id)

    assert [answer.status for answer in answers] == [200] * BURST
    waits, sent = burst[:-BURST], burst[-BURST:]
    assert sent == ["POST"] * BURST
    first = min(wait for wait in waits if isinstance(wait, float))
    assert sorted(waits) == pytest.approx([first + number / RATE for number in range(BURST)])
    assert log.events[-2:] == [pytest.approx(first + BURST / RATE), "GET"]


def test_nobody_waits_for_a_request_that_may_not_leave(make_run: Opened, memory: Memory) -> None:
    """The guard refuses a stranger's appointment: nothing else of the burst is sent, and the reason is told."""
    with make_run() as run:
        made = run.context.fresh()
        memory.asked.clear()
        with pytest.raises(Refused, match="neither owned nor harmless"):
            run.context.together(_cancels(run, made.id, 7))

    assert memory.asked == []
