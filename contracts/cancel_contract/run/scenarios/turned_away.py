"""A caller who may not cancel comes before the first cancel: whom a rule keeps out may depend on the appointment."""

from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import FIRST_REFUSAL
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context

_WRONG: Final = Credential(showing="wrong")
_CALLERS: Final = (_WRONG, Credential(Holder.UNPRIVILEGED), Credential(Holder.FOREIGN), Credential(Holder.UNPRIVILEGED))
"""In turn, so that with neighbouring variations each status, paid or not, meets a wrong token and a member without
rights.
"""


def turned_away(context: Context, snapshot: Snapshot, number: int) -> bool:
    """Cancel the appointment of a variation, by its number, as one of the callers who may not; returns whether that was
    refused.

    What is refused is not read: whether a refusal is done all the same is asked elsewhere.
    """
    asked = _CALLERS[number % len(_CALLERS) - 1]
    shown = asked if context.has(asked.holder) else _WRONG
    path = ACTION.path(context.target.account, snapshot.id)
    case = Case(f"before, {shown}", Intent.REFUSED, path, credential=shown, appointment=snapshot.id)
    answer = context.send(case)
    context.submit(Kind.REFUSAL, (Role.BEFORE, snapshot.seen), (Role.CANCEL, answer), topic=str(shown))
    if answer.status is None or answer.status >= FIRST_REFUSAL:
        return True
    if Snapshot(snapshot.id, context.read(snapshot.id)).is_cancelled:
        context.cancelled(snapshot.id)
    return False
