"""Finds the fields of a query or a body that a server may read as the id of an appointment or an account."""

import email
import html
import json
import re
from collections.abc import Iterator
from email.message import Message
from typing import Any, Final
from urllib.parse import parse_qsl

from cancel_contract.guard.id_readings import layers, unescaped

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_NOUNS: Final = frozenset({"appointment", "appointments", "booking", "bookings", "account", "accounts"})
_ID_WORDS: Final = frozenset({"id", "ids", "pk", "uuid"})
_ID_IN_TEXT: Final = re.compile(
    r"(?<![a-z])(?:[a-z]*[_-])?(?:ids?|pk|uuid|appointments?|accounts?)(?![a-z])", re.IGNORECASE
)
_GIVEN_NUMBER: Final = re.compile(r"[0-9][0-9_]*")
_FORM_NAME: Final = re.compile(r"[\w\s.\[\]-]+")
_SEPARATORS: Final = re.compile(r"[,;|\s]+")

Field = tuple[str, str]
"""A field's name and one value of it."""


def named(name: str) -> bool:
    """Whether a field of this name may hold an id: `id`, `appointment[id]`, `bookingId`, `ids[0]`."""
    words = [word.lower() for word in _WORDS.findall(re.split(r"[\[.]", _without_indices(name))[-1])]
    return bool(words) and (words[-1] in _ID_WORDS or (len(words) == 1 and words[0] in _NOUNS))


def _without_indices(name: str) -> str:
    return re.sub(r"(\[\d*\]|\.\d+)+$", "", name).rstrip("]")


def of_query(query: str) -> tuple[Field, ...]:
    """Return the fields of a query that may hold an id."""
    return tuple(dict.fromkeys(_decoded_fields(_form(query))))


def of_body(content_type: str, body: bytes) -> tuple[Field, ...]:
    """Return the fields of a body that may hold an id, whatever content type it has: a server may ignore the type."""
    # What is left of UTF-16 without its zeros is ASCII again.
    text = body.decode("utf-8", "replace").replace("\0", "")
    found = [*_decoded_fields(_form(text)), *_decoded_fields(_parts(content_type, body))]
    try:
        value = json.loads(text.lstrip("\ufeff"), object_pairs_hook=_Pairs, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return tuple(dict.fromkeys([*found, *_loose(text)]))
    return tuple(dict.fromkeys([*found, *_decoded_fields(_leaves("", value))]))


def _decoded_fields(fields: Iterator[Field]) -> Iterator[Field]:
    for name, text in fields:
        if named(name):
            yield from ((name, piece) for piece in [text, *_SEPARATORS.split(text)])


def _form(text: str) -> Iterator[Field]:
    for layer in layers(text):
        pairs = parse_qsl(layer.replace(";", "&"), keep_blank_values=True)
        yield from ((name, value) for name, value in pairs if _FORM_NAME.fullmatch(name))


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with all its keys, because parsers differ in which of two equal keys they use."""


def _leaves(name: str, value: Any) -> Iterator[Field]:  # noqa: ANN401  JSON's boundary
    if isinstance(value, _Pairs):
        for key, inner in value:
            # A number may itself be a key: {"appointments": {"12": ...}}.
            yield name, key
            yield from _leaves(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner)
    else:
        yield name, str(value)
        if isinstance(value, str) and value[:1] in {"{", "["}:
            yield from (("id", number) for _, number in _loose(value))


def _parts(content_type: str, body: bytes) -> Iterator[Field]:
    if "multipart" not in content_type.lower():
        return
    whole = email.message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    for part in whole.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield _part_name(part), content.decode("utf-8", "replace").strip()


def _part_name(part: Message) -> str:
    name = part.get_param("name", "", header="content-disposition")
    return name[2] if isinstance(name, tuple) else str(name)


def _loose(text: str) -> Iterator[Field]:
    """Yield every number of a text that has the word id in it, where the text cannot be parsed (XML, broken JSON)."""
    plain = unescaped(html.unescape(text))
    if _ID_IN_TEXT.search(plain):
        yield from (("body", number) for number in _GIVEN_NUMBER.findall(plain))
