"""Clauses effect/... of a cancel beside another writer: together they do what they do in some order.

What a target does with the same two requests one after another is never a breach of these, however unusual: where a
race fits no order of the usual effects, both orders are played, and the episode shows them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import FIELDS, OPERATION, STATUS, Clause, Finding, Level, NotApplicable, Terms
from cancel_contract.clauses.race_orders import (
    NO_ROUTE,
    can_be_told,
    fits_no_order,
    is_learnt,
    is_of_an_update,
    is_unauthorized,
    parts_of,
    writers_of,
)
from cancel_contract.clauses.race_sentences import told_of
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange


def _raced(intent: Intent) -> Callable[[Episode, Terms], Iterator[Finding]]:
    def findings(episode: Episode, _: Terms) -> Iterator[Finding]:
        race, *learned = parts_of(episode)
        one, after = race.one(Role.CANCEL), race.one(Role.AFTER)
        beside = next(iter(writers_of(race, {intent})), None)
        if episode.kind is not Kind.RACE or not one or not beside or not after:
            return
        if reason := _absent(beside, after):
            yield NotApplicable(reason)
        elif can_be_told(race, {intent}):
            found = () if is_learnt(race, learned, intent) else fits_no_order(race, {intent})
            if found and _is_told_otherwise(race, beside):
                found = ()
            breach = told_of(found, race, (one, beside), learned)
            yield replace(breach, beside=beside) if breach else None

    return findings


def _is_told_otherwise(race: Episode, beside: Exchange) -> bool:
    """Whether a booking was refused, and what came of the race is an update's to tell."""
    return beside.case.intent is Intent.CREATE and beside.is_refused and is_of_an_update(race)


def _absent(beside: Exchange, after: Exchange) -> str:
    """Return why another writer cannot write at all; empty if it can."""
    fact = f"{beside.case.method} of an appointment answers {beside.status}"
    if beside.case.intent is Intent.CREATE or after.payload is None:
        return ""
    if is_unauthorized(beside):
        return f"{fact}: the member may not do that"
    return f"{fact}: there is no such operation" if beside.status in NO_ROUTE else ""


CLAUSES: Final = (
    Clause("effect/other-writer", Level.MUST, "policy", f"{FIELDS}/status",
           "A cancel beside an update ends as one after the other: nothing that was answered is lost",
           _raced(Intent.UPDATE), evidence=STATUS),
    Clause("effect/slot-race", Level.MUST, "policy", OPERATION,
           "A cancel beside a booking of its slot ends as one after the other: at most one has the slot",
           _raced(Intent.CREATE), evidence=STATUS),
    Clause("effect/deleted", Level.MUST, "policy", OPERATION,
           "A cancel beside a deletion ends as one after the other: what was deleted does not come back",
           _raced(Intent.DELETE), evidence=STATUS),
)  # fmt: skip
"""The family's clauses of races, in the order in which they are read."""
