"""A caller who may not cancel comes before the first cancel: whom a rule keeps out may depend on the appointment."""

from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import FIRST_REFUSAL, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context

_NOBODY: Final = Credential(showing="none")
_WRONG: Final = Credential(showing="wrong")
_VIEWER: Final = Credential(Holder.UNPRIVILEGED)
_FOREIGNER: Final = Credential(Holder.FOREIGN)
_CALLERS: Final = (_WRONG, _NOBODY, _VIEWER, _FOREIGNER, _VIEWER, _WRONG, _VIEWER, _NOBODY, _FOREIGNER, _WRONG)
"""By variation, so that each status that is not asked about elsewhere meets most of them."""
_TOUCHED: Final = (*ACTION.changes, "expense")
"""What a cancel changes."""


def turned_away(context: Context, snapshot: Snapshot, number: int) -> Exchange | None:
    """Cancel the appointment of a variation, by its number, as one of the callers who may not; returns the refusal, and
    nothing if that was let in.
    """
    asked = _CALLERS[number]
    shown = asked if context.has(asked.holder) else _WRONG
    path = ACTION.path(context.target.account, snapshot.id)
    case = Case(f"before, {shown}", Intent.REFUSED, path, credential=shown, appointment=snapshot.id)
    answer = context.send(case)
    context.submit(Kind.REFUSAL, (Role.BEFORE, snapshot.seen), (Role.CANCEL, answer), topic=str(shown))
    if answer.status is None or answer.status >= FIRST_REFUSAL:
        return answer
    if Snapshot(snapshot.id, context.read(snapshot.id)).is_cancelled:
        context.cancelled(snapshot.id)
    return None


def look_after(context: Context, before: Snapshot, refusal: Exchange | None, seen: Exchange | None) -> None:
    """Judge by a view that is asked for anyway what a refusal, if there was one, has done.

    A target may keep other fields otherwise than they were sent, so that only what looks cancelled is judged.
    """
    was, now = before.payload, seen.payload if seen else None
    if refusal is None or seen is None or now is None or now.get("id", before.id) != before.id:
        return
    if any(_was_cancelled(name, was.get(name), now.get(name)) for name in _TOUCHED if name in now):
        steps = ((Role.BEFORE, before.seen), (Role.CANCEL, refusal), (Role.AFTER, seen))
        context.submit(Kind.REFUSAL, *steps, topic=str(refusal.case.credential))


def _was_cancelled(name: str, was: object, now: object) -> bool:
    """Whether a field has become what a cancel makes of it."""
    if name in ACTION.changes:
        is_done: bool = now == ACTION.changes[name]
        return is_done and was != now
    return was is not None and now is None
