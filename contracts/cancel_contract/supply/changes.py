"""What is done to appointments once they are created: they are cancelled in the end, revived, or followed by others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cancel_contract.errors import Refused, Unreachable
from cancel_contract.exchange.action import CANCEL
from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import FORBIDDEN, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.timestamps import minutes_of
from cancel_contract.guard.budget import Budget
from cancel_contract.supply.requests import clearing, updating
from cancel_contract.supply.tracking import Tracking
from cancel_contract.supply.variations import PLAIN, Variation
from cancel_contract.supply.verification import PAUSES

RESTART: Final = 10.0
"""Seconds after which a target that was lost, or lets nobody in, is asked once more to cancel what is left (policy)."""
Send = Callable[[Case], Exchange]
Read = Callable[[int], Exchange]


def clear_all(account: int, send: Send, read: Read, tracking: Tracking, budget: Budget) -> None:
    """Cancel what is active at the end; what seems so after that is read once more, since a copy that lags may have
    answered. Raises Refused in the end, if the guard let one of the cancels not leave, and Unreachable if the target is
    still not there after a while.
    """
    refused: list[Refused] = []
    try:
        is_locked_out = _clear_each(account, send, read, tracking, refused)
    except Unreachable:
        is_locked_out = True
    if is_locked_out:
        # Nobody comes back for what is left: a target that restarts, or shuts out for a while whoever has shown wrong
        # tokens, is worth a longer wait.
        budget.sleep(RESTART)
        _clear_each(account, send, read, tracking, refused)
    if tracking.active:
        budget.sleep(PAUSES[0])
    for appointment in tracking.active:
        read(appointment)
    if refused:
        raise refused[0]


def _clear_each(account: int, send: Send, read: Read, tracking: Tracking, refused: list[Refused]) -> bool:
    """Cancel each that is active; returns whether the last one was refused to a member who is let in otherwise."""
    is_locked_out = False
    for appointment in tracking.active:
        try:
            is_locked_out = _clear(account, appointment, send, read, tracking)
        except Refused as error:
            # The others are cancelled all the same.
            refused.append(error)
    return is_locked_out


def _clear(account: int, appointment: int, send: Send, read: Read, tracking: Tracking) -> bool:
    """Cancel an appointment at the end, and look whether that was done; returns whether nobody is let in to do it."""
    cancel = send(clearing(account, appointment))
    tracking.changed(cancel)
    seen = read(appointment)
    if appointment in tracking.active and not cancel.is_of_gateway:
        # What refuses a cancel, or does another thing, may take an update, which does the same (observed).
        send(updating(account, appointment, "supply/clean", {"status": CANCEL.done}))
        tracking.asked(appointment)
        read(appointment)
    return appointment in tracking.active and cancel.status == seen.status == FORBIDDEN


def revive(revival: Case, send: Send, read: Read, tracking: Tracking) -> tuple[Exchange, Exchange]:
    """Ask for a cancelled appointment to be scheduled again; returns the answer, and a read after it."""
    appointment, changed = revival.appointment or 0, send(revival)
    tracking.changed(changed)
    seen = read(appointment)
    if changed.payload and not CANCEL.is_done(changed.payload) and CANCEL.is_done(seen.payload):
        # A copy that lags may have answered.
        seen = read(appointment)
    return changed, seen


def for_the_same(snapshot: Snapshot, *, phone: bool = True) -> Variation:
    """Return what is booked in the slot of an appointment: as long as it was, with a `phone` if it had one."""
    minutes = minutes_of(snapshot.payload) or PLAIN.minutes
    return replace(PLAIN, minutes=minutes, phone=phone and snapshot.payload.get("client_phone") is not None)
