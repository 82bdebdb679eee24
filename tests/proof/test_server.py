"""The provider on a real socket: start, stop, framing, broken connections."""

import asyncio
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead

import pytest
import uvicorn

from cancel_contract.provider import (
    SEED,
    Provider,
    Running,
    running,
    serve,
)
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.server.server import listening
from tests.proof.conftest import PATIENCE, soon

BASE = f"/api/v1/accounts/{SEED.account_id}/scheduling/appointments"
FIRST, SECOND = (f"{BASE}/{number}" for number in SEED.paid_expense_appointment_ids[:2])
HEADERS = {"api_access_token": SEED.member_token, "Accept": "application/json"}


@pytest.fixture
def honest() -> Iterator[Running]:
    """Yield a running honest provider."""
    with running() as started:
        yield started


def address(target: Running) -> tuple[str, int]:
    """Return where a provider listens."""
    host, port = target.base_url.removeprefix("http://").split(":")
    return host, int(port)


def asked(target: Running, method: str, path: str) -> tuple[HTTPResponse, bytes]:
    """Send one request and read its answer."""
    connection = HTTPConnection(*address(target), timeout=PATIENCE)
    try:
        connection.request(method, path, headers=HEADERS)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def cancelled_raw(target: Running, path: str) -> bytes:
    """Cancel, and give every byte that came until the connection was closed."""
    lines = [f"POST {path}/cancel HTTP/1.1", "Host: test", *(f"{name}: {value}" for name, value in HEADERS.items())]
    with socket.create_connection(address(target), timeout=PATIENCE) as opened:
        opened.sendall("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode())
        parts = iter(lambda: opened.recv(65536), b"")
        return b"".join(parts)


def test_starts_and_stops() -> None:
    """A server answers once it has started, and its port is free once it has stopped."""
    with running() as started:
        where = address(started)
        assert asked(started, "GET", FIRST)[0].status == 200

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where, timeout=PATIENCE)


def test_taken_port(honest: Running) -> None:
    """A taken port is reported in one line."""
    port = address(honest)[1]

    with pytest.raises(OSError, match=f"^the provider cannot listen on port {port}$"), running(port=port):
        pass


def test_listening_on_a_taken_port(honest: Running) -> None:
    """A port that is taken is an error before anything is served."""
    with pytest.raises(OSError, match="in use"):
        listening("127.0.0.1", address(honest)[1])


def test_answers_leave_at_once() -> None:
    """What is accepted waits for no acknowledgement: a second answer on one connection would take 40 ms."""
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_serve_until_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt ends the foreground server quietly."""
    main_loop = uvicorn.Server.main_loop

    async def interrupted(server: uvicorn.Server) -> None:
        signal.raise_signal(signal.SIGINT)
        await main_loop(server)

    monkeypatch.setattr(uvicorn.Server, "main_loop", interrupted)

    with listening("127.0.0.1", 0) as listener:
        serve(Provider(), listener)


def test_stops_while_busy() -> None:
    """A server stops, though an answer of it is still awaited, and would be for an hour."""
    provider, begun = Provider(latency=3600), time.perf_counter()
    with running(provider) as started, socket.create_connection(address(started)) as waiting:
        waiting.sendall(f"POST {FIRST}/cancel HTTP/1.1\r\nHost: t\r\n".encode())
        waiting.sendall(f"api_access_token: {SEED.member_token}\r\n\r\n".encode())
        assert soon(lambda: provider.audit.requests == 1)

    assert time.perf_counter() - begun < 1800


def test_cancel(honest: Running) -> None:
    """A cancel over the socket has the right length and says so."""
    answer, body = asked(honest, "POST", f"{FIRST}/cancel")

    assert (answer.status, answer.getheader("content-length")) == (200, str(len(body)))
    assert json.loads(body)["payload"]["status"] == "cancelled"
    assert len(answer.getheader("x-request-id", "")) == 36


def test_head_and_no_content(honest: Running) -> None:
    """Answers to HEAD, and with 204, have no body."""
    asked(honest, "POST", f"{FIRST}/cancel")

    assert asked(honest, "HEAD", FIRST)[1] == b""
    answer, body = asked(honest, "DELETE", FIRST)
    assert (answer.status, body) == (204, b"")


@pytest.mark.parametrize("name", ["chunked", "in-pieces"])
def test_chunks(name: str) -> None:
    """A chunked answer has the same content as a plain one."""
    with running(Provider(variants=[name])) as started:
        answer, body = asked(started, "POST", f"{FIRST}/cancel")

    assert (answer.getheader("transfer-encoding"), answer.getheader("content-length")) == ("chunked", None)
    assert json.loads(body)["payload"]["status"] == "cancelled"


def test_closing() -> None:
    """A server that closes the connection says so in a header, and does close it."""
    with running(Provider(variants=["closing"])) as started:
        assert b"\r\nconnection: close\r\n" in cancelled_raw(started, FIRST)


def test_slow() -> None:
    """A slow provider takes at least its latency for an answer."""
    begun = time.perf_counter()
    with running(Provider(variants=["slow"])) as started:
        asked(started, "GET", FIRST)

    assert time.perf_counter() - begun > 0.05


@pytest.mark.parametrize(
    ("name", "surplus"), [("length-short", 10), ("length-long", -10), ("length-twice", 0), ("surplus-bytes", 24)]
)
def test_wrong_length(name: str, surplus: int) -> None:
    """A fault of framing puts another number of bytes on the wire than its header says."""
    with running(Provider([name])) as started:
        head, _, body = cancelled_raw(started, FIRST).partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]

    assert (len(body) - lengths[0], len(lengths)) == (surplus, 2 if name == "length-twice" else 1)


def test_unended_chunks() -> None:
    """Chunks that never end are an incomplete answer to a client."""
    with running(Provider(["chunks-unended"])) as started, pytest.raises(IncompleteRead):
        asked(started, "POST", f"{FIRST}/cancel")


def test_closed_without_answer() -> None:
    """A connection closed without an answer bears no byte."""
    with running(Provider(["closed-without-answer"])) as started:
        assert cancelled_raw(started, FIRST) == b""


def test_broken_off_in_head() -> None:
    """An answer that breaks off within its head has neither its end nor a body."""
    with running(Provider(["broken-off-in-head"])) as started:
        asked(started, "POST", f"{FIRST}/cancel")
        received = cancelled_raw(started, FIRST)

    assert received.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: ")
    assert b"\r\n\r\n" not in received


def test_garbage(honest: Running) -> None:
    """Bytes that are no HTTP are answered 400."""
    with socket.create_connection(address(honest), timeout=PATIENCE) as opened:
        opened.sendall(b"FOO /x HTTP/1.1\r\n\r\n")

        assert opened.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_half_a_request(honest: Running) -> None:
    """Who leaves in the middle of a body has cancelled nothing."""
    with socket.create_connection(address(honest), timeout=PATIENCE) as opened:
        opened.sendall(f"POST {FIRST}/cancel HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n".encode())
        opened.sendall(f"api_access_token: {SEED.member_token}\r\n\r\n".encode())

    assert json.loads(asked(honest, "GET", FIRST)[1])["payload"]["status"] == "completed"


def test_hang_up_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller that hung up before its answer leaves the lock of this fault behind."""
    left, provider = threading.Event(), Provider(["lost-answer-locks"])

    async def pause() -> None:
        await asyncio.to_thread(left.wait)
        # The loop looks at its sockets once in each turn.
        for _ in range(3):
            await asyncio.sleep(0.001)

    monkeypatch.setattr(rows, "pause", pause)
    with running(provider) as started:
        with socket.create_connection(address(started), timeout=PATIENCE) as opened:
            opened.sendall(f"POST {FIRST}/cancel HTTP/1.1\r\nHost: t\r\n".encode())
            opened.sendall(f"api_access_token: {SEED.member_token}\r\n\r\n".encode())
        left.set()
        number = SEED.paid_expense_appointment_ids[0]
        assert soon(lambda: provider.store.appointments[number].cancelled)

        assert asked(started, "POST", f"{FIRST}/cancel")[0].status == 409
        assert asked(started, "POST", f"{SECOND}/cancel")[0].status == 200


def test_parallel(honest: Running) -> None:
    """Cancels over eight connections at once all answer the same bytes."""
    barrier, bodies = threading.Barrier(8), []

    def one() -> None:
        barrier.wait()
        bodies.append(asked(honest, "POST", f"{FIRST}/cancel")[1])

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(bodies), len(set(bodies))) == (8, 1)
