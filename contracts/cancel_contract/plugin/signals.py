"""Turns the signal of a cancelled job into an interruption as by Ctrl-C."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SENDING: Final = "sendevent"
"""The function of pytest-xdist in which a worker sends: a message that is cut short is lost, and all that follow."""
_SOON: Final = 0.01
"""Seconds until a worker that was sending is interrupted, unless it is still sending then."""


@contextmanager
def terminable(*, once: bool = False) -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C: a pipeline sends it to a cancelled job, whose appointments must be cleaned up.

    With `once` only the first of either interrupts, so that a worker, which may be sent both, cleans up undisturbed.
    A worker that is sending is interrupted when it has sent.
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

    def interrupt(number: int, frame: FrameType | None) -> None:
        if once and not came and _is_sending(frame) and os.name != "nt":
            # A signal, and no flag: it also wakes a thread that waits for its next item.
            threading.Timer(_SOON, signal.pthread_kill, (threading.get_ident(), number)).start()
            return
        came.append(number)
        if not once or len(came) == 1:
            raise KeyboardInterrupt

    return interrupt


def _is_sending(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_name != _SENDING:
        frame = frame.f_back
    return frame is not None
