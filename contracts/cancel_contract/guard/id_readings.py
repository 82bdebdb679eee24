"""Lists every number that some server may read in the text of an id."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

MOST_LAYERS: Final = 6
"""Layers of percent encoding that are decoded; no chain of proxies and servers decodes as many."""

_OVERLONG: Final = re.compile(r"%[cC]([01])%([89abAB][0-9a-fA-F])")
_UTF_16_ESCAPE: Final = re.compile(r"(?:%|\\)u([0-9a-fA-F]{4})")

_SLASH: Final = re.compile(r"[/\\]")
_LEADING: Final = re.compile(r"[\s\0_\"'\[({]*[+-]?[\s_]*(\d[\d_]*)")
_FLOAT: Final = re.compile(r"\s*[+-]?((?:\d[\d_]*\.?\d*|\.\d+)[eE][+-]?\d+)")
_BASED: Final = (
    (re.compile(r"\s*[+-]?0[xX]([0-9a-fA-F_]+)"), 16),
    (re.compile(r"\s*[+-]?0[bB]([01_]+)"), 2),
    (re.compile(r"\s*[+-]?0[oO]?([0-7_]+)"), 8),
)
_FAR: Final = 1000
"""How many times as large as a known id one is that no counter reaches while a run lasts (policy)."""
_DIGITS: Final = re.compile(r"[0-9]+")
_ENOUGH_ZEROS: Final = 64
"""A number with this many trailing zeros has only zeros in its low 64 bits; more zeros change nothing."""


def unescaped(text: str) -> str:
    """Return a text with one layer of escapes undone, overlong UTF-8 and %uXXXX included, as lax decoders do."""
    text = _OVERLONG.sub(lambda match: chr((int(match[1]) << 6) | (int(match[2], 16) & 0x3F)), text)
    return unquote(_UTF_16_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))


def layers(text: str) -> tuple[str, ...]:
    """Return a text as it is, and with one layer of escapes after another undone, until nothing changes."""
    found = [text]
    while len(found) <= MOST_LAYERS and (inner := unescaped(found[-1])) != found[-1]:
        found.append(inner)
    return tuple(found)


def settled(text: str) -> bool:
    """Whether all escapes are undone within the layers that are looked at."""
    last = layers(text)[-1]
    return unescaped(last) == last


def spellings(text: str) -> frozenset[str]:
    """Return a text as it may arrive: unescaped, plus signs as blanks, digits of any script as ASCII."""
    found = set(layers(text))
    found |= {spelling.replace("+", " ") for spelling in found}
    return frozenset(found | {_plain_digits(spelling) for spelling in found})


def _plain_digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.digit(one)) if unicodedata.digit(one, -1) >= 0 else one for one in plain)


def wholes(text: str) -> frozenset[int]:
    """Return the numbers, not negative, that a server may read in a text, with all their bits; 0 if there is none.

    Observed: the provider reads `12abc`, `+12`, `1_2` as 12 and `1,2` as 1; other frameworks read more, and a proxy may
    part a text at a slash that was escaped.
    """
    parts = {part for spelling in spellings(text) for part in (spelling, *_SLASH.split(spelling))}
    return frozenset(number for part in parts for number in _numbers(part)) or frozenset({0})


def gathered(text: str) -> frozenset[int]:
    """Return what a server reads in a path that takes the last digits of an id, as of a title with a number, or all.

    All of several ids are more than any counter of such ids has reached.
    """
    groups = _DIGITS.findall(_plain_digits(layers(text)[-1]))
    if not groups:
        return frozenset()
    every = whole("".join(groups))
    is_far = every > max(map(whole, groups)) * _FAR
    return frozenset({whole(groups[-1])} | (set() if is_far else {every}))


def truncated(number: int) -> frozenset[int]:
    """Return a number together with its low 32 and its low 64 bits."""
    return frozenset({number, number % 2**32, number % 2**64})


def readings(text: str) -> frozenset[int]:
    """Return all numbers that a server may read in a text."""
    return frozenset(reading for number in wholes(text) for reading in truncated(number))


def _numbers(text: str) -> Iterator[int]:
    if leading := _LEADING.match(text):
        yield whole(leading.group(1).replace("_", ""))
    for pattern, base in _BASED:
        if based := pattern.match(text):
            yield int(based.group(1).replace("_", "") or "0", base)
    if scientific := _FLOAT.match(text):
        yield _scientific(scientific.group(1).replace("_", ""))


def _scientific(text: str) -> int:
    mantissa, _, exponent = text.lower().partition("e")
    before, _, fraction = mantissa.partition(".")
    digits = before + fraction
    power = whole(exponent.lstrip("+-")) * (-1 if exponent.startswith("-") else 1) - len(fraction)
    return whole(digits) * 10 ** min(power, _ENOUGH_ZEROS) if power >= 0 else whole(digits[:power] or "0")


def whole(digits: str) -> int:
    """Return the number that some digits spell, however many; int() refuses more than about 4,300."""
    number = 0
    for start in range(0, len(digits), 4000):
        chunk = digits[start : start + 4000]
        number = number * 10 ** len(chunk) + int(chunk)
    return number
