"""Masks a recorded request, which may contain anything, for display.

It shows harmless headers, a URL without user info and query values, and a body by type and length.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from cancel_contract.exchange.credential import HEADER
from cancel_contract.redaction.headers import discreet_name, discreet_value, kind_of
from cancel_contract.redaction.personal_data import discreet_key
from cancel_contract.tools.judge.address import Address
from cancel_contract.tools.judge.credentials import RIGHT, is_token
from cancel_contract.tools.judge.har_entry import PostData, Request

TOKEN: Final = "$ONELINK_API_TOKEN"  # noqa: S105  what stands for a token
_OTHER: Final = "$RECORDED_SECRET"
_IN_HEADER: Final[Mapping[str, str]] = {
    RIGHT: TOKEN,
    "prefix": f"{TOKEN}_PREFIX",
    "tail": f"{TOKEN}_TAIL",
    "case": f"{TOKEN}_CASE",
    "suffix": f"{TOKEN}0",
}
_BESIDE: Final[Mapping[str, tuple[str, str]]] = {
    "bearer": ("authorization", f"Bearer {TOKEN}"),
    "cookie": ("cookie", f"{HEADER}={TOKEN}"),
}
"""What stands for a token, by the way it was carried."""
_OURS: Final = "$ONELINK_"
"""Prefixes of what stands for a secret in the suite's own recordings."""
_STAND_IN: Final = re.compile(r"[$][A-Z_]+\d?")
_PLAIN_SEGMENT: Final = re.compile(r"[a-z]{1,20}([_.-][a-z]{1,20}){0,3}|v\d|[\d+%_.,-]{1,30}[A-Za-z]{0,8}", re.ASCII)
"""A part of a path that is a word or a number."""


def shown_headers(request: Request, topic: str) -> tuple[tuple[str, str], ...]:
    """Return a request's headers as they may be shown, without those that HTTP/2 reserves."""
    pairs = [(pair.name, pair.value) for pair in request.headers if not pair.name.startswith(":")]
    return tuple((discreet_name(name), _shown_value(name, value, topic)) for name, value in pairs)


def _shown_value(name: str, value: str, topic: str) -> str:
    if _STAND_IN.fullmatch(value) and value.startswith(_OURS):
        return value
    if is_token(name):
        return _IN_HEADER.get(topic, _OTHER)
    place, shown = _BESIDE.get(topic, ("", ""))
    return shown if name.lower() == place else discreet_value(name, value)


def shown_url(address: Address, topic: str) -> str:
    """Return a URL without user info and without the values of its query, except what stands for the token."""
    query = shown_query(address, topic)
    return f"{address.origin}{shown_path(address)}{'?' if query else ''}{query}"


def shown_query(address: Address, topic: str) -> str:
    """Return the names of a query."""
    token = TOKEN if topic == "query" else _OTHER
    names = [name for name, _ in parse_qsl(address.query, keep_blank_values=True)]
    return "&".join(f"{discreet_key(name)}={token if is_token(name) else '...'}" for name in names)


def shown_path(address: Address) -> str:
    """Return a path with only its words and numbers; a proxy's prefix or an id may contain anything."""
    return "/".join(_segments(address.path))


def _segments(path: str) -> Iterator[str]:
    for segment in path.split("/"):
        plain = not segment or _PLAIN_SEGMENT.fullmatch(segment)
        yield segment if plain else f"<string {len(segment)}>"


def shown_body(data: PostData | None) -> bytes:
    """Return a body by its type and length in bytes; nothing if none was sent."""
    if data is None or data.text == "":
        return b""
    size = "unknown length" if data.text is None else f"{len(data.text.encode('utf-8', 'replace'))} bytes"
    return f"<{kind_of(data.mime_type) or 'no content type'}, {size}>".encode()
