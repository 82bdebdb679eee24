"""readonly/...: an appointment imported from another system."""

from collections.abc import Iterator
from typing import Final

from contracts.clauses.clause import OPERATION, Clause, Finding, Level, NotApplicable, Terms
from contracts.clauses.compare import change
from contracts.episode import Episode, Kind, Role
from contracts.held import Held

_REFUSED: Final = f"{OPERATION}/responses/422"


def _not_sent(episode: Episode) -> NotApplicable | None:
    """What the read before has shown where no cancel was sent: that it could not be undone."""
    before = episode.one(Role.BEFORE)
    if episode.kind is not Kind.READONLY or before is None or episode.one(Role.CANCEL):
        return None
    held = Held(before.case.appointment or 0, before)
    return NotApplicable(f"appointment {held.id} was not cancelled: {held.not_undone}") if held.not_undone else None


def _refusal(episode: Episode, _: Terms) -> Iterator[Finding]:
    cancel = episode.one(Role.CANCEL)
    if absent := _not_sent(episode):
        yield absent
    if episode.kind is Kind.READONLY and cancel and cancel.answer:
        yield None if cancel.status in {409, 422} else f"{cancel.fact}, not 422 or 409"


def _untouched(episode: Episode, terms: Terms) -> Iterator[Finding]:
    before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if absent := _not_sent(episode):
        yield absent
    if episode.kind is Kind.READONLY and before is not None and after and after.answer:
        yield change(terms.fragment, before, after, "after a cancel of an imported appointment")


def _code(episode: Episode, _: Terms) -> Iterator[Finding]:
    cancel = episode.one(Role.CANCEL)
    if absent := _not_sent(episode):
        yield absent
    if episode.kind is Kind.READONLY and cancel and cancel.answer and cancel.status == 422:
        code = cancel.answer.json.get("code") if isinstance(cancel.answer.json, dict) else None
        yield None if code == "APPOINTMENT_READ_ONLY" else f"code is {code!r}, not 'APPOINTMENT_READ_ONLY'"


_NEEDS: Final = ("readonly_appointment_id",)

CLAUSES: Final = (
    Clause("readonly/refused", Level.MUST, "observed", _REFUSED,
           "The cancel of an imported appointment is refused", _refusal, needs=_NEEDS),
    Clause("readonly/untouched", Level.MUST, "observed", _REFUSED,
           "An imported appointment stays as it was", _untouched, needs=_NEEDS),
    Clause("readonly/code", Level.SHOULD, "observed", _REFUSED,
           "The refusal has the code APPOINTMENT_READ_ONLY", _code, needs=_NEEDS),
)  # fmt: skip
"""The family, in the order in which it is read."""
