"""A scripted network: it answers what a test says, and keeps what it receives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore
import pytest

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench

MARK = "cancel-contract-0000000a-1790000000-1"
BODY = {"resource_id": 9, "client_name": "Test <b>&amp;", "external_ref": MARK, "idempotency_key": MARK}
"""The body of a create that bears the run's mark."""
JSON = (("content-type", b"application/json"),)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


class Line(httpcore.MockStream):
    """A connection that says what it is told to say, and keeps what it hears."""

    heard: bytes = b""
    patience: tuple[float | None, ...] = ()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as httpcore has it
        """Return the next piece; an error among the pieces is raised."""
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
        return bench.sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001), method))

    return send
