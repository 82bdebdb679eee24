"""Parses JSON and lists what a strict parser refuses.

RFC 8259 and I-JSON (RFC 7493) refuse several things that Python's own parser accepts.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from cancel_contract.redaction.personal_data import discreet_key

MOST_DIGITS: Final = 4000
"""From this many digits on Python refuses a whole number, and most parsers do not read it exactly."""
_GZIP: Final = b"\x1f\x8b"


class _Strictness(ValueError):
    """What a strict parser would refuse."""


_OPEN_VALUE: Final = re.compile(r'"([a-z_]{1,40})"\s*:\s*(?:"(?:[^"\\]|\\.)*)?\Z', re.DOTALL)
"""A member whose value has not begun, or is a text that has not ended."""
_BEHIND: Final = "it goes on behind the end of its value"
_STRANGE: Final = re.compile(r"None|True|False|undefined|NULL|nan|NaN|-?Infinity|[^\w\s\"]")
"""What stands where a value or a name should, and says why: the word of another language, or a sign."""


def _no_constant(name: str) -> float:
    raise _Strictness(f"{name} is not a JSON number")


def _no_giant(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise _Strictness(f"a number of {len(digits)} digits stands in it")
    return int(digits)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Strictness(f"the key {twice!r} stands twice in one object")
    return whole


def _any_number(digits: str) -> float:
    return int(digits) if len(digits) <= MOST_DIGITS else math.inf


_STRICT: Final = json.JSONDecoder(parse_constant=_no_constant, parse_int=_no_giant, object_pairs_hook=_no_twins)
_LENIENT: Final = json.JSONDecoder(parse_int=_any_number)


def parse_json(body: bytes) -> tuple[Any, str | None]:
    """Return a body's JSON value and why a strict parser refuses it; (None, reason) if no parser accepts it."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        looks = ": it looks like gzip without a Content-Encoding" if body.startswith(_GZIP) else ""
        return None, f"it is not UTF-8 from byte {error.start} on{looks}"
    if text.startswith("\ufeff"):
        return _lenient(text[1:]), "it begins with a byte order mark"
    if not text.strip():
        return None, "it is empty"
    return _parsed(text)


def _parsed(text: str) -> tuple[Any, str | None]:
    try:
        return _whole(_STRICT.decode(text))
    except _Strictness as error:
        value = _lenient(text)
        return value, f"{error}{next(_no_numbers(value), '')}"
    except json.JSONDecodeError as error:
        # A page that is no JSON at all is shown by its beginning.
        stands = _STRANGE.match(text, error.pos) if text[: error.pos].strip() else None
        where = f", where {stands[0]} stands" if stands else ""
        place = f"at character {error.pos}{_in_value(text[: error.pos])}{where}"
        what = _BEHIND if error.msg == "Extra data" else error.msg.removesuffix(" at")
        return None, f"it is not JSON: {what} {place}"
    except RecursionError:
        return None, "it is not JSON: nested too deep"


def _in_value(text: str) -> str:
    """Return in the value of which member a text breaks off, in words; nothing where that is not clear."""
    member = _OPEN_VALUE.search(text)
    return f", in the value of {member[1]}" if member else ""


def _whole(value: Any) -> tuple[Any, str | None]:  # noqa: ANN401  JSON's boundary
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # No consumer could print it.
        return json.loads(text.encode("utf-8", "replace")), "it holds half of a surrogate pair, which is no character"
    return value, None


def _no_numbers(value: Any) -> Iterator[str]:  # noqa: ANN401  JSON's boundary
    """Yield where what is no number stands."""
    # A stack, not recursion: a body may be nested as deeply as its sender likes.
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        place, here = stack.pop()
        if isinstance(here, float) and not math.isfinite(here) and place:
            yield f", at {place}"
        inner = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
        stack += [(f"{place}/{discreet_key(str(key)) if isinstance(here, dict) else key}", part) for key, part in inner]


def _lenient(text: str) -> Any:  # noqa: ANN401  JSON's boundary
    try:
        value, _ = _whole(_LENIENT.decode(text))
    except (json.JSONDecodeError, RecursionError):
        return None
    return value
