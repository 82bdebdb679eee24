"""Finds out which one of the things that a cancel asks for at once breaks a clause."""

import json
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from cancel_contract.exchange.case import ALONE, AS_USUAL, TOGETHER
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.asking import JSON, QUERIED, Asked, asked, everything
from cancel_contract.run.scenarios.effect import first_cancel
from cancel_contract.supply.variations import FULL

_QUERY: Final = "query"
_HEADERS: Final = "headers"
_BODY: Final = "body"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a cancel asks for: a parameter of its query, a header, or a field of its body."""

    place: str
    name: str
    value: Any

    def __str__(self) -> str:
        return f"{self.name} in the {self.place}"


def parted(parts: dict[str, Any]) -> Iterator[Part]:
    """Yield each thing that the parts of a case ask for, place by place."""
    for parameter in filter(None, parts.get("query", "").split("&")):
        name, _, value = parameter.partition("=")
        yield Part(_QUERY, name, value)
    for name, value in parts.get("headers", ()):
        if (name, value) not in JSON:
            yield Part(_HEADERS, name, value)
    for name, value in json.loads(parts.get("body") or b"{}").items():
        yield Part(_BODY, name, value)


def together(parts: Sequence[Part]) -> dict[str, Any]:
    """Return the parts of a case that asks for all of some things."""
    headers = tuple((one.name, one.value) for one in parts if one.place == _HEADERS)
    fields = {one.name: one.value for one in parts if one.place == _BODY}
    query = "&".join(f"{one.name}={one.value}" for one in parts if one.place == _QUERY)
    if not fields:
        return {"headers": headers, "query": query}
    return {"headers": (*JSON, *headers), "query": query, "body": json.dumps(fields).encode()}


def bisect(context: Context, what: Asked) -> None:
    """Send what a cancel asks for place by place and then by halves, until one thing is left that breaks the same
    clauses; what takes several to break it is not found, and what a cancel breaks that asks for nothing hangs on none.
    """
    search = _Search(context, what)
    if search.breaks_plainly():
        return
    places = (tuple(each) for _, each in groupby(parted(what[2]), key=lambda one: one.place))
    suspects = next((each for each in places if search.breaks(each)), ())
    while len(suspects) > 1:
        half, rest = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]
        suspects = half if search.breaks(half) else rest
    if suspects and suspects != search.sent:
        # What is left after the other half has held.
        search.breaks(suspects)


def bisect_assigned(context: Context, keys: AbstractSet[str]) -> None:
    """Find out which of the fields that are to be assigned breaks a clause, in the first of the cases that did."""
    bisect_first(context, keys, everything(context), QUERIED)


def bisect_first(context: Context, keys: AbstractSet[str], *cases: Asked) -> None:
    """Find out which thing breaks a clause that the first of some cases asks for whose key is among those given."""
    if what := next((what for what in cases if f"{context.scenario}#{what[0]}" in keys), None):
        bisect(context, what)


class _Search:
    """Sends parts of what has broken a clause, each time on an active appointment that none of them has changed."""

    def __init__(self, context: Context, what: Asked) -> None:
        self._context = context
        self._key, self._intent, _ = what
        key = f"{context.scenario}#{self._key}"
        self._broken = frozenset(name for name, keys in context.ledger.broke.items() if key in keys)
        self._unchanged: Snapshot | None = None
        """The appointment of the last cancel, if that broke nothing."""
        self.sent: Sequence[Part] = ()
        """What was sent last."""

    def breaks_plainly(self) -> bool:
        """Whether a cancel that asks for nothing else shows the same difference."""
        known = {row.breach.cause for name in self._broken if (row := self._context.ledger.rows[name]).breach}
        before = {*self._context.judged.breaches}
        _, after = first_cancel(self._context, snapshot := self._active(), f"{self._key}{AS_USUAL}")
        found = [breach for name, breach in self._context.judged.breaches.items() if name not in before]
        self._unchanged = None if found else Snapshot(snapshot.id, after)
        return any(breach.cause in known for breach in found)

    def breaks(self, parts: Sequence[Part]) -> bool:
        """Whether a cancel that asks for these parts breaks one of the clauses that asking for all has broken."""
        told = f"{parts[0]}{ALONE}" if len(parts) == 1 else f"{len(parts)} from {parts[0]} on{TOGETHER}"
        key, self.sent = f"{self._key}, {told}", parts
        after = asked(self._context, self._active(), (key, self._intent, together(parts)))
        broke = self._context.ledger.broke
        is_broken = any(f"{self._context.scenario}#{key}" in broke[name] for name in self._broken)
        self._unchanged = None if is_broken else after
        return is_broken

    def _active(self) -> Snapshot:
        revived = self._context.revived(self._unchanged) if self._unchanged else None
        return self._context.fresh(FULL) if revived is None or revived.is_cancelled else revived
