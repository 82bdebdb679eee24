"""Cancels an appointment several times more; what the target does by itself after any cancel is not blamed on them."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from uuid import uuid4

from cancel_contract.errors import Overspent, Unprepared
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import changed_fields
from cancel_contract.exchange.credential import MEMBER, Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios import colleague
from cancel_contract.supply.variations import FULL

_LATER: Final = 0.2
"""Seconds that an appointment is left alone for longer than the repeats of another one took (policy)."""


def repeat(context: Context, cancel: Exchange, after: Exchange, callers: Sequence[Credential]) -> None:
    """Cancel an appointment once more for each caller, and check whether anything changed; the first member does it
    with one key, as libraries try again.
    """
    number = cancel.case.appointment or 0
    key = (("idempotency-key", str(uuid4()).encode()),)
    sent = [
        context.cancel(number, f"cancel {n}", Intent.REPEAT, credential=caller, headers=key if caller == MEMBER else ())
        for n, caller in enumerate(callers, start=2)
    ]
    # Whoever was let in once may not be kept out the next time.
    may = cancel.case.credential.holder is Holder.SECOND and cancel.status == OK
    look_after(context, cancel, after, [one for one in sent if may or not colleague.is_kept_out(one)])


def look_after(context: Context, cancel: Exchange, after: Exchange, sent: Sequence[Exchange]) -> Exchange:
    """Read a cancelled appointment after repeated cancels, and judge them by that; returns the read."""
    number, late = cancel.case.appointment or 0, context.read(cancel.case.appointment or 0)
    agains = [(Role.AGAIN, one) for one in sent]
    if _fields(context, after, late) and _changes_by_itself(context, number, after, late):
        # A worker was done between the two reads: one more cancel tells what repeated ones do.
        context.submit(Kind.REPEAT, (Role.CANCEL, cancel), *agains)
        agains = [(Role.AGAIN, context.cancel(number, "cancel, later", Intent.REPEAT))]
        after, late = late, context.read(number)
    context.submit(Kind.REPEAT, (Role.CANCEL, cancel), (Role.AFTER, after), *agains, (Role.AFTER, late))
    return late


def _changes_by_itself(context: Context, number: int, after: Exchange, late: Exchange) -> bool:
    """Whether another appointment, of the same kind if the run has made it, changes alike when it is cancelled once and
    left alone as long.
    """
    made = context.supply.asked_for(number)
    with suppress(Unprepared, Overspent):
        other = context.fresh(made.variation if made else FULL)
        alone = context.cancel(other.id, "cancel, left alone", Intent.FIRST)
        context.wait((late.started - after.started).total_seconds() + _LATER)
        return bool(_fields(context, alone, context.read(other.id)) & _fields(context, after, late))
    return False


def _fields(context: Context, before: Exchange, after: Exchange) -> frozenset[str]:
    """Return the fields that two views show otherwise."""
    if before.payload is None or after.payload is None:
        return frozenset()
    return changed_fields(context.ledger.terms.fragment, before.payload, after.payload)
