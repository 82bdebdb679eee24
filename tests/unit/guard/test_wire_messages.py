"""The bytes of requests and answers, connection by connection."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cancel_contract.errors import Refused
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.guard.wire import Wire
from tests.unit.guard.conftest import OK

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.target.target import Target
    from tests.unit.bench import Bench
    from tests.unit.guard.conftest import Backend


def test_a_request_arrives_to_the_letter(make_bench: Callable[..., Bench], spoken: Callable[..., Backend]) -> None:
    """Method, path, headers and body are sent as the case has them."""
    backend = spoken(OK + b"{}")
    path = f"{ACTION.path(1, '5001%20')}/./"
    bench = make_bench()
    bench.sender.send(Case("test", Intent.OTHER_PATH, path, query="a=%31", body=b"{}"))

    head, _, body = backend.lines[0].heard.partition(b"\r\n\r\n")
    assert head.splitlines()[0] == f"POST {path}?a=%31 HTTP/1.1".encode()
    assert set(head.splitlines()[1:]) == {
        b"Host: 127.0.0.1:9",
        b"user-agent: cancel-contract",
        b"accept: application/json",
        b"accept-encoding: gzip",
        b"api_access_token: Token7f3cA91e7Bb2D4860",
        f"X-Request-Id: cancel-contract-{bench.connection.request_ids.run}-1".encode(),
        b"Content-Length: 2",
    }
    assert body == b"{}"


@pytest.mark.parametrize(
    ("pieces", "status", "fault"),
    [
        ([OK, b"{}"], 200, None),
        ([OK + b"{}}"], 200, "Content-Length says 2, the body has 3 bytes"),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", OK + b"{}"], 200, None),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n"], 200, None),
        ([b"HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n"], 302, None),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, None),
    ],
)
def test_answers_come_with_their_framing(
    ask: Callable[..., Any], pieces: list[bytes], status: int, fault: str | None
) -> None:
    """An answer has its status and what is wrong with its length; a redirect is an answer, and is not followed."""
    exchange = ask(*pieces)

    assert (exchange.status, exchange.answer.framing_fault) == (status, fault)


def test_a_faulty_connection_is_not_used_again(
    make_bench: Callable[..., Bench], spoken: Callable[..., Backend]
) -> None:
    """What follows after an answer is not taken for the next one; an honest connection is used again."""
    used = []
    for pieces in ([OK + b"{}HTTP/1.1 200 OK\r\n"], [OK + b"{}", OK + b"{}"]):
        backend, bench = spoken(*pieces), make_bench()
        for _ in range(2):
            bench.sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001)))
        used.append(len(backend.lines))

    assert used == [2, 1]


def test_answers_to_head_have_no_body(ask: Callable[..., Any]) -> None:
    """An answer to HEAD states a length and has no body, and that is right."""
    exchange = ask(OK, method="HEAD")

    assert (exchange.answer.body, exchange.answer.framing_fault) == (b"", None)


def test_what_cannot_be_sent_is_refused(make_bench: Callable[..., Bench], case: Callable[..., Case]) -> None:
    """A request that HTTP cannot carry is our own mistake, and is reported without secrets."""

    class Strict(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.LocalProtocolError("Illegal header value b'Token7f3cA91e7Bb2D4860 '", request=request)

    with pytest.raises(Refused) as caught:
        make_bench(Strict()).sender.send(case())

    assert str(caught.value) == "POST test cannot be sent as HTTP: Illegal header value b'$ONELINK_API_TOKEN '"


def test_threads_have_tapes_of_their_own(make_target: Callable[..., Target], spoken: Callable[..., Backend]) -> None:
    """What one thread reads is not on the tape of another."""
    spoken(*[OK, b"{}"] * 3)
    tapes: dict[int, bytes] = {}
    ready = threading.Barrier(3)
    with Wire(make_target()) as wire:

        def one(number: int) -> None:
            request = httpx.Request("GET", f"http://127.0.0.1:9/{number}")
            ready.wait()
            tapes[number] = wire.handle_request(request).extensions["tape"]

        threads = [threading.Thread(target=one, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert tapes == dict.fromkeys(range(3), OK + b"{}")


def test_idle_connections_are_counted(make_target: Callable[..., Target], spoken: Callable[..., Backend]) -> None:
    """A connection that has brought its answer stands open, and waits for the next request."""
    spoken(OK, b"{}")
    with Wire(make_target()) as wire:
        assert wire.idle() == 0
        wire.handle_request(httpx.Request("GET", "http://127.0.0.1:9/x"))
        assert wire.idle() == 1
