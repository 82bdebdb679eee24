"""Clauses readonly/...: an appointment that was imported from another system."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.clause import (
    BODY,
    OPERATION,
    STATUS,
    Clause,
    Finding,
    Level,
    NotApplicable,
    Terms,
)
from cancel_contract.clauses.shared_appointments import cancelled_or_emptied
from cancel_contract.clauses.statuses import one_of, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload, documented_differences, spelled
from cancel_contract.exchange.difference import broken, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.snapshot import MODE, RECEIPT, Snapshot

_LEGAL: Final = frozenset({403, 409, 422})
"""422 is observed; the others say as clearly that it is not to be changed (RFC 9110, 15.5)."""
_LOCAL: Final = "local_only"
_REFUSED: Final = f"{OPERATION}/responses/422"


def _not_sent(episode: Episode) -> NotApplicable | None:
    """What the read before showed if no cancel was sent, because the cancel could not have been undone."""
    before = episode.one(Role.BEFORE)
    if episode.kind is not Kind.READONLY or before is None or episode.one(Role.CANCEL):
        return None
    snapshot = Snapshot(before.case.appointment or 0, before)
    return (
        NotApplicable(f"appointment {snapshot.id} was not cancelled: {snapshot.not_undone}")
        if snapshot.not_undone
        else None
    )


def _handed_on(episode: Episode) -> NotApplicable | None:
    """A cancel that answered 200: the target is of a generation that does not refuse it."""
    cancel, views = episode.one(Role.CANCEL), _views(episode)
    if cancel is None or cancel.status != 200 or not views:
        return None
    is_cancelled = ACTION.is_done(views[-1])
    if not is_cancelled and any(RECEIPT in view for view in views):
        return NotApplicable(f"it answers 200 with a {RECEIPT}: the cancel is handed on to the clinic's own system")
    if is_cancelled and any(view.get(MODE) == _LOCAL for view in views):
        return NotApplicable(
            f"it answers 200, and {MODE} is {_LOCAL!r}: an imported appointment is cancelled here only"
        )
    return None


def _views(episode: Episode) -> list[Payload]:
    payloads = (episode.payload(role) for role in (Role.BEFORE, Role.CANCEL, Role.AFTER))
    return [payload for payload in payloads if payload is not None]


def _refusal(episode: Episode, _: Terms) -> Iterator[Finding]:
    cancel = episode.one(Role.CANCEL)
    if absent := _not_sent(episode):
        yield absent
    if episode.kind is Kind.READONLY and cancel and cancel.answer:
        kept = cancel.status in _LEGAL
        told = f"{cancel.fact}, not {one_of(_LEGAL)}, for a cancel of an imported appointment"
        yield None if kept else _handed_on(episode) or wrong_status(cancel, one_of(_LEGAL), told)


def _untouched(episode: Episode, terms: Terms) -> Iterator[Finding]:
    before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if absent := _not_sent(episode):
        yield absent
    if episode.kind is Kind.READONLY and before is not None and after and after.answer:
        handed_on = _handed_on(episode)
        if handed_on and after.payload is not None:
            is_cancelled = ACTION.is_done(after.payload)
            wanted = ACTION.after(before) if is_cancelled else before
            found = documented_differences(terms.fragment, after.payload, wanted)
            yield broken_by(found, "after a cancel of an imported appointment, ") or handed_on
        else:
            yield cancelled_or_emptied(terms.fragment, before, after, "after a cancel of an imported appointment")


def _code(episode: Episode, _: Terms) -> Iterator[Finding]:
    cancel = episode.one(Role.CANCEL)
    if absent := _not_sent(episode):
        yield absent
    if episode.kind is Kind.READONLY and cancel and cancel.answer and cancel.status == 422:
        code = spelled(cancel.answer.json if isinstance(cancel.answer.json, dict) else {}, "code")
        wanted = repr("APPOINTMENT_READ_ONLY")
        yield None if code == wanted else broken("body", "/code", code, wanted)
    elif episode.kind is Kind.READONLY and (handed_on := _handed_on(episode)):
        yield handed_on


_NEEDS: Final = ("readonly_appointment_id",)

CLAUSES: Final = (
    Clause("readonly/refused", Level.MUST, "observed", _REFUSED,
           "The cancel of an imported appointment is refused", _refusal, needs=_NEEDS, evidence=STATUS),
    Clause("readonly/untouched", Level.MUST, "observed", _REFUSED,
           "An imported appointment is not cancelled, and loses no money", _untouched, needs=_NEEDS, evidence=STATUS),
    Clause("readonly/code", Level.SHOULD, "observed", _REFUSED,
           "The refusal has the code APPOINTMENT_READ_ONLY", _code, needs=_NEEDS, evidence=BODY),
)  # fmt: skip
"""The family, in the order in which it is read."""
