"""Says what evidence has in common with other evidence: of its requests, and of the appointment before."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.described import standing, traits
from cancel_contract.exchange.episode import Episode, Evidence, Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.spoken import (
    ANSWERED,
    BODILESS,
    NOT_READ,
    OF_WHAT,
    OTHER_MEMBER,
    READ,
    SHORT_HEADER,
    TURNED_AWAY,
    in_words,
    parts_of,
    spoken,
)
from cancel_contract.ledger.memory import Memory
from cancel_contract.ledger.steps import OF_A_RUN, SCENARIO, last_of

_NAME: Final = re.compile(r"[a-z]+(-[a-z]+)*", re.IGNORECASE)
_USUAL: Final = frozenset({"accept", "content-type"})


def named(evidence: Evidence) -> tuple[str, ...]:
    """Return the name of what was judged, see `row.Name`; empty in a recording."""
    exchanges = [evidence] if isinstance(evidence, Exchange) else [one for _, one in evidence.steps]
    keys = sorted(one.case.key for one in exchanges)
    if not any(SCENARIO.match(key) for key in keys):
        return ()
    return tuple(keys) if isinstance(evidence, Exchange) else (evidence.kind.value, evidence.topic, *keys)


def common(evidence: Evidence, memory: Memory) -> frozenset[str]:
    """Return what evidence may have in common with other evidence: of the requests, and of the appointment before."""
    return frozenset(_common_to_one(evidence, memory) if isinstance(evidence, Exchange) else _common(evidence, memory))


def _common_to_one(one: Exchange, memory: Memory) -> Iterator[str]:
    if one.status is not None:
        yield f"{ANSWERED} {one.status}"
    yield from _asked(one)
    past = memory.before(one)
    if _is_anothers(one, past.requests):
        yield OTHER_MEMBER
    yield from past.traits
    yield from past.repeats
    yield from past.begins(one.started)
    if past.payload is None:
        yield from traits(one.payload or {})


def _common(evidence: Episode, memory: Memory) -> Iterator[str]:
    if evidence.kind in OF_A_RUN:
        # What many requests have between them, no single one need have.
        return
    if (of_what := spoken(evidence.topic)) in OF_WHAT:
        yield of_what
    cancels = [one for _, one in evidence.steps if one.case.is_under_test]
    if evidence.kind is Kind.SLOT and cancels:
        # Any of several cancels may have held what is booked.
        changes = memory.changes(cancels[0].case.appointment, last_of(evidence).number)
        cancels = [one for one in changes if one.case.is_under_test] or cancels
    for one in cancels:
        yield from _asked(one)
    if any(_is_anothers(one, cancels[:1]) for one in cancels[1:2]):
        yield OTHER_MEMBER
    if cancels:
        yield from _of_past(cancels, memory)
    before = evidence.one(Role.BEFORE)
    if before is not None and before.payload is not None:
        yield READ if before.case.intent is Intent.READ else NOT_READ
        yield from standing(before.payload)
        yield from traits(before.payload)
        if not cancels:
            yield from _done_by(before, memory)
    elif cancels and before is None:
        yield from memory.before(cancels[0]).traits


def _of_past(cancels: Sequence[Exchange], memory: Memory) -> Iterator[str]:
    """Yield what was done to an appointment before its first cancel, and how often it was cancelled before the last."""
    past = memory.before(cancels[0])
    yield from past.updates
    yield from past.made
    yield from past.begins(cancels[0].started)
    yield from memory.before(cancels[-1]).repeats


def _is_anothers(again: Exchange, earlier: Sequence[Exchange]) -> bool:
    """Whether an appointment is cancelled again, by another member than the first time."""
    done = (one for one in earlier if one.case.is_under_test and one.status == OK)
    first = next(done, None)
    return first is not None and first.case.credential.holder is not again.case.credential.holder


def _done_by(seen: Exchange, memory: Memory) -> Iterator[str]:
    """Yield how an appointment was cancelled that nobody has cancelled since."""
    requests = (one for one in memory.before(seen).requests if one.case.is_under_test and one.status == OK)
    yield from (f"it was cancelled by {in_words(one.case)}" for one in islice(requests, 1))


def _asked(one: Exchange) -> Iterator[str]:
    yield from parts_of(one.case)
    if one.case.body is None and one.case.intent in TURNED_AWAY:
        yield BODILESS
    for name, value in one.case.headers:
        # Generated headers may have any name.
        if name not in _USUAL and _NAME.fullmatch(name):
            yield (
                f"with {name} {value.decode(errors='replace')}"
                if len(value) <= SHORT_HEADER
                else f"with a header {name}"
            )
