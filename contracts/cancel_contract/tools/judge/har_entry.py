"""Reads one entry of a recording, and takes a field that cannot be used as not recorded.

Only an entry without a method, a URL or a status is unreadable. Recorders write null, texts for numbers, fractions,
headers as an object and the like; none of that says anything about the exchange.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from cancel_contract.exchange.exchange import FIRST_FAILURE, FIRST_REFUSAL

UNDATED: Final = datetime.min.replace(tzinfo=UTC)
"""The start of an entry whose time cannot be read."""
_NUMBER: Final = re.compile(r"\s*[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?\s*", re.ASCII)
_DAY: Final = 86_400_000.0
"""Milliseconds; nobody waits longer for an answer."""
_SECONDS: Final = range(10**9, 10**11)
"""Seconds since 1970 that a recording can have; a thousand times as many are milliseconds."""


class UnreadableError(Exception):
    """An entry without a method, a URL or a status; its text names the field and its value."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A header or a cookie."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class PostData:
    """What was sent as a body."""

    mime_type: str = ""
    text: str | None = None
    """Missing where the recorder did not keep it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    method: str
    url: str
    headers: tuple[Pair, ...] = ()
    headers_whole: bool = True
    """Whether every header could be read."""
    cookies: tuple[Pair, ...] = ()
    """One that cannot be read is a pair without a name."""
    post_data: PostData | None = None
    body_size: int = -1


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer held, if the recorder kept it; sizes are in bytes, -1 where one is not known."""

    size: int = -1
    mime_type: str = ""
    text: str | None = None
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What came; a status below 100 if nothing did (0, or -1 and -999 of some recorders)."""

    status: int
    headers: tuple[Pair, ...] = ()
    headers_whole: bool = True
    content: Content = field(default_factory=Content)
    body_size: int = -1

    @property
    def has_come(self) -> bool:
        """Whether an answer was recorded at all."""
        return self.status >= 100

    @property
    def is_a_page_that_refuses(self) -> bool:
        """Whether it is a 4xx in HTML, as what stands before an application answers."""
        kind = self.header("content-type") or self.content.mime_type
        return FIRST_REFUSAL <= self.status < FIRST_FAILURE and "html" in kind.lower()

    def header(self, name: str) -> str | None:
        """Return the last value of a header, by its name in small letters."""
        return next((pair.value for pair in reversed(self.headers) if pair.name.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds; -1 where one is not known."""

    send: float = -1
    wait: float = -1
    receive: float = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange as it was recorded."""

    request: Request
    response: Response
    started: datetime = UNDATED
    time: float = -1
    """Milliseconds in all, including the time in the recorder's own queue."""
    timings: Timings = field(default_factory=Timings)


def entry(found: object) -> Entry:
    """Read an entry; raises UnreadableError where it has no method, URL or status."""
    whole = _object(found)
    timings = _object(whole.get("timings"))
    return Entry(
        _request(_object(whole.get("request"))),
        _response(_object(whole.get("response"))),
        _moment(whole.get("startedDateTime")),
        _milliseconds(whole.get("time")),
        Timings(*(_milliseconds(timings.get(name)) for name in ("send", "wait", "receive"))),
    )


def _request(found: Mapping[str, Any]) -> Request:
    headers, whole = _pairs(found.get("headers"))
    cookies, readable = _pairs(found.get("cookies"))
    return Request(
        _required(found, "method"),
        _required(found, "url"),
        headers,
        whole,
        cookies if readable else (*cookies, Pair("")),
        _post_data(found.get("postData")),
        _size(found.get("bodySize")),
    )


def _response(found: Mapping[str, Any]) -> Response:
    headers, whole = _pairs(found.get("headers"))
    content = _object(found.get("content"))
    kept, encoding = content.get("text"), content.get("encoding")
    # A body with an unknown encoding cannot be read.
    text = kept if isinstance(kept, str) and (encoding is None or isinstance(encoding, str)) else None
    return Response(
        _status(found.get("status")),
        headers,
        whole,
        Content(_size(content.get("size")), _text(content.get("mimeType")), text, encoding or "" if text else ""),
        _size(found.get("bodySize")),
    )


def _post_data(found: object) -> PostData | None:
    if isinstance(found, str):
        return PostData("", found)
    if not isinstance(found, Mapping) or not found:
        return None
    text = found.get("text")
    return PostData(_text(found.get("mimeType")), text if isinstance(text, str) else None)


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _required(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise UnreadableError(f"request.{name} is {_kind(value)}, not a text")


def _status(value: object) -> int:
    number = _number(value)
    if number is None or not number.is_integer():
        raise UnreadableError(f"response.status is {_kind(value)}, not a whole number")
    return int(number)


def _kind(value: object) -> str:
    if value is None:
        return "missing or null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return f"a text of {len(value)}"
    return "an object or an array"


def _number(value: object) -> float | None:
    """Return a finite number, also from a text."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _milliseconds(value: object) -> float:
    number = _number(value)
    return number if number is not None and 0 <= number <= _DAY else -1


def _size(value: object) -> int:
    number = _number(value)
    return int(number) if number is not None and number >= 0 else -1


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: object) -> datetime:
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return moment if moment.tzinfo else UNDATED
        number = _number(value) or 0
        seconds = number if int(number) in _SECONDS else number / 1000
        return datetime.fromtimestamp(seconds, UTC) if int(seconds) in _SECONDS else UNDATED
    except (ValueError, OverflowError):
        return UNDATED


def _pairs(value: object) -> tuple[tuple[Pair, ...], bool]:
    """Return what can be read as names and values, and whether that is all."""
    if value is None:
        return (), True
    found = tuple(_listed(value))
    return tuple(pair for pair in found if pair), None not in found


def _listed(value: object) -> Iterator[Pair | None]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from (_pair(name, one) for one in (inner if isinstance(inner, list) else [inner]))
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in value:
            if isinstance(item, Mapping):
                yield _pair(item.get("name"), item.get("value", ""))
            elif isinstance(item, list | tuple) and len(item) == 2:
                yield _pair(*item)
            else:
                yield None
    elif value != "":
        yield None


def _pair(name: object, value: object) -> Pair | None:
    if not isinstance(name, str) or not name.strip():
        return None
    if isinstance(value, bool):
        return Pair(name.strip(), str(value).lower())
    if isinstance(value, int | float):
        return Pair(name.strip(), str(value))
    return Pair(name.strip(), value) if isinstance(value, str) else None
