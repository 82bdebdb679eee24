"""Sends requests that leave at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.guard.connection import Connection


def at_once(
    connection: Connection,
    cases: Sequence[Case],
    send: Callable[[Case], Exchange],
    read: Callable[[int], object],
) -> tuple[Exchange, ...]:
    """Send cases in threads that start together; returns their exchanges in the order of the cases.

    As many as may be under way have open connections of their own: if too few are open, reads open them first.
    """
    ready, gone = Barrier(len(cases)), set[int]()
    wide = min(len(cases), connection.sender.parallel)
    opening = wide if connection.wire.idle() < wide else 0
    known = next((case.appointment for case in cases if case.appointment is not None), 0)

    def one(place: int, case: Case) -> Exchange:
        def start() -> None:
            ready.wait(timeout=60 + 2 * len(cases) * connection.sender.pace)
            gone.add(place)

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

    with ThreadPoolExecutor(len(cases)) as pool:
        asked = [pool.submit(one, place, case) for place, case in enumerate(cases)]
    # That the others were not waited for follows from the one that failed.
    wrong = [error for each in asked if (error := each.exception())]
    if wrong:
        raise min(wrong, key=lambda error: isinstance(error, BrokenBarrierError))
    return tuple(each.result() for each in asked)
