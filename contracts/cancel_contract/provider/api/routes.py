"""Finds the operation for a method and a raw path, as the real router does (observations 6 and 9)."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote, unquote_to_bytes

from cancel_contract.fragment.endpoint import pattern
from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.provider.api.answers import framework_error
from cancel_contract.provider.api.requests import MAX_PATH, Request

OperationName: TypeAlias = Literal["create", "list", "calendar", "read", "update", "cancel", "delete", "unrouted"]
"""What a request asks for; `unrouted` where no route leads."""

_SEGMENT: Final = r"([^/.?]+)"
_FORMAT: Final = r"(?:\.[^/.?]+)?"
_COLLECTION: Final = re.compile(pattern(ENDPOINT.collection, _SEGMENT) + _FORMAT)
_MEMBER: Final = re.compile(pattern(ENDPOINT.member, _SEGMENT, _SEGMENT) + _FORMAT)
_CANCEL: Final = re.compile(pattern(ENDPOINT.path, _SEGMENT, _SEGMENT) + _FORMAT)
_CALENDAR: Final = re.compile(pattern(ENDPOINT.calendar, _SEGMENT) + _FORMAT)
_ROUTES: Final[tuple[tuple[re.Pattern[str], dict[str, OperationName]], ...]] = (
    (_CANCEL, {ENDPOINT.method: "cancel"}),
    (_COLLECTION, {"POST": "create", "GET": "list"}),
    (_MEMBER, {"GET": "read", "PATCH": "update", "PUT": "update", "DELETE": "delete"}),
    (_CALENDAR, {"GET": "calendar"}),
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_NAMED: Final = re.compile(rf"/{ENDPOINT.nouns[1]}/([^/?]+)")
_INTEGER: Final = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+(?:_\d+)*)", re.ASCII)
# Python refuses to read longer numbers; no row has one past 64 bits anyway.
_LONGEST: Final = 30


@dataclass(frozen=True, slots=True)
class Route:
    """What a path asks for; the ids are still texts."""

    operation: OperationName
    account: str
    appointment: str = ""


def to_i(text: str) -> int:
    """Read an integer as Ruby's `to_i` does: blanks, a sign, digits with single underscores; else 0 (observed)."""
    found = _INTEGER.match(text)
    if found is None:
        return 0
    digits = found[1].replace("_", "")
    sign, digits = ("-", digits[1:]) if digits[0] == "-" else ("", digits.lstrip("+"))
    digits = digits.lstrip("0") or "0"
    return int(sign + digits[:_LONGEST])


def overridden_method(request: Request) -> str:
    """Return the method after the framework's override of a POST (observed)."""
    override = request.form.get("_method") or request.header("x-http-method-override") or ""
    return override.upper() if request.method == "POST" and override.upper() in _METHODS else request.method


def squeezed(path: str) -> str:
    """Return the path with double slashes and the last one taken out (observed)."""
    return re.sub(r"/{2,}", "/", path).rstrip("/") or "/"


def route(request: Request) -> Route:
    """Find the operation, or refuse as the framework does: 404 for whatever is no route, never 405."""
    if len(request.path) >= MAX_PATH:
        raise framework_error(400, "Bad Request", accepts_json=request.accepts_json, page=False)
    method = overridden_method(request)
    if method not in _METHODS:
        raise framework_error(405, "Method Not Allowed", accepts_json=False, page=False)
    method = "GET" if method == "HEAD" else method
    path = squeezed(request.path)
    for known, operations in _ROUTES:
        found = known.fullmatch(path)
        if found and method in operations:
            return Route(operations[method], *(_decoded(text, request) for text in found.groups()))
    raise framework_error(404, "Not Found", accepts_json=request.accepts_json)


def methods_of(path: str) -> tuple[str, ...]:
    """Return the methods that a path takes; none where it is no path of the API."""
    return next((tuple(found) for known, found in _ROUTES if known.fullmatch(squeezed(path))), ())


def named_appointment(path: str) -> int | None:
    """Return the id that a path names under appointments, whatever the method."""
    found = _NAMED.search(squeezed(path))
    return to_i(unquote(found[1], errors="replace")) if found else None


def _decoded(text: str, request: Request) -> str:
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise framework_error(400, "Bad Request", accepts_json=request.accepts_json, page=False) from None
