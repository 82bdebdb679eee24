"""Sends several requests: side by side, or leaving at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from threading import Barrier, BrokenBarrierError, Event
from typing import Final

from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.guard.connection import Connection

BEHIND: Final = 0.003
"""Seconds by which one request leaves after another: the other has read what it is about to write by then (policy)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of cases that were sent side by side."""

    exchanges: tuple[Exchange | None, ...]
    """In the order of the cases; None for each that was not sent, or raised."""
    error: BaseException | None = None
    """The first that was raised, in the order of the cases."""


def side_by_side(cases: Sequence[Case], send: Callable[[Case], Exchange], width: int) -> Sent:
    """Send cases that do not depend on one another, so many at a time; after an error no further one is begun.

    An interruption ends it once the requests under way have ended.
    """
    over = Event()

    def one(case: Case) -> Exchange | None:
        if over.is_set():
            return None
        try:
            return send(case)
        except BaseException:
            over.set()
            raise

    with ThreadPoolExecutor(min(width, len(cases)) or 1) as pool:
        asked = [pool.submit(one, case) for case in cases]
        try:
            wait(asked)
        finally:
            over.set()
    errors = [error for each in asked if (error := each.exception())]
    exchanges = tuple(None if each.exception() else each.result() for each in asked)
    return Sent(exchanges, errors[0] if errors else None)


def at_once(
    connection: Connection,
    cases: Sequence[Case],
    send: Callable[[Case], Exchange],
    read: Callable[[int], object],
    behind: int = 0,
) -> tuple[Exchange, ...]:
    """Send cases in threads that start together, while nothing else is under way; returns their exchanges in the order
    of the cases.

    The first `behind` of them leave a moment after the others. As many as may be under way have open connections of
    their own: if too few are open, reads open them first.
    """
    ready, gone = Barrier(len(cases)), set[int]()
    known = next((case.appointment for case in cases if case.appointment is not None), 0)

    def one(place: int, case: Case, opening: int) -> Exchange:
        with connection.budget.of_burst():
            return ready_to_go(place, case, opening)

    def ready_to_go(place: int, case: Case, opening: int) -> Exchange:
        def start() -> None:
            ready.wait(timeout=60 + 2 * len(cases) * connection.sender.pace)
            gone.add(place)
            if place < behind:
                connection.budget.sleep(BEHIND)

        try:
            if place < opening:
                # Reads that are under way together open a connection each.
                read(case.appointment or known)
            # Paced ones would leave one after another, and be no race: turns are taken before all leave together.
            connection.sender.take_turn(start)
            return send(case)
        except BaseException:
            if place not in gone:
                ready.abort()
            raise

    wide = min(len(cases), connection.sender.parallel)
    with connection.budget.alone(), ThreadPoolExecutor(len(cases)) as pool:
        # Only now the connections of other lanes are idle, too.
        opening = wide if connection.wire.idle() < wide else 0
        others = len(cases) - 1
        asked = [pool.submit(one, place, replace(case, at_once=others), opening) for place, case in enumerate(cases)]
    return _results(asked)


def _results(asked: Sequence[Future[Exchange]]) -> tuple[Exchange, ...]:
    wrong = [error for each in asked if (error := each.exception())]
    if wrong:
        # That the others were not waited for follows from the one that failed.
        raise min(wrong, key=lambda error: isinstance(error, BrokenBarrierError))
    return tuple(each.result() for each in asked)
