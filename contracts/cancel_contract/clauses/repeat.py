"""Clauses repeat/...: cancels of a cancelled appointment, one after another.

Those at once, those of two members, and what is done to the appointment between two cancels have modules of their own.
"""

from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.clause import OPERATION, STATUS, Clause, Finding, Level, Terms
from cancel_contract.clauses.money import paid_otherwise, recorded_otherwise
from cancel_contract.clauses.statuses import one_of, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.changes import comment_replaced, observed_changes
from cancel_contract.exchange.compare import (
    COMMENT,
    TELLING,
    Payload,
    between_views,
    differences,
    documented_differences,
)
from cancel_contract.exchange.difference import Difference, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import FIRST_FAILURE, Exchange
from cancel_contract.exchange.spoken import asked_for

LONG_AFTER: Final = 50
"""Requests between two cancels that are far from one another."""


def _agains(episode: Episode) -> tuple[Exchange, ...]:
    """Return the repeated cancels, if the first one succeeded."""
    first = episode.one(Role.CANCEL)
    repeated = episode.kind is Kind.REPEAT and first is not None and first.status == 200
    return tuple(again for again in episode.all(Role.AGAIN) if again.answer) if repeated else ()


def _which(first: Exchange | None, second: Exchange) -> str:
    """Return which cancel a repeated one is: one that comes long after the first is no second one."""
    between = second.number - first.number if first else 0
    if first is None or between <= LONG_AFTER:
        return "the second cancel"
    seconds = (second.started - first.started).total_seconds()
    return f"a further cancel, {between} requests and {seconds:.1f} s after the first"


def _answer(episode: Episode, terms: Terms) -> Iterator[Finding]:
    for second in _agains(episode)[:1]:
        legal = terms.repeat_statuses
        told = f"{second.fact}, not {one_of(legal)}, on {_which(episode.one(Role.CANCEL), second)}"
        yield None if second.status in legal else wrong_status(second, one_of(legal), told)


def _many(episode: Episode, _: Terms) -> Iterator[Finding]:
    agains = _agains(episode)
    if agains and (agains[0].status or 0) >= FIRST_FAILURE:
        # What is broken by itself is no measure.
        return
    for number, later in enumerate(agains[1:], start=3):
        wanted = agains[0].status
        if later.status != wanted:
            told = f"{later.fact} on cancel {number}, not {wanted} as on the second"
            yield wrong_status(later, str(wanted), told)
        elif later.payload is not None and agains[0].payload is not None:
            found = differences(list(ACTION.changes), later.payload, agains[0].payload, telling=TELLING)
            yield broken_by(found, f"on cancel {number}, ", " as on the second", later)
        else:
            yield None


def _same_payload(episode: Episode, terms: Terms) -> Iterator[Finding]:
    first = episode.payload(Role.CANCEL)
    for again in _agains(episode):
        if again.status != 200 and again.status in terms.repeat_statuses:
            # Refused as the policy allows: there is no second payload to compare.
            yield None
        if again.status == 200 and first is not None and again.payload is not None:
            found = (*documented_differences(terms.fragment, again.payload, first), *_another_comment(episode, again))
            yield broken_by(found, "on a repeated cancel, ", " as on the first", again)


def _another_comment(episode: Episode, again: Exchange) -> Iterator[Difference]:
    """Another comment than that of the first cancel, where its caller cancels again: members may be shown others."""
    first = episode.one(Role.CANCEL)
    if first is not None and first.case.credential == again.case.credential:
        yield from comment_replaced(first.payload or {}, again.payload or {})


def _all_alike(episode: Episode, terms: Terms) -> Iterator[Finding]:
    first, later = episode.payload(Role.CANCEL), episode.one(Role.AGAIN)
    if episode.kind is not Kind.SAME or not later or first is None:
        return
    if first.get("id") != later.case.appointment or not ACTION.is_done(first):
        # An answer about another appointment, or with another status, is no measure.
        return
    if later.status != 200 and later.status in terms.repeat_statuses:
        # Refused as the policy allows: there is no second payload to compare.
        yield None
    if later.status == 200 and later.payload is not None:
        # Of cancels at once the later one may have been done first.
        found = (*between_views(terms.fragment, later.payload, first, None), *_another_comment(episode, later))
        yield broken_by(found, f"on {asked_for(later.case)}, ", " as on the first cancel", later)


def _between(episode: Episode) -> tuple[Payload, Payload] | None:
    """Return the reads between the first cancel and the repeated ones, and after them."""
    if not _agains(episode):
        return None
    reads = [read.payload for read in episode.all(Role.AFTER)]
    return (reads[0], reads[-1]) if len(reads) > 1 and reads[0] is not None and reads[-1] is not None else None


def _no_side_effect(episode: Episode, terms: Terms) -> Iterator[Finding]:
    if pair := _between(episode):
        found = (
            *documented_differences(terms.fragment, pair[1], pair[0]),
            *(one for one in observed_changes(terms.fragment, *pair) if one.field == COMMENT),
            *recorded_otherwise(pair[1], pair[0]),
            *paid_otherwise(pair[1], pair[0].get("expense") or {}),
        )
        yield broken_by(found, "after the repeated cancels, ", " as before them")


def _no_touch(episode: Episode, terms: Terms) -> Iterator[Finding]:
    pair = _between(episode)
    if pair and all("updated_at" in view for view in pair):
        # A worker may write what no page has a moment after the first cancel.
        besides = (one for one in observed_changes(terms.fragment, *pair) if one.field != COMMENT)
        found = (*differences(["updated_at"], pair[1], pair[0], telling=frozenset({"updated_at"})), *besides)
        yield broken_by(found, "after the repeated cancels, ")


CLAUSES: Final = (
    Clause("repeat/answer", Level.MUST, "observed", OPERATION,
           "A second cancel answers as the policy says", _answer, evidence=STATUS),
    Clause("repeat/many", Level.MUST, "observed", OPERATION,
           "The third, fourth and fifth cancel answer as the second", _many, evidence=STATUS),
    Clause("repeat/same-payload", Level.MUST, "observed", "/components/schemas/Envelope",
           "A repeated cancel that succeeds gives the payload of the first", _same_payload, evidence=STATUS),
    Clause("repeat/all-alike", Level.MUST, "observed", "/components/schemas/Envelope",
           "However a cancelled appointment is cancelled again, whatever succeeds answers as the first", _all_alike,
           evidence=STATUS),
    Clause("repeat/no-side-effect", Level.MUST, "observed", "/components/schemas/Appointment",
           "Repeated cancels change nothing that is documented, and no comment", _no_side_effect, evidence=STATUS),
    Clause("repeat/no-touch", Level.SHOULD, "observed", "/components/schemas/Appointment",
           "Repeated cancels do not touch the time of the last change, nor what is undocumented", _no_touch, evidence=STATUS),
)  # fmt: skip
"""The clauses of repeats, in the order in which they are read."""
