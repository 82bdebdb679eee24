"""Describes the errors of a value against its schema, without personal data."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from jsonschema_rs import ValidationError, ValidationErrorKind

_LARGEST_SHOWN: Final = 2**64
_MARKS: Final = re.compile(r"(?<=\d)([TtZz])(?=\d|$)")
_LONGEST_FORM: Final = 40
"""Characters of the longest text that may be a timestamp or a telephone number."""
_STATES: Final = frozenset({"status", "payment_status", "appointment_type", "payment_kind"})
_WORD: Final = re.compile(r"[A-Za-z_-]{1,20}")

Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One disagreement of a value with the fragment.

    `path` leads to the place in the value; for a missing property it ends in that property's name. `message` is free of
    personal data: strings, and whatever stands in a `client_…` field, are told by type and length only, and where
    their spelling is at fault with 0 for each digit and a for each letter.
    """

    path: Where
    keyword: str
    message: str
    is_null: bool
    got: str = field(default="", compare=False)
    """What stands there, as the message has it, but of texts and rows without their length."""
    wanted: str = field(default="", compare=False)


def one_per_place(errors: Iterable[SchemaError]) -> tuple[SchemaError, ...]:
    """Keep the plainest complaint at each place: null is of another type, that it is in no list adds nothing."""
    plainest: dict[Where, SchemaError] = {}
    for error in errors:
        known = plainest.setdefault(error.path, error)
        if _plainness(error) < _plainness(known):
            plainest[error.path] = error
    return tuple(plainest.values())


def _plainness(error: SchemaError) -> int:
    return {"type": 0, "format": 1}.get(error.keyword, 2)


def schema_error(name: str, error: ValidationError) -> SchemaError:
    """An error of the validator; `name` is what the whole value is called."""
    error = _within(error)
    keyword, value = error.kind.name, error.instance
    path: Where = tuple(error.instance_path)
    if keyword == "required":
        path = (*path, str(error.kind.value))
        told = f"{_place(name, path)} is missing"
        return SchemaError(path, keyword, told, is_null=False, got="missing", wanted="a value")
    wish = _wish(keyword, error.kind.value)
    spelling = form_of(value) if keyword in {"format", "pattern"} and isinstance(value, str) else ""
    told = _as_state(value, path) or _as_listed(value, error.kind.value) or _letters(value) if keyword == "enum" else ""
    message = f"{_place(name, path)} is {told or _described(value, path)}{spelling and f' ({spelling})'}, not {wish}"
    if value is None:
        return SchemaError(path, keyword, message, is_null=True, got="null", wanted="a value")
    wanted = wish.removesuffix(" or null")
    return SchemaError(path, keyword, message, is_null=False, got=_kind(value, path, keyword), wanted=wanted)


def _as_state(value: object, path: Where) -> str:
    """Return the word of a state; empty for any other, which may be a person's."""
    is_word = isinstance(value, str) and _WORD.fullmatch(value) is not None
    return repr(value) if is_word and path[-1:] and path[-1] in _STATES else ""


def _as_listed(value: object, listed: object) -> str:
    """Return a word that is one of some but for its letter case, blanks and hyphens; empty for any other: it may be a
    person's.
    """
    known = {_bare(one) for one in listed if isinstance(one, str)} if isinstance(listed, list) else set[str]()
    return repr(value) if isinstance(value, str) and _bare(value) in known else ""


def _letters(value: object) -> str:
    """Return of which script all letters of a word are, if of another than Latin: it may be a word of the API in the
    caller's language; empty for any other.
    """
    letters = value.replace(" ", "") if isinstance(value, str) else ""
    scripts = {unicodedata.name(one, "").partition(" ")[0].title() for one in letters} - {"Latin"}
    return f"a string of {len(letters)} {scripts.pop()} letters" if letters.isalpha() and len(scripts) == 1 else ""


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold()


def _within(error: ValidationError) -> ValidationError:
    """Return, where a value has one of several shapes but for what is in it, the error in there."""
    if not isinstance(error.kind, ValidationErrorKind.OneOfNotValid):
        return error
    shapes = [shape for shape in error.kind.context if shape and all(one.instance_path for one in shape)]
    return min(shapes, key=len)[0] if shapes else error


def form_of(text: str) -> str:
    """Return how a short text is spelled, with 0 for each digit and a or A for each letter, but those that timestamps
    have; empty for a longer one.
    """
    marks = _MARKS.split(text)
    told = (part if place % 2 else "".join(map(_form_of, part)) for place, part in enumerate(marks))
    return "".join(told) if len(text) <= _LONGEST_FORM else ""


def _form_of(character: str) -> str:
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return "0" if character.isdigit() else character


def whole_float(name: str, path: Where, number: float) -> SchemaError:
    """A number that is written with a point where an integer is promised."""
    message = f"{_place(name, path)} is {_described(number, path)}, not integer"
    return SchemaError(path, "type", message, is_null=False, got="a number", wanted="integer")


def _wish(keyword: str, limit: object) -> str:
    listed = limit if isinstance(limit, list) else [limit]
    wishes = {
        "type": " or ".join(map(str, listed)),
        "enum": f"one of {', '.join(map(str, listed))}",
        "format": f"a {limit}",
        "pattern": f"of the pattern {limit}",
        "minimum": f">= {limit}",
        "maximum": f"<= {limit}",
        "minItems": f"of {limit} or more",
        "oneOf": "exactly one of the promised shapes",
    }
    return wishes.get(keyword, f"as {keyword!r} has it")


def _place(name: str, path: Where) -> str:
    return "/".join(map(str, path)) or name


def _kind(value: object, path: Where, keyword: str) -> str:
    """A value without what differs from one appointment to the next."""
    if keyword == "type" and isinstance(value, int | float):
        return {bool: "a boolean", int: "an integer"}.get(type(value), "a number")
    return _described(value, path).partition(" of ")[0]


_SIZED: Final[dict[type, tuple[str, str, str]]] = {
    str: ("a string", "character", "characters"),
    list: ("an array", "entry", "entries"),
    dict: ("an object", "field", "fields"),
}


def _described(value: object, path: Where) -> str:
    if isinstance(value, str | list | dict):
        kind, one, many = _SIZED[type(value)]
        return f"{kind} of {len(value)} {one if len(value) == 1 else many}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if any(str(step).startswith("client_") for step in path):
        return "a number"
    if isinstance(value, int) and abs(value) >= _LARGEST_SHOWN:
        return f"an integer of {value.bit_length()} bits"
    return repr(value)
