"""What goes over the wire and what comes back, down to the bytes; the sockets are made up."""

from __future__ import annotations

import re
import ssl
import threading
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest
import trustme

from contracts import wire as module
from contracts.case import Case, Intent, cancel_path
from contracts.errors import Misconfigured, Refused
from contracts.exchange import Trouble
from contracts.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contracts.target import Target
    from tests.unit.conftest import Bench

CUT_OFF = "peer closed connection without sending complete message body (received 1 bytes, expected 2)"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


class Line(httpcore.MockStream):
    """A connection that says what it is told to say, and keeps what it hears."""

    heard: bytes = b""
    patience: tuple[float | None, ...] = ()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as httpcore has it
        """Give the next piece; an error among the pieces is raised."""
        self.patience += (timeout,)
        piece: Any = self._buffer.pop(0) if self._buffer else b""
        if isinstance(piece, Exception):
            raise piece
        return bytes(piece)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as httpcore has it
        """Keep what is sent."""
        self.heard += buffer

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - what httpcore asks
        """Say that something can be read from a closed line: its end."""
        return self._closed if info == "is_readable" else super().get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """A network on which everybody answers alike."""

    def __init__(self, pieces: list[Any]) -> None:
        self._pieces = pieces
        self.lines: list[Line] = []
        self.asked: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> Line:  # noqa: ANN401 - what httpcore passes
        """Open a line, unless an error stands first."""
        self.asked.append((host, port))
        if isinstance(self._pieces[0], httpcore.ConnectError):
            raise self._pieces[0]
        self.lines.append(Line(list(self._pieces)))
        return self.lines[-1]


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Backend]:
    """Put a made-up network under every wire that is made from now on."""

    def speak(*pieces: Any) -> Backend:  # noqa: ANN401 - bytes, or errors
        backend = Backend(list(pieces))
        monkeypatch.setattr(httpcore, "SyncBackend", lambda: backend)
        return backend

    return speak


@pytest.fixture
def ask(make_bench: Callable[..., Bench], spoken: Callable[..., Backend]) -> Callable[..., Any]:
    """Send a cancel to a server that says some bytes; gives the exchange."""

    def send(*pieces: Any, method: str = "POST", **settings: Any) -> Any:  # noqa: ANN401 - bytes, or errors
        spoken(*pieces)
        bench = make_bench(**settings)
        return bench.sender.send(Case("test", Intent.CANCEL, cancel_path(1, 5001), method))

    return send


def test_a_request_arrives_to_the_letter(make_bench: Callable[..., Bench], spoken: Callable[..., Backend]) -> None:
    """Method, path, headers and body are sent as the case has them."""
    backend = spoken(OK + b"{}")
    path = f"{cancel_path(1, '5001%20')}/./"
    make_bench().sender.send(Case("test", Intent.OTHER_PATH, path, query="a=%31", body=b"{}"))

    head, _, body = backend.lines[0].heard.partition(b"\r\n\r\n")
    assert head.splitlines()[0] == f"POST {path}?a=%31 HTTP/1.1".encode()
    assert set(head.splitlines()[1:]) == {
        b"Host: 127.0.0.1:9",
        b"user-agent: cancel-contract",
        b"accept: application/json",
        b"accept-encoding: gzip",
        b"api_access_token: Token7f3cA91e7Bb2D4860",
        b"Content-Length: 2",
    }
    assert body == b"{}"


@pytest.mark.parametrize(
    ("pieces", "status", "fault"),
    [
        ([OK, b"{}"], 200, None),
        ([OK + b"{}}"], 200, "1 bytes follow after its 2"),
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
            bench.sender.send(Case("test", Intent.CANCEL, cancel_path(1, 5001)))
        used.append(len(backend.lines))

    assert used == [2, 1]


def test_answers_to_head_have_no_body(ask: Callable[..., Any]) -> None:
    """An answer to HEAD states a length and has no body, and that is right."""
    exchange = ask(OK, method="HEAD")

    assert (exchange.answer.body, exchange.answer.framing_fault) == (b"", None)


@pytest.mark.parametrize(
    ("pieces", "trouble", "text"),
    [
        ([b""], Trouble.LOST, "Server disconnected without sending a response."),
        ([httpcore.ReadError("reset")], Trouble.LOST, "reset"),
        ([httpcore.WriteError("pipe")], Trouble.LOST, "pipe"),
        ([httpcore.ReadTimeout()], Trouble.TIMEOUT, "ReadTimeout"),
        ([OK, b"{", httpcore.ReadTimeout("slow")], Trouble.TIMEOUT, "slow"),
        ([OK, b"{", b""], Trouble.BROKEN, CUT_OFF),
        ([OK, httpcore.ReadError("reset")], Trouble.BROKEN, "reset"),
        ([b"garbage\r\n\r\n"], Trouble.BROKEN, "illegal status line: bytearray(b'garbage')"),
    ],
)  # fmt: skip
def test_troubles_are_told_apart(ask: Callable[..., Any], pieces: list[Any], trouble: Trouble, text: str) -> None:
    """A connection that ends before any byte is lost, one that ends within an answer is a broken answer."""
    exchange = ask(*pieces)

    assert (exchange.trouble, exchange.trouble_text, exchange.status) == (trouble, text, None)


def test_drips_are_not_waited_for(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends one byte now and then runs out of time as one that sends nothing does."""
    seconds = iter(range(0, 1000, 3))
    monkeypatch.setattr(module.time, "perf_counter", lambda: float(next(seconds)))

    exchange = ask(*[bytes([byte]) for byte in OK])

    assert (exchange.trouble, exchange.trouble_text) == (Trouble.TIMEOUT, "the answer was not whole in time")


def test_patience_shrinks_as_an_answer_comes(make_bench: Callable[..., Bench], spoken: Callable[..., Backend]) -> None:
    """Each read has as long as is left of the time limit."""
    backend = spoken(OK, b"{}")
    make_bench(time_limit=5).sender.send(Case("test", Intent.CANCEL, cancel_path(1, 5001)))

    first, second = backend.lines[0].patience
    assert 5 >= (first or 0) > (second or 0) > 4


def test_without_a_limit_nothing_is_timed(make_target: Callable[..., Target], spoken: Callable[..., Backend]) -> None:
    """A request that states no timeouts waits as long as it takes."""
    backend = spoken(OK, b"{}")
    with Wire(make_target()) as wire:
        response = wire.handle_request(httpx.Request("GET", "http://127.0.0.1:9/x"))

    assert (response.read(), response.extensions["tape"]) == (b"{}", OK + b"{}")
    assert backend.lines[0].patience == (None, None)


def test_what_cannot_be_sent_is_refused(make_bench: Callable[..., Bench], case: Callable[..., Case]) -> None:
    """A request that HTTP cannot carry is our own mistake, and is told without secrets."""

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


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Give an authority's file, with which TLS costs little, and a client's."""
    folder, authority = tmp_path_factory.mktemp("pem"), trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("client.test").private_key_and_cert_chain_pem.write_to_path(folder / "client.pem")
    return {"ca_bundle": folder / "ca.pem", "client_cert": folder / "client.pem"}


def test_tls_is_for_https_only(
    make_target: Callable[..., Target], pem: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over http no certificates are loaded; over https the settings' own, or the common ones."""
    pools: list[dict[str, Any]] = []
    monkeypatch.setattr(httpcore, "ConnectionPool", lambda **given: pools.append(given))
    common = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: common)
    for settings in ({}, {"base_url": "https://a.test"}, {"base_url": "https://a.test", **pem}):
        Wire(make_target(**settings))

    plain, usual, own = (given["ssl_context"] for given in pools)
    assert plain is None
    assert usual is common
    assert (own.cert_store_stats()["x509_ca"], own.verify_mode) == (1, ssl.CERT_REQUIRED)


def test_a_proxys_answer_is_not_on_the_tape(
    make_bench: Callable[..., Bench],
    spoken: Callable[..., Backend],
    pem: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Through a tunnel, the tape begins with the target's own answer, and the time with our own request."""
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pass@proxy.test:3128")
    backend = spoken(b"HTTP/1.1 200 Connected\r\nContent-Length: 7\r\n\r\n", OK + b"{}")
    bench = make_bench(base_url="https://a.test", **pem)

    exchange = bench.sender.send(Case("test", Intent.CANCEL, cancel_path(1, 5001)))

    assert backend.asked == [("proxy.test", 3128)]
    assert backend.lines[0].heard.startswith(b"CONNECT a.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6cGFzcw==" in backend.lines[0].heard
    assert exchange.answer
    assert (exchange.answer.body, exchange.answer.framing_fault) == (b"{}", None)


def test_a_proxy_that_refuses_is_no_target(
    make_bench: Callable[..., Bench],
    spoken: Callable[..., Backend],
    pem: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A refusal by the proxy says nothing of the target: it cannot be reached."""
    monkeypatch.setenv("ALL_PROXY", "me:pass@proxy.test:3128")
    spoken(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    bench = make_bench(base_url="https://a.test", **pem)
    way = "407 Proxy Authentication Required, by way of the proxy http://proxy.test:3128"

    with pytest.raises(Exception, match=re.escape(f"cannot be reached ({way})")):
        bench.sender.send(Case("test", Intent.CANCEL, cancel_path(1, 5001)))

    assert {exchange.trouble for exchange in bench.exchanges} == {Trouble.UNREACHABLE}


@pytest.mark.parametrize(
    ("url", "proxies"),
    [
        ("http://127.0.0.1:9", {"HTTP_PROXY": "http://proxy.test"}),
        ("https://a.test:8443", {"HTTPS_PROXY": "http://proxy.test", "NO_PROXY": "a.test:8443"}),
        ("https://a.test", {"HTTPS_PROXY": "http://proxy.test", "NO_PROXY": ".test"}),
        ("https://a.test", {"HTTP_PROXY": "http://proxy.test"}),
    ],
)
def test_some_roads_have_no_proxy(monkeypatch: pytest.MonkeyPatch, url: str, proxies: dict[str, str]) -> None:
    """Neither loopback nor what NO_PROXY names goes through a proxy, nor one scheme through another's."""
    for name, value in proxies.items():
        monkeypatch.setenv(name, value)

    assert module._proxy(httpx.URL(url), None) is None


def test_a_proxy_behind_tls_is_trusted_like_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """An https proxy is held to the same certificates as the target."""
    monkeypatch.setenv("HTTPS_PROXY", "https://proxy.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = module._proxy(httpx.URL("https://a.test"), context)

    assert proxy
    assert (proxy.url.host, proxy.ssl_context) == (b"proxy.test", context)


def test_other_proxies_are_told(make_target: Callable[..., Target], monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is spoken to in another way ends the run before anything is sent, its password unseen."""
    monkeypatch.setenv("ALL_PROXY", "socks5://me:pass@proxy.test:1080")

    with pytest.raises(Misconfigured) as caught:
        Wire(make_target(base_url="http://a.test", allow_plaintext=True))

    assert str(caught.value) == (
        "the proxy for http://a.test is socks5://proxy.test:1080, not an http proxy: set HTTP_PROXY or ALL_PROXY to one"
    )


@pytest.mark.parametrize("address", ["http://proxy.test:many", "http://me:pass/word@proxy.test:1080"])
def test_a_proxy_that_is_no_url_is_a_wrong_setting(
    make_target: Callable[..., Target], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """It ends the run before anything is sent; no part of it is shown, which may be its password."""
    monkeypatch.setenv("ALL_PROXY", address)

    with pytest.raises(Misconfigured) as caught:
        Wire(make_target(base_url="http://a.test", allow_plaintext=True))

    assert str(caught.value) == (
        "the proxy for http://a.test is no URL: set HTTP_PROXY or ALL_PROXY to one such as http://host:port"
    )
