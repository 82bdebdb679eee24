"""Reads a request, and finds the syntax errors that the framework refuses before it looks at the token (observations 8,
9).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Never
from urllib.parse import parse_qsl, unquote_to_bytes

from cancel_contract.provider.api.answers import framework_error

MAX_DEPTH: Final = 100
"""The nesting past which the framework gives a body up (observed)."""

MAX_PATH: Final = 10_000
"""The length from which the real server refuses a path (observed)."""

_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+*-]+\s*(;.*)?", re.DOTALL)
_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Request:
    """One request, undecoded; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the values of a header, joined as a gateway joins them; dash and underscore are one to it."""
        return self._joined.get(name.lower().replace("-", "_"))

    @cached_property
    def _joined(self) -> Mapping[str, str]:
        joined: dict[str, str] = {}
        for key, value in self.headers:
            name = key.replace("-", "_")
            joined[name] = f"{joined[name]},{value}" if name in joined else value
        return joined

    @property
    def accepts_json(self) -> bool:
        """Whether the caller asks for JSON by name."""
        return (self.header("accept") or "").split(",")[0].split(";")[0].strip() == "application/json"

    @cached_property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query's parameters, the last of each name."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form body."""
        if self.media_type != "application/x-www-form-urlencoded":
            return {}
        return dict(parse_qsl(self.body.decode("latin-1"), keep_blank_values=True))

    @cached_property
    def json(self) -> object:
        """The JSON body; raises ValueError where it is none."""
        return _parsed(self.body) if self.media_type == "application/json" and self.body else None


def refuse_bad_syntax(request: Request) -> None:
    """Refuse what the framework cannot parse: 400, and 406 for a content type that is none."""
    if request.header("content-type") and not _MEDIA_TYPE.fullmatch(request.header("content-type") or ""):
        raise framework_error(406, "Not Acceptable", accepts_json=False, page=False)
    if not _is_read(request):
        raise framework_error(400, "Bad Request", accepts_json=request.accepts_json, page=False)


def _is_read(request: Request) -> bool:
    if _bad_form(request.query.encode("latin-1")):
        return False
    if request.media_type == "application/x-www-form-urlencoded" and _bad_form(request.body):
        return False
    try:
        _ = request.json
    except (ValueError, RecursionError):
        return False
    return True


def _bad_form(text: bytes) -> bool:
    if not text:
        return False
    if _BAD_ESCAPE.search(text):
        return True
    try:
        unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return True
    names = [unquote_to_bytes(pair.split(b"=")[0]) for pair in text.split(b"&")]
    nested = {name.split(b"[")[0] for name in names if b"[" in name}
    return any(name in nested for name in names)


def _parsed(body: bytes) -> object:
    value = json.loads(body.decode(), parse_constant=_refuse_constant)
    if _depth(value) > MAX_DEPTH:
        raise ValueError("nested too deep")
    return value


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return depth
