"""Writes answers as bytes: as ASGI messages, and for broken messages straight to the socket."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from http.client import responses
from typing import Any, Final, TypeAlias

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.requests import Request

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

RAW: Final = "provider.raw"
"""The ASGI extension through which whole messages, broken ones too, reach the socket."""

GONE: Final = "provider.gone"
"""The ASGI extension that tells whether the caller has hung up."""

PIECE_PAUSE: Final = 0.002
"""Seconds between the pieces of an answer, so that they arrive as pieces."""

_BODILESS: Final = frozenset({204, 304})


def hung_up(scope: Scope) -> Callable[[], bool]:
    """Return the question whether the caller has hung up; without a socket the answer is no."""
    found: Callable[[], bool] = scope.get("extensions", {}).get(GONE, lambda: False)
    return found


async def received(scope: Scope, receive: Receive) -> Request | None:
    """Read a whole request; none where the caller left before its end."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return Request(
        method=scope["method"],
        path=scope["raw_path"].partition(b"?")[0].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body=bytes(body),
    )


async def emit(answer: Answer, scope: Scope, send: Send) -> None:
    """Send an answer as its framing asks for."""
    raw = scope.get("extensions", {}).get(RAW)
    if answer.raw is not None and raw is not None:
        raw(answer.raw)
        return
    whole = answer.status in _BODILESS or answer.chunked or answer.pieces > 1
    length = () if whole else (("Content-Length", str(len(answer.body))),)
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers + length]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" or answer.status in _BODILESS else answer.body
    for piece in _pieces(body, answer.pieces):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(PIECE_PAUSE)
    await send({"type": "http.response.body", "body": body if answer.pieces == 1 else b"", "more_body": False})


def message(answer: Answer, *, length: str | None = None, body: bytes | None = None) -> bytes:
    """Spell an answer as HTTP/1.1 bytes, honest but for what is given."""
    sent = answer.body if body is None else body
    phrase = responses.get(answer.status, "")
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in answer.headers)]
    lines += [f"Content-Length: {length or len(answer.body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + sent


def _pieces(body: bytes, number: int) -> Iterator[bytes]:
    if number > 1:
        size = max(1, -(-len(body) // number))
        yield from (body[start : start + size] for start in range(0, len(body), size))
