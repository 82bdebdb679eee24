"""Replaces secrets by their value, in every encoding in which they may appear."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Final
from urllib.parse import quote, quote_plus

SHORTEST: Final = 8
"""A secret shorter than this (characters) could be an ordinary word, once parts of it are encoded."""


def _base64_cores(secret: bytes) -> Iterator[bytes]:
    # Whatever stands before a secret shifts it by 0, 1 or 2 bytes; characters that depend on neighbours are cut off.
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret)
        start = (shift * 8 + 5) // 6
        end = (shift + len(secret)) * 8 // 6
        yield encoded[start:end]
        yield encoded[start:end].replace(b"+", b"-").replace(b"/", b"_")


def _spelled(secret: str) -> Iterator[tuple[str, str]]:
    yield secret, ""
    for escaped in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        lower = re.sub("%..", lambda match: match.group().lower(), escaped)
        yield from ((form, "URL-encoded") for form in (escaped, lower, quote(escaped, safe="")))
    yield html.escape(secret), "HTML-encoded"
    dumped = json.dumps(secret)[1:-1]
    yield from ((form, "JSON-encoded") for form in (dumped, repr(secret)[1:-1], dumped.replace("/", "\\/")))


def encodings(secret: str) -> Mapping[bytes, str]:
    """Return every form in which a secret may appear, with the name of its encoding; empty where it has none."""
    raw, found = secret.encode(), dict[bytes, str]()
    for form, encoding in _spelled(secret):
        found.setdefault(form.encode(), encoding)
    for text in (raw.hex(), raw.hex().upper()):
        found.setdefault(text.encode(), "hex-encoded")
    for core in _base64_cores(raw) if len(raw) >= SHORTEST else ():
        found.setdefault(core, "base64-encoded")
    return found


def forms(secret: str) -> frozenset[bytes]:
    """Return every form in which a secret may appear: as it is, url-, HTML-, JSON-, base64- and hex-encoded."""
    return frozenset(encodings(secret))


@lru_cache(maxsize=16)
def _wanted(secrets: tuple[tuple[str, str], ...]) -> tuple[Mapping[bytes, str], re.Pattern[bytes]]:
    """Return the names of secrets by each of their forms, and the pattern that finds them."""
    names: dict[bytes, str] = {}
    for name, value in secrets:
        for form in forms(value) if value else ():
            # The first name stays: a near miss that equals a token is that token.
            names.setdefault(form, name)
    return names, re.compile(_longest_of(names) or b"(?!)")


def _longest_of(forms: Iterable[bytes]) -> bytes:
    """Return a pattern of the longest form; what several begin with is compared once, in a tenth of the time."""
    sorted_forms = sorted(forms)
    branches: list[bytes] = []
    for _, beginning_alike in groupby((form for form in sorted_forms if form), key=lambda form: form[0]):
        alike = list(beginning_alike)
        # Of sorted forms the first and the last differ soonest.
        pairs = enumerate(zip(alike[0], alike[-1], strict=False))
        shared = next((place for place, (one, other) in pairs if one != other), len(alike[0]))
        branches.append(re.escape(alike[0][:shared]) + _longest_of(form[shared:] for form in alike))
    if not branches:
        return b""
    return b"(?:" + b"|".join(branches) + (b")?" if b"" in sorted_forms else b")")


class Redactor:
    """Replaces secrets, given as name -> value, by `$NAME`; the longest first, so that none hides another."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        # The pattern takes a tenth of a command's start to compile, and many end without it.
        self._secrets = tuple(secrets.items())

    def found(self, data: bytes) -> tuple[str, ...]:
        """Return the names of the secrets in some bytes."""
        names, pattern = _wanted(self._secrets)
        return tuple(sorted({names[match.group()] for match in pattern.finditer(data)}))

    def encodings(self, data: bytes) -> Mapping[str, str]:
        """Return the encoding of each secret in some bytes, by its name, where it has one everywhere."""
        names, pattern = _wanted(self._secrets)
        found: dict[str, set[str]] = {}
        for form in {match.group() for match in pattern.finditer(data)}:
            value = dict(self._secrets)[names[form]]
            found.setdefault(names[form], set()).add(encodings(value)[form])
        return {name: min(kinds) for name, kinds in found.items() if len(kinds) == 1 and "" not in kinds}

    def clean(self, data: bytes) -> bytes:
        """Return the same bytes without secrets."""
        names, pattern = _wanted(self._secrets)
        return pattern.sub(lambda match: b"$" + names[match.group()].encode(), data)

    def clean_text(self, text: str) -> str:
        """Return the same text without secrets."""
        return self.clean(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def clean_pairs(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return the same headers without secrets."""
        return tuple((self.clean_text(name), self.clean_text(value)) for name, value in pairs)
