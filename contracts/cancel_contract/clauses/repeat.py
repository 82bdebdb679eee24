"""Clauses repeat/...: repeated cancels, parallel cancels, and a cancel after a lost answer.

Those of two members, and of what is done to the appointment between two cancels, have modules of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import (
    FIELDS,
    OPERATION,
    STATUS,
    Clause,
    Finding,
    Level,
    Terms,
    otherwise_accepted,
)
from cancel_contract.clauses.effect import CLIENT
from cancel_contract.clauses.identity import wrong_id
from cancel_contract.clauses.money import AMOUNTS, recorded_otherwise
from cancel_contract.clauses.statuses import one_of, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.changes import comment_lost, comment_replaced, observed_changes
from cancel_contract.exchange.compare import (
    COMMENT,
    TELLING,
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
from cancel_contract.exchange.exchange import FIRST_FAILURE, Exchange
from cancel_contract.exchange.spoken import asked_for

_BURSTS: Final = frozenset({Kind.BURST, Kind.SPREAD})
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
            *observed_changes(terms.fragment, *pair),
            *recorded_otherwise(pair[1], pair[0]),
        )
        yield broken_by(found, "after the repeated cancels, ", " as before them")


def _no_touch(episode: Episode, _: Terms) -> Iterator[Finding]:
    pair = _between(episode)
    if pair and "updated_at" in pair[0]:
        found = differences(["updated_at"], pair[1], pair[0], telling=frozenset({"updated_at"}))
        yield broken_by(found, "after the repeated cancels, ")


def _bursts(episode: Episode) -> Sequence[Exchange]:
    return [one for one in episode.all(Role.AGAIN) if one.answer] if episode.kind in _BURSTS else []


def _parallel_answers(episode: Episode, terms: Terms) -> Iterator[Finding]:
    burst, legal = _bursts(episode), terms.repeat_statuses | {200}
    if any(otherwise_accepted(one) for one in burst):
        return
    for one in burst:
        told = f"{one.fact}, not {one_of(legal)}, for a cancel at the same moment as others"
        yield None if one.status in legal else wrong_status(one, one_of(legal), told)
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
                names = one.payload.keys() & wanted.keys() & {*CLIENT}
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
            found = (*_one_effect(before, after), *_comment_lost(burst, before, after))
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
           "Repeated cancels change nothing", _no_side_effect, evidence=STATUS),
    Clause("repeat/no-touch", Level.SHOULD, "observed", "/components/schemas/Appointment",
           "Repeated cancels do not even touch the time of the last change", _no_touch, evidence=STATUS),
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
"""The family, in the order in which it is read."""
