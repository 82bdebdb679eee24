"""Turns the signal of a cancelled job into an interruption as by Ctrl-C."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def terminable(*, once: bool = False) -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C: a pipeline sends it to a cancelled job, whose appointments must be cleaned up.

    With `once` only the first of either interrupts, so that a worker, which may be sent both, cleans up undisturbed.
    A handler that is installed already stays.
    """
    usual = {signal.SIGTERM: signal.SIG_DFL, **({signal.SIGINT: signal.default_int_handler} if once else {})}
    in_main = threading.current_thread() is threading.main_thread()
    ours = {number: before for number, before in usual.items() if in_main and signal.getsignal(number) is before}
    interrupt = _interruption(once=once)
    for number in ours:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, before in ours.items():
            signal.signal(number, before)


def _interruption(*, once: bool) -> Callable[[int, FrameType | None], None]:
    came: list[int] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        came.append(number)
        if not once or len(came) == 1:
            raise KeyboardInterrupt

    return interrupt
