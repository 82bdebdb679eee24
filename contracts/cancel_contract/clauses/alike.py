"""Compares two refusals, and masks what differs between any two requests.

Two requests for the same absent appointment show which characters of an answer differ by themselves, such as a time or
a trace id. Only these characters are masked, never a whole field, so that the rest of the text still counts.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from cancel_contract.exchange.difference import Broken, Difference, broken_by
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.quantities import counted
from cancel_contract.redaction.personal_data import discreet_key

_PART: Final = re.compile(r"[^\W_]+|[\W_]")
"""A run of letters and digits, or any other character."""
_RUN: Final = r"[^\W_]+"
_ID: Final = re.compile(r"/appointments/(\d+)")
_WHERE: Final = {"the content type": "content-type", "the body": "body"}
_MARKS: Final = (",", ".", " ", "'", "\u00a0", "\u202f")
"""What parts thousands."""
_LONGEST: Final = 100
"""Characters of a text that a difference shows."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The type and the text of one value in an answer."""

    type: str
    text: str

    def __str__(self) -> str:
        return repr(self.text[:_LONGEST]) if self.type == "text" else self.text


def difference(exchange: Exchange, one: Exchange, other: Exchange, before: str = "", after: str = "") -> Broken | None:
    """How a refusal differs from two that were given for one and the same thing; nothing where it is alike.

    Each may name the id that its own request names. `before` and `after` complete the sentence.
    """
    return broken_by(_differences(exchange, one, other), before, after)


def _differences(exchange: Exchange, one: Exchange, other: Exchange) -> Iterator[Difference]:
    answer, first, second = exchange.answer, one.answer, other.answer
    if answer is None or first is None or second is None:
        return
    if answer.status not in {first.status, second.status}:
        yield Difference("status", "status", str(answer.status), str(first.status))
        return
    mine, known, twin = (dict(_leaves_of(it)) for it in (exchange, one, other))
    ids = _Ids(one, exchange)
    for place in dict.fromkeys((*known, *mine)):
        pair = _at(mine.get(place), known.get(place), twin.get(place), ids)
        if pair:
            got, wanted = pair
            where = _WHERE.get(place, f"/{place}")
            yield Difference("body", where, ids.hidden(got), ids.hidden(wanted), f"{place} is {got}, not {wanted}")


def texts_of(exchange: Exchange) -> tuple[str, ...]:
    """Everything that an answer's body says, with placeholders for the id of its request and of its appointment."""
    hidden = _Ids(exchange, exchange).hidden
    return tuple(hidden(leaf.text) for _, leaf in _leaves_of(exchange))


class _Ids:
    """The ids that two requests name."""

    def __init__(self, theirs: Exchange, ours: Exchange) -> None:
        both = [_ID.search(one.case.path) for one in (theirs, ours)]
        self._new = both[1][1] if both[1] else ""
        self._theirs, self._ours = (_spelled(int(found[1])) if found and all(both) else [] for found in both)

    def hidden(self, text: str) -> str:
        """A text without the ids of the two requests."""
        return _without(_without(text, self._theirs), self._ours)

    def alike(self, here: str, there: str, again: str) -> bool:
        """Whether a text of the own request is that of two others, but for the ids, however they are spelled."""
        names = _matches(here, *(self._swapped(text) for text in (there, again)))
        return names or _matches(_without(here, self._ours), *(_without(it, self._theirs) for it in (there, again)))

    def _swapped(self, text: str) -> str:
        for spelling in self._theirs:
            text = text.replace(spelling, self._new)
        return text


def _without(text: str, spellings: Sequence[str]) -> str:
    for spelling in spellings:
        text = re.sub(rf"(?<!\d){re.escape(spelling)}(?!\d)", "<id>", text)
    return text


def _matches(here: str, there: str, again: str) -> bool:
    return re.fullmatch(_pattern(there, again), here, re.DOTALL) is not None


def _spelled(number: int) -> list[str]:
    """Return an id as servers write it, the longest first: one that keeps numbers as floats writes trailing zeros into a
    large id, and one that writes for people parts it by thousands.
    """
    rounded, parted = repr(float(number)), f"{number:,}"
    told = {str(number), rounded, f"{Decimal(rounded):f}", *(parted.replace(",", mark) for mark in _MARKS)}
    return sorted(told, key=len, reverse=True)


def _at(here: _Leaf | None, there: _Leaf | None, again: _Leaf | None, ids: _Ids) -> tuple[str, str] | None:
    """What stands at one place of a refusal and of the first of the two others, where that differs."""
    if here is None:
        # What comes in one of the two only comes and goes by itself.
        return ("missing", str(there)) if again is not None else None
    if there is None:
        return None if again is not None else (str(here), "missing")
    if again is None or there.type != again.type:
        return None
    is_alike = here.type == there.type and ids.alike(here.text, there.text, again.text)
    return None if is_alike else (str(here), str(there))


def _leaves_of(exchange: Exchange) -> Iterator[tuple[str, _Leaf]]:
    """Yield what stands in an answer, with a placeholder for the id of its request, which an answer may repeat."""
    own = exchange.request_id
    for place, leaf in _leaves(exchange.answer) if exchange.answer else ():
        yield place, replace(leaf, text=leaf.text.replace(own, "<request id>")) if own else leaf


def _leaves(answer: Answer) -> Iterator[tuple[str, _Leaf]]:
    yield "the content type", _Leaf("text", (answer.header("content-type") or "").split(";")[0].strip().lower())
    if answer.json is None:
        yield "the body", _Leaf("text", answer.body.decode(errors="replace"))
        return
    stack: list[tuple[str, object]] = [("", answer.json)]
    while stack:
        place, value = stack.pop()
        name = place or "the body"
        if isinstance(value, dict):
            yield name, _Leaf("object", "an object")
            stack.extend(
                (f"{place}/{discreet_key(str(key))}".lstrip("/"), inner) for key, inner in reversed(value.items())
            )
        elif isinstance(value, list):
            yield name, _Leaf("array", f"an array of {counted(len(value), 'entry')}")
            stack.extend((f"{place}/{number}".lstrip("/"), inner) for number, inner in reversed([*enumerate(value)]))
        elif isinstance(value, str):
            yield name, _Leaf("text", value)
        else:
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            yield name, _Leaf("number" if numeric else "word", json.dumps(value))


def _pattern(one: str, other: str) -> str:
    """Return a pattern that matches two texts, and every text that differs from them only where they differ."""
    if one == other:
        return re.escape(one)
    words, others = (re.split(r"(\s+)", text) for text in (one, other))
    if len(words) != len(others):
        return _between(words, others, ".*")
    return "".join(_word(here, there) for here, there in zip(words, others, strict=True))


def _word(one: str, other: str) -> str:
    if one == other:
        return re.escape(one)
    parts, others = _PART.findall(one), _PART.findall(other)
    if len(parts) != len(others):
        return _between(parts, others, r"\S*")
    pairs = list(zip(parts, others, strict=True))
    if any(here != there and not (here.isalnum() and there.isalnum()) for here, there in pairs):
        return _between(parts, others, r"\S*")
    return "".join(re.escape(here) if here == there else _RUN for here, there in pairs)


def _between(one: Sequence[str], other: Sequence[str], gap: str) -> str:
    """Return the common beginning and the common end of two texts."""
    most = min(len(one), len(other))
    begin = next((place for place in range(most) if one[place] != other[place]), most)
    end = next((place for place in range(most - begin) if one[-1 - place] != other[-1 - place]), most - begin)
    return re.escape("".join(one[:begin])) + gap + re.escape("".join(one[len(one) - end :]))
