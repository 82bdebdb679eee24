"""Books the slot of an appointment that was cancelled or deleted, and looks who has it if that is refused."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from cancel_contract.clauses.effect_elsewhere import listed_rows
from cancel_contract.clauses.slots import MADE, holders, is_beside
from cancel_contract.errors import Afresh, Overspent, Unprepared
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.timestamps import instant
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.lists import ask
from cancel_contract.supply.changes import for_the_same
from cancel_contract.supply.creation_errors import CONFLICT, LOCKED, OF_THE_PLACE, code_of
from cancel_contract.supply.verification import PAUSES

Steps = tuple[tuple[Role, Exchange], ...]
_LONGEST: Final = timedelta(minutes=720)
"""The longest visit (documented)."""
_BUFFER: Final = timedelta(hours=1)
"""The longest time that a target may keep free between two visits (policy)."""
_PLACE: Final = frozenset({"starts_at", "ends_at", "resource_id"})


def booked_again(context: Context, snapshot: Snapshot) -> Steps:
    """Book a slot, once more after a while if it is taken; returns the booking and, if it was refused, the list of who
    has the slot.

    Nothing if the same is refused for a free slot, too: then it is refused for something else. Raises what
    `Supply.rebook` raises, and Afresh if the place has closed since, for the first time, or another visit was booked
    beside it.
    """
    rebook = context.rebook(snapshot)
    if not rebook.is_refused:
        return ((Role.REBOOK, rebook),)
    _afresh_if_closed(context, snapshot, rebook)
    if snapshot.payload.keys() >= _PLACE:
        listed = ask(context, "list, holders", _in_reach_of(snapshot.payload), lambda _: True)
        if holders(listed, rebook):
            return (Role.REBOOK, rebook), (Role.HOLDERS, listed)
        _afresh_if_beside(snapshot, listed, rebook)
    for pause in PAUSES if rebook.status in {CONFLICT, LOCKED} else ():
        # A job may free the slot some moments after the cancel.
        context.wait(pause)
        rebook = context.rebook(snapshot)
        if not rebook.is_refused:
            return ((Role.REBOOK, rebook),)
    if _is_refused_elsewhere(context, snapshot, rebook):
        # By now a kind of appointment is known that the target takes.
        rebook = context.rebook(snapshot)
        if rebook.is_refused:
            told = f"a booking is refused in a free slot, too ({rebook.fact}{code_of(rebook)})"
            context.ledger.excuse(context.scenario, told)
            return ()
    if rebook.is_refused and snapshot.payload.get("client_phone"):
        # Some let nobody book again for a while what they have cancelled, and know them by their number.
        with suppress(Overspent):
            other = context.rebook(snapshot, phone=False)
            rebook = rebook if other.is_refused else other
    return (_held_elsewhere(context, snapshot, rebook) if rebook.is_refused else ()) or ((Role.REBOOK, rebook),)


def _afresh_if_closed(context: Context, snapshot: Snapshot, refused: Exchange) -> None:
    """Raise Afresh if the place of a freed slot has closed since; a second one is not closed by somebody at this very
    moment, too: its cancel may have done it.
    """
    if (code := code_of(refused).strip()) in OF_THE_PLACE:
        context.made.closed.append(snapshot.id)
        if len(context.made.closed) == 1:
            raise Afresh(snapshot.id, f"the slot of appointment {snapshot.id} has closed since: {refused.fact} {code}")


def _in_reach_of(payload: Payload) -> Payload:
    """Return an appointment with the time of all that may reach into its slot, or hold it: lists go by the start."""
    begun, ended = instant(payload["starts_at"]), instant(payload["ends_at"])
    if begun is None or ended is None:
        return payload
    return {**payload, "starts_at": (begun - _LONGEST).isoformat(), "ends_at": (ended + _BUFFER).isoformat()}


def _afresh_if_beside(snapshot: Snapshot, listed: Exchange, refused: Exchange) -> None:
    """Raise Afresh if a visit beside a freed slot was booked since: some keep a while free between two, so that it may
    hold the slot although that was free.
    """
    since = instant(snapshot.payload.get("updated_at"))
    for row in listed_rows(listed) or ():
        if since and is_beside(row, refused, since, _BUFFER):
            told = f"appointment {row.get('id')} was booked beside the slot of appointment {snapshot.id} since"
            raise Afresh(snapshot.id, f"{told}: {refused.fact}")


def _held_elsewhere(context: Context, snapshot: Snapshot, rebook: Exchange) -> Steps:
    """Return a refused booking with the list of all resources, if one of them was booked since: they may share a room;
    nothing if none was.
    """
    if not snapshot.payload.keys() >= _PLACE:
        return ()
    anywhere = {name: value for name, value in _in_reach_of(snapshot.payload).items() if name != "resource_id"}
    with suppress(Overspent):
        listed = ask(context, "list, holders elsewhere", anywhere, lambda _: True)
        if holders(listed, rebook, instant(snapshot.payload.get("updated_at"))):
            return (Role.REBOOK, rebook), (Role.HOLDERS, listed)
    return ()


def booked_though_taken(context: Context, holder: Snapshot) -> Steps:
    """Book the slot of an active appointment; if that is done, do the same with another one, of which nothing is known.

    Returns the first booking, and then the second one.
    """
    if not holder.payload or holder.is_cancelled:
        return ()
    steps: Steps = ((Role.REBOOK, context.rebook(holder)),)
    if steps[0][1].status in MADE:
        with suppress(Unprepared, Overspent):
            steps += ((Role.BESIDE, context.rebook(context.fresh(for_the_same(holder)))),)
    return steps


def _is_refused_elsewhere(context: Context, snapshot: Snapshot, refusal: Exchange) -> bool:
    """Whether the same create is refused alike in a slot that is free; of a conflict not if that cannot be asked."""
    if context.supply.refuses(for_the_same(snapshot)):
        return True
    sent = len(context.exchanges)
    with suppress(Unprepared, Overspent):
        context.fresh(for_the_same(snapshot))
    first = next((one for one in context.exchanges[sent:] if one.case.intent is Intent.CREATE), None)
    if first is None:
        # A conflict is about the slot; any other refusal may be about what the target takes nowhere.
        return refusal.status not in {CONFLICT, LOCKED}
    return (first.status, code_of(first)) == (refusal.status, code_of(refusal))


def is_anothers(steps: Steps) -> bool:
    """Whether somebody else has the slot by now."""
    return any(role is Role.HOLDERS for role, _ in steps)


def made_by(context: Context, steps: Steps) -> Snapshot | None:
    """Return the appointment that a booking has made, if it made one, as its answer or else a read shows it."""
    booking = next((one for role, one in steps if role is Role.REBOOK), None)
    if booking is None:
        return None
    shown = (booking.payload or {}).get("id")
    number = shown if isinstance(shown, int) else context.supply.made_by(booking)
    return context.as_read(Snapshot(number, booking)) if number is not None else None
