"""Clauses repeat/parallel-... and repeat/after-lost-answer: several cancels at once, and one sent again unanswered."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import FIELDS, OPERATION, STATUS, Clause, Finding, Level, Terms, otherwise_accepted
from cancel_contract.clauses.effect import CLIENT, REFERENCES
from cancel_contract.clauses.identity import wrong_id
from cancel_contract.clauses.money import AMOUNTS
from cancel_contract.clauses.statuses import is_held_up, one_of, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.changes import comment_lost
from cancel_contract.exchange.compare import (
    COMMENT,
    Payload,
    between_views,
    differences,
    documented_differences,
    expense_differs,
    field_differs,
    payments_differ,
    spelled,
)
from cancel_contract.exchange.difference import Broken, Difference, broken, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange

_BURSTS: Final = frozenset({Kind.BURST, Kind.SPREAD})
_KEPT: Final = (*CLIENT, "starts_at", *(name for name in REFERENCES if name != "id"))
"""What threads that share a variable take from one another's appointments, beside the id; an end may be derived anew."""


def _bursts(episode: Episode) -> Sequence[Exchange]:
    return [one for one in episode.all(Role.AGAIN) if one.answer] if episode.kind in _BURSTS else []


def _parallel_answers(episode: Episode, terms: Terms) -> Iterator[Finding]:
    burst, legal = _bursts(episode), terms.repeat_statuses | {200}
    if any(otherwise_accepted(one) for one in burst):
        return
    for one in burst:
        told = f"{one.fact}, not {one_of(legal)}, for a cancel at the same moment as others"
        yield None if one.status in legal or is_held_up(one) else wrong_status(one, one_of(legal), told)
    wins: dict[int | None, int] = {one.case.appointment: 0 for one in burst}
    for one in burst:
        wins[one.case.appointment] += one.status == 200
    for number, count in wins.items():
        if count == 0:
            told = f"none of the parallel cancels of appointment {number} answered 200"
            yield broken("status", "parallel cancels", "none answered 200", "1 answered 200", told)
        elif terms.repeat_policy == "rejected":
            told = f"{count} parallel cancels of one appointment answered 200, not 1"
            many = broken("status", "parallel cancels", "several answered 200", "1 answered 200", told)
            yield None if count == 1 else many


def _parallel_agree(episode: Episode, terms: Terms) -> Iterator[Finding]:
    first: dict[int | None, Payload] = {}
    seen = (read.payload for read in episode.all(Role.BEFORE) if read.payload is not None)
    expected: dict[int | None, Payload] = {
        number: ACTION.after(payload) for payload in seen if isinstance(number := payload.get("id"), int)
    }
    for one in _bursts(episode):
        if one.status == 200 and one.payload is not None:
            known, wanted = first.get(one.case.appointment), expected.get(one.case.appointment)
            first.setdefault(one.case.appointment, one.payload)
            if known is not None:
                found = between_views(terms.fragment, one.payload, known, wanted)
                yield broken_by(found, "of two parallel answers, in one ", " as in the other")
            elif wanted is not None:
                names = one.payload.keys() & wanted.keys() & {*(_KEPT if episode.kind is Kind.SPREAD else CLIENT)}
                found = differences(sorted(names), one.payload, wanted)
                yield broken_by(found, "in the answer to a parallel cancel, ", " as before it", one)


def _pairs(episode: Episode) -> Iterator[tuple[Payload, Payload]]:
    """Return each appointment of a burst as it was before and after."""
    if episode.kind in _BURSTS | {Kind.LOST}:
        for before, after in zip(episode.all(Role.BEFORE), episode.all(Role.AFTER), strict=False):
            if before.payload is not None and after.payload is not None:
                yield before.payload, after.payload


def _one_effect(before: Payload, after: Payload) -> Iterator[Difference]:
    yield from differences(AMOUNTS, after, before)
    yield from payments_differ(after, before)
    expense = before.get("expense")
    if isinstance(expense, dict) and expense.get("status") == "unpaid":
        if after.get("expense") is not None:
            yield field_differs(after, "expense", None, "the unpaid expense is still there").cause
    else:
        yield from expense_differs(after, before)


def _parallel_one_effect(episode: Episode, _: Terms) -> Iterator[Finding]:
    burst = _bursts(episode)
    if any(one.status == 200 for one in burst):
        for before, after in _pairs(episode):
            kept = [name for name in _KEPT if name in before] if episode.kind is Kind.SPREAD else ()
            found = (
                *_one_effect(before, after),
                *differences(kept, after, before),
                *_comment_lost(burst, before, after),
            )
            yield broken_by(found, "after parallel cancels, ", shown_by=_worst_of(burst, after))


def _comment_lost(burst: Sequence[Exchange], before: Payload, after: Payload) -> Iterator[Difference]:
    """A comment that is lost without any answer that shows so: a cancel may write one, or hide it, and answer so."""
    own = (one.payload or {} for one in burst if one.status == 200 and one.case.appointment == after.get("id"))
    if not any(COMMENT in shown and (shown[COMMENT] or None) == (after.get(COMMENT) or None) for shown in own):
        yield from comment_lost(before, after)


def _parallel_final_state(episode: Episode, _: Terms) -> Iterator[Finding]:
    if any(one.status == 200 for one in _bursts(episode)):
        for _before, after in _pairs(episode):
            shown_by = _worst_of(_bursts(episode), after)
            yield next((replace(found, shown_by=shown_by) for found in _not_cancelled(after)), None)


def _worst_of(burst: Sequence[Exchange], view: Payload) -> Exchange | None:
    """Return the cancel of an appointment that says most of why it is not as it ought to be: one that failed."""
    own = (one for one in burst if one.case.appointment == view.get("id"))
    return min(own, key=lambda one: one.status == 200, default=None)


def _not_cancelled(after: Payload) -> Iterator[Broken]:
    for field, wanted in ACTION.changes.items():
        if field in after and after[field] != wanted:
            told = f"after parallel cancels, {field} is {spelled(after, field)}, not {wanted!r}"
            yield field_differs(after, field, wanted, told)


def _parallel_own_answer(episode: Episode, _: Terms) -> Iterator[Finding]:
    if episode.kind is Kind.SPREAD:
        for one in _bursts(episode):
            if one.payload is not None:
                given, asked = one.payload.get("id"), one.case.appointment
                told = f"a parallel cancel of {asked} was answered with {spelled(one.payload, 'id')}"
                yield None if given == asked else wrong_id(one.payload, told)


def _after_lost_answer(episode: Episode, terms: Terms) -> Iterator[Finding]:
    again = episode.one(Role.AGAIN)
    if episode.kind is not Kind.LOST or not again or not again.answer or otherwise_accepted(again):
        return
    legal = terms.repeat_statuses | {200}
    if again.status not in legal:
        told = f"{again.fact}, not {one_of(legal)}, when a cancel is sent again after its answer was lost"
        yield wrong_status(again, one_of(legal), told)
        return
    for before, after in _pairs(episode):
        found = documented_differences(terms.fragment, after, ACTION.after(before))
        yield broken_by(found, "after a lost answer and a second try, ")
        shown = (again.payload or {}) if again.status == 200 else {}
        states = [*differences([name for name in ACTION.changes if name in shown], shown, ACTION.after(before))]
        if states:
            yield broken_by(states, "in the answer to a second try after a lost answer, ", shown_by=again)


CLAUSES: Final = (
    Clause("repeat/parallel-answers", Level.MUST, "observed", OPERATION,
           "Each of several cancels at once has a legal answer", _parallel_answers, evidence=STATUS),
    Clause("repeat/parallel-agree", Level.MUST, "observed", "/components/schemas/Envelope",
           "Parallel cancels of one appointment answer alike, with its own client", _parallel_agree, evidence=STATUS),
    Clause("repeat/parallel-one-effect", Level.MUST, "observed", f"{FIELDS}/payments",
           "Parallel cancels have one effect, nothing is doubled or lost", _parallel_one_effect, evidence=STATUS),
    Clause("repeat/parallel-final-state", Level.MUST, "observed", f"{FIELDS}/status",
           "After parallel cancels the appointment is cancelled", _parallel_final_state, evidence=STATUS),
    Clause("repeat/parallel-own-answer", Level.MUST, "documented", "/components/parameters/AppointmentId",
           "Parallel cancels of several appointments are each answered for their own", _parallel_own_answer,
           evidence=STATUS),
    Clause("repeat/after-lost-answer", Level.MUST, "policy", OPERATION,
           "A cancel sent again after a lost answer is safe", _after_lost_answer, evidence=STATUS),
)  # fmt: skip
"""The clauses of parallel cancels and of a lost answer, in the order in which they are read."""
