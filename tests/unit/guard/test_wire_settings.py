"""Certificates and proxies between the run and the target."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Trouble
from cancel_contract.guard import wire as module
from cancel_contract.guard.wire import Wire
from tests.unit.guard.conftest import OK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cancel_contract.target.target import Target
    from tests.unit.bench import Bench
    from tests.unit.guard.conftest import Backend


def test_tls_is_for_https_only(
    make_target: Callable[..., Target], certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over http no certificates are loaded; over https the settings' own, or the common ones."""
    pools: list[dict[str, Any]] = []
    monkeypatch.setattr(httpcore, "ConnectionPool", lambda **given: pools.append(given))
    common = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: common)
    for settings in ({}, {"base_url": "https://a.test"}, {"base_url": "https://a.test", **certificates}):
        Wire(make_target(**settings))

    plain, usual, own = (given["ssl_context"] for given in pools if given["max_keepalive_connections"])
    assert plain is None
    assert usual is common
    assert (own.cert_store_stats()["x509_ca"], own.verify_mode) == (1, ssl.CERT_REQUIRED)


def test_a_proxys_answer_is_not_on_the_tape(
    make_bench: Callable[..., Bench],
    spoken: Callable[..., Backend],
    certificates: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Through a tunnel, the tape begins with the target's own answer, and the time with our own request."""
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pass@proxy.test:3128")
    backend = spoken(b"HTTP/1.1 200 Connected\r\nContent-Length: 7\r\n\r\n", OK + b"{}")
    bench = make_bench(base_url="https://a.test", **certificates)

    exchange = bench.sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001)))

    assert backend.asked == [("proxy.test", 3128)]
    assert backend.lines[0].heard.startswith(b"CONNECT a.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6cGFzcw==" in backend.lines[0].heard
    assert exchange.answer
    assert (exchange.answer.body, exchange.answer.framing_fault) == (b"{}", None)


def test_a_proxy_that_refuses_is_no_target(
    make_bench: Callable[..., Bench],
    spoken: Callable[..., Backend],
    certificates: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A refusal by the proxy says nothing of the target: it cannot be reached."""
    monkeypatch.setenv("ALL_PROXY", "me:pass@proxy.test:3128")
    spoken(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    bench = make_bench(base_url="https://a.test", **certificates)
    way = "407 Proxy Authentication Required, by way of the proxy http://proxy.test:3128"

    with pytest.raises(Exception, match=re.escape(f"cannot be reached ({way})")):
        bench.sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001)))

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
    """A proxy is used neither for loopback nor for hosts in NO_PROXY, nor for another scheme than its own."""
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
    """A proxy that is not a URL ends the run before anything is sent; its text is not shown, as it may hold the
    password.
    """
    monkeypatch.setenv("ALL_PROXY", address)

    with pytest.raises(Misconfigured) as caught:
        Wire(make_target(base_url="http://a.test", allow_plaintext=True))

    assert str(caught.value) == (
        "the proxy for http://a.test is no URL: set HTTP_PROXY or ALL_PROXY to one such as http://host:port"
    )
