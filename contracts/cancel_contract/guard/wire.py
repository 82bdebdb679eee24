"""The connections to the target: one httpx transport over httpcore, which also records the bytes of an answer."""

import ssl
import threading
import time
import urllib.request
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpcore
import httpx
from typing_extensions import override

from cancel_contract.errors import Misconfigured
from cancel_contract.target.settings import Settings, is_loopback
from cancel_contract.target.target import Target

IDLE: Final = 4.0
"""Seconds that an idle connection is kept: less than servers keep theirs (5 s and more), so that no server closes one
under a request.
"""

_MOST_STALE: Final = 2
"""How many requests may be lost on connections that had served before; later ones have one each (policy)."""

VIA: Final = ", by way of the proxy "
"""What precedes a proxy's address in the message that no connection through it was possible."""

_ERRORS: Final[Mapping[type[Exception], type[httpx.TransportError]]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}


class _Tape(threading.local):
    """The bytes that one thread reads for its current request."""

    def __init__(self) -> None:
        self.patience: float | None = None
        self.is_reused = False
        """Whether the connection has brought an answer before."""
        self.rewind()

    def rewind(self) -> None:
        """Forget the bytes, and start the clock of the next request."""
        self.data = bytearray()
        self.begun: float | None = None

    def left(self, timeout: float | None) -> float | None:
        """Return the seconds that are left to wait, however slowly a server sends."""
        if self.begun is None or self.patience is None:
            return timeout
        return self.begun + self.patience - time.perf_counter()


_tape = _Tape()


class _TapedStream(httpcore.NetworkStream):
    """A connection that records what it reads on the tape of the reading thread."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._has_answered = False

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _tape.left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ReadTimeout("the answer was not whole in time")
        data = self._inner.read(max_bytes, left)
        _tape.data += data
        self._has_answered |= bool(data)
        return data

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if _tape.begun is None:
            _tape.begun, _tape.is_reused = time.perf_counter(), self._has_answered
        self._inner.write(buffer, timeout)

    @override
    def close(self) -> None:
        self._inner.close()

    @override
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._inner.start_tls(ssl_context, server_hostname, timeout)
        # The proxy's answer to CONNECT is not the target's.
        _tape.rewind()
        return _TapedStream(stream)

    @override
    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _TapedBackend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        return _TapedStream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))


class Transport(httpx.BaseTransport):
    """A way to the target that knows how many of its connections are open."""

    def idle(self) -> int:
        """How many connections stand open and wait for a request; none where nothing is known of them."""
        return 0


class Wire(Transport):
    """Sends a request's method, target, headers and body as they are; never follows a redirect, never retries.

    A response has the extension `tape` (bytes: everything that was read for it) and, where there was a connection,
    `network_stream`. A request that was sent has `started` and `elapsed` (seconds), and `tape` where an error of httpx
    was raised.
    """

    def __init__(self, target: Target) -> None:
        self._parallel = target.settings.max_parallel
        self._tls = _tls(target.settings) if target.url.scheme == "https" else None
        self._proxy = _proxy(target.url, self._tls)
        self._keeping, self._stale = self._pool_of(self._parallel), 0
        self._single = self._pool_of(0)

    def _pool_of(self, kept: int) -> httpcore.ConnectionPool:
        """Return connections, of which so many are kept for further requests."""
        return httpcore.ConnectionPool(
            ssl_context=self._tls,
            proxy=self._proxy,
            max_connections=self._parallel,
            max_keepalive_connections=kept,
            keepalive_expiry=IDLE,
            network_backend=_TapedBackend(),
        )

    @property
    def _keeps(self) -> bool:
        """Whether connections are kept: a server may close each after its answer, and not say so."""
        return self._stale < _MOST_STALE

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        timeout = request.extensions.get("timeout", {})
        _tape.rewind()
        _tape.patience, asked = timeout.get("read"), time.perf_counter()
        try:
            came = (self._keeping if self._keeps else self._single).request(
                request.method,
                _address(request),
                headers=request.headers.raw,
                content=request.read() or None,
                extensions={"timeout": timeout},
            )
        except tuple(_ERRORS) as error:
            request.extensions["tape"] = bytes(_tape.data)
            self._stale += _tape.is_reused and not _tape.data and not isinstance(error, httpcore.TimeoutException)
            raise _ERRORS[type(error)](f"{error}{self._by(error)}", request=request) from None
        finally:
            # From the first byte on, so that waiting for a turn or for a connection does not count against the target.
            request.extensions["elapsed"] = elapsed = time.perf_counter() - (_tape.begun or asked)
            request.extensions["started"] = datetime.now(UTC) - timedelta(seconds=elapsed)
        kept = {name: came.extensions[name] for name in ("network_stream",) if name in came.extensions}
        return httpx.Response(
            came.status,
            headers=came.headers,
            stream=httpx.ByteStream(came.content),
            extensions={**kept, "tape": bytes(_tape.data)},
        )

    def _by(self, error: Exception) -> str:
        """The way by which a connection failed, if it was not direct."""
        before = isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout | httpcore.ProxyError)
        return f"{VIA}{self._proxy.url.scheme.decode()}://{_host(self._proxy.url)}" if self._proxy and before else ""

    @override
    def idle(self) -> int:
        """Return how many open connections are idle; where none is kept, all that there may be.

        To open one ahead is then of no use.
        """
        is_idle = (connection.is_idle() for connection in self._keeping.connections)
        return sum(is_idle) if self._keeps else self._parallel

    @override
    def close(self) -> None:
        self._keeping.close()
        self._single.close()


def _host(url: httpcore.URL) -> str:
    return f"{url.host.decode()}:{url.port}" if url.port else url.host.decode()


def _address(request: httpx.Request) -> httpcore.URL:
    asked = request.extensions.get("target", request.url.raw_path)
    url = request.url
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=asked)


def _tls(settings: Settings) -> ssl.SSLContext:
    bundle, certificate = settings.ca_bundle, settings.client_cert
    context = ssl.create_default_context(cafile=str(bundle)) if bundle else httpx.create_ssl_context()
    if certificate:
        context.load_cert_chain(str(certificate))
    return context


def _proxy(url: httpx.URL, tls: ssl.SSLContext | None) -> httpcore.Proxy | None:
    # urllib knows the usual variables (HTTPS_PROXY, NO_PROXY, ...) on every system; httpx asks it too.
    known = urllib.request.getproxies()
    address = known.get(url.scheme) or known.get("all")
    if not address or is_loopback(url.host) or urllib.request.proxy_bypass(url.netloc.decode()):
        return None
    names = f"{url.scheme.upper()}_PROXY or ALL_PROXY"
    try:
        proxy = httpx.URL(address if "://" in address else f"http://{address}")
    except httpx.InvalidURL:
        # The wrong part may be a piece of its password.
        raise Misconfigured((f"the proxy for {url} is no URL: set {names} to one such as http://host:port",)) from None
    if proxy.scheme not in {"http", "https"} or not proxy.host:
        shown = proxy.copy_with(userinfo=b"")
        raise Misconfigured((f"the proxy for {url} is {shown}, not an http proxy: set {names} to one",))
    made = httpx.Proxy(proxy)
    secured = tls if proxy.scheme == "https" else None
    return httpcore.Proxy(url=str(made.url), auth=made.raw_auth, headers=made.headers.raw, ssl_context=secured)
