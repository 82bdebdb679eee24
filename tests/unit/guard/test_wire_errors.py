"""Answers that do not come, or not whole, or not in time."""

from __future__ import annotations

import errno
import time
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Trouble
from cancel_contract.guard.wire import Wire
from tests.unit.guard.conftest import OK

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.target.target import Target
    from tests.unit.bench import Bench
    from tests.unit.guard.conftest import Backend

CUT_OFF = "Content-Length says 2, the body has 1 byte"


@pytest.mark.parametrize(
    ("pieces", "trouble", "text"),
    [
        ([b""], Trouble.LOST, "Server disconnected without sending a response."),
        ([httpcore.ReadError("reset")], Trouble.LOST, "reset"),
        ([httpcore.WriteError("pipe")], Trouble.LOST, "pipe"),
        ([httpcore.ReadTimeout()], Trouble.TIMEOUT, "ReadTimeout"),
        ([OK, b"{", httpcore.ReadTimeout("slow")], Trouble.TIMEOUT, "slow"),
        ([OK, b"{", b""], Trouble.BROKEN, CUT_OFF),
        ([b"HTTP/1.1 200 OK\r\n", b""], Trouble.BROKEN, "the connection ended in its head, after 17 bytes"),
        ([OK, httpcore.ReadError("reset")], Trouble.BROKEN, "reset"),
        ([b"garbage\r\n\r\n"], Trouble.BROKEN, "illegal status line: bytearray(b'garbage')"),
    ],
)  # fmt: skip
def test_troubles_are_told_apart(ask: Callable[..., Any], pieces: list[Any], trouble: Trouble, text: str) -> None:
    """A connection that ends before any byte is lost, one that ends within an answer is a broken answer."""
    exchange = ask(*pieces)

    assert (exchange.trouble, exchange.trouble_text, exchange.status) == (trouble, text, None)


def test_a_connection_that_the_pool_itself_has_closed_is_lost(ask: Callable[..., Any]) -> None:
    """It takes one that another thread begins to use, and to which an answer comes, for one that has ended."""
    closed = httpcore.ReadError("[Errno 9] Bad file descriptor")
    closed.__context__ = OSError(errno.EBADF, "Bad file descriptor")

    assert ask(OK, closed).trouble is Trouble.LOST


@pytest.mark.parametrize(
    ("pieces", "troubles", "lines"),
    [
        ([OK, b"{}"], [None, Trouble.LOST, None, Trouble.LOST, None, None], 4),
        ([b""], [Trouble.LOST] * 6, 6),
        ([OK, b"{}", httpcore.ReadTimeout()], [None, Trouble.TIMEOUT, None, Trouble.TIMEOUT, None, Trouble.TIMEOUT], 3),
    ],
    ids=["ended after each answer", "ended without any", "slow"],
)
def test_connections_that_end_unannounced_are_used_once(
    make_bench: Callable[..., Bench],
    spoken: Callable[..., Backend],
    pieces: list[Any],
    troubles: list[Trouble | None],
    lines: int,
) -> None:
    """Two requests are lost on connections that had served before; each later one has a connection of its own."""
    backend, sender = spoken(*pieces), make_bench().sender

    came = [sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001))).trouble for _ in range(6)]

    assert (came, len(backend.lines)) == (troubles, lines)


def test_drips_are_not_waited_for(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends one byte now and then runs out of time as one that sends nothing does."""
    seconds = iter(range(0, 1000, 3))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(seconds)))

    exchange = ask(*[bytes([byte]) for byte in OK])

    assert (exchange.trouble, exchange.trouble_text) == (Trouble.TIMEOUT, "the answer was not whole in time")


def test_patience_shrinks_as_an_answer_comes(make_bench: Callable[..., Bench], spoken: Callable[..., Backend]) -> None:
    """Each read has as long as is left of the time limit."""
    backend = spoken(OK, b"{}")
    make_bench(time_limit=5).sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001)))

    first, second = backend.lines[0].patience
    assert 5 >= (first or 0) > (second or 0) > 4


def test_without_a_limit_nothing_is_timed(make_target: Callable[..., Target], spoken: Callable[..., Backend]) -> None:
    """A request that states no timeouts waits as long as it takes."""
    backend = spoken(OK, b"{}")
    with Wire(make_target()) as wire:
        response = wire.handle_request(httpx.Request("GET", "http://127.0.0.1:9/x"))

    assert (response.read(), response.extensions["tape"]) == (b"{}", OK + b"{}")
    assert backend.lines[0].patience == (None, None)
