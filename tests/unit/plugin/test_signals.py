"""The signal of a cancelled job ends the run as Ctrl-C does."""

import queue
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest
from xdist.remote import WorkerInteractor

from cancel_contract.plugin.signals import terminable


@pytest.fixture(autouse=True)
def _default() -> Iterator[None]:
    """Begin with the handler that processes are born with, and give back the one that there was."""
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, before)


def test_a_terminated_run_is_interrupted() -> None:
    """What Ctrl-C raises is raised, so that the same is cleaned up; afterwards all is as it was."""
    with terminable(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_worker_is_interrupted_once() -> None:
    """The terminal, its controller and pytest-xdist may all send it a signal; only the first stops it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with terminable(once=True):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)

    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler


def test_a_worker_that_sends_is_interrupted_when_it_has_sent() -> None:
    """A message cut short would take with it all that the worker has found, and what is still active."""
    sent: list[object] = []

    def send(message: object) -> None:
        signal.raise_signal(signal.SIGINT)
        sent.append(message)

    worker = SimpleNamespace(log=lambda *_: None, channel=SimpleNamespace(send=send))

    def play() -> None:
        WorkerInteractor.sendevent(cast("Any", worker), "testreport", data="what was found")
        # As a worker waits for its next item, for longer than any machine takes to interrupt it.
        queue.SimpleQueue[None]().get(timeout=60)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with terminable(once=True), pytest.raises(KeyboardInterrupt):
        play()

    assert sent == [("testreport", {"data": "what was found"})]
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler


def test_a_handler_that_is_there_is_kept() -> None:
    """Another tool in the same process knows better what to do."""
    came: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: came.append(number))

    with terminable():
        signal.raise_signal(signal.SIGTERM)

    assert came == [signal.SIGTERM]


def test_a_thread_leaves_signals_alone() -> None:
    """Only the main thread may take a signal; a run in another one is none the worse."""

    def taken() -> object:
        with terminable():
            return signal.getsignal(signal.SIGTERM)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(taken).result() is signal.SIG_DFL
