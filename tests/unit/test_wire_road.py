"""The road to the target: TLS and proxies."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest
import trustme

from contracts import wire as module
from contracts.case import Case, Intent, cancel_path
from contracts.errors import Misconfigured
from contracts.exchange import Trouble
from contracts.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contracts.target import Target
    from tests.unit.conftest import Bench

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
    monkeypatch.setenv("ALL_PROXY", "proxy.test:3128")
    spoken(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    bench = make_bench(base_url="https://a.test", **pem)

    with pytest.raises(Exception, match="cannot be reached \\(407 Proxy Authentication Required\\)"):
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
