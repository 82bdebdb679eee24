"""Path parsing: which accounts and appointments a request names, however they are spelled."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from cancel_contract.fragment.endpoint import pattern
from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.guard.id_readings import layers

_ROOT: Final = re.compile(rf"{pattern(ENDPOINT.collection, '[^/]*')}(?P<rest>/.*)?", re.IGNORECASE | re.DOTALL)
_ACCOUNT, _APPOINTMENT = (re.compile(rf"(?<=/{noun}/)[^/]*", re.IGNORECASE) for noun in ENDPOINT.nouns)
_BEYOND: Final = re.compile(rf"(?<=/{ENDPOINT.verb}/)[^/]*", re.IGNORECASE)
_VERB: Final = re.compile(rf"{ENDPOINT.verb}[^0-9]*", re.IGNORECASE | re.DOTALL)
_OVERRIDING: Final = re.compile(r"(^|[?&;])[\s_]*method(=|\[)", re.IGNORECASE)

_IDS: Final = (_APPOINTMENT, _BEYOND)
"""Where a path names an appointment: behind the noun, and, to a server that takes more than one, behind the action."""
_CLIMB: Final = "/{0}/../{0}/".format(ENDPOINT.nouns[1])

MOST_SEGMENTS: Final = 2
"""What may stand in a path after `appointments`: an id, and the action; behind it one more id, as a number."""


def path_of(target: str) -> str:
    """Return a request target without its query."""
    return target.partition("?")[0]


def query_of(target: str) -> str:
    """Return the query of a request target."""
    return target.partition("?")[2]


def _forms(layer: str) -> Iterator[str]:
    """Yield a path in each form into which servers and proxies may normalise it."""
    slashed = re.sub(r"/{2,}", "/", layer.replace("\\", "/"))
    # Some strip parameters (`;x=1`) before they resolve dots: `..;` is `..` to them.
    for form in (slashed, re.sub(r";[^/]*", "", slashed), re.sub(r"[?#].*", "", slashed, flags=re.DOTALL)):
        yield form
        yield _undotted(form)
        yield unicodedata.normalize("NFKC", form)


def _undotted(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and kept:
            kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


@lru_cache(maxsize=64)
def _paths(target: str) -> frozenset[str]:
    return frozenset(form for layer in layers(path_of(target)) for form in _forms(layer))


def accounts(target: str) -> tuple[str, ...]:
    """Return the texts that a server may read as the account in a request target."""
    return tuple(sorted({text for path in _paths(target) for text in _ACCOUNT.findall(path)}))


def appointments(target: str) -> tuple[str, ...]:
    """Return the texts that a server may read as the appointment in a request target."""
    return tuple(sorted({text for path in _paths(target) for part in _IDS for text in part.findall(path)}))


def cancels(target: str) -> bool:
    """Whether the action stands in a request target's path, in whatever spelling."""
    return any(ENDPOINT.verb in path.lower() for path in _paths(target))


def overrides(target: str) -> bool:
    """Whether the query asks for another method."""
    return any(_OVERRIDING.search(layer) for layer in layers(query_of(target)))


def is_one_appointment(target: str) -> bool:
    """Whether a request target, in every reading, is one appointment or its cancel."""
    path = path_of(target)
    if not all(_ROOT.fullmatch(form) for form in _paths(target)):
        return False
    # An escaped slash makes one more segment of an id: `12%2F2`, which is 12 to the real server (observed).
    return _is_one(path, MOST_SEGMENTS) and all(_is_one(form, MOST_SEGMENTS + 1) for form in _forms(layers(path)[-1]))


def _is_one(path: str, most: int) -> bool:
    # Each step of the climb names no appointment but the one at its end.
    found = _ROOT.fullmatch(re.sub(r"/{2,}", "/", path).replace(_CLIMB, f"/{ENDPOINT.nouns[1]}/", 1))
    segments = [segment for segment in (found["rest"] or "" if found else "").split("/") if segment not in {"", "."}]
    if not segments or _VERB.fullmatch(segments[0]):
        return False
    if len(segments) > MOST_SEGMENTS and segments[1].lower() == ENDPOINT.verb and _is_number(segments[-1]):
        segments.pop()
    ends = len(segments) == 1 or _VERB.fullmatch(segments[-1]) is not None or most == MOST_SEGMENTS
    return len(segments) <= most and ends


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
