"""The slot of a cancelled appointment: it is shown as free, booked by another client, and kept by that one."""

from typing import Final

from cancel_contract.clauses.calendars import calendar
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.afterwards import list_all, list_by_old_words
from cancel_contract.run.scenarios.asking import REASONED, asked_first
from cancel_contract.run.scenarios.effect import first_cancel
from cancel_contract.run.scenarios.lists import look_again
from cancel_contract.run.scenarios.rebooking import booked_again, booked_though_taken, is_anothers, made_by
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.supply.variations import OFF_GRID


def _slot(context: Context) -> None:
    snapshot = context.fresh(OFF_GRID)
    with context.supply.place_kept(snapshot):
        cancel, after = first_cancel(context, snapshot)
        if cancel.status != OK:
            # Whose slot it is now is not known.
            return
        context.keep_for_late_look(after)
        asked = _calendar(context, snapshot, cancel)
        list_all(context, cancel, snapshot.payload, asked)
        booking = booked_again(context, snapshot)
    shown = ((Role.CALENDAR, asked),) if asked else ()
    context.submit(Kind.SLOT, (Role.BEFORE, snapshot.seen), (Role.CANCEL, cancel), *shown, *booking)
    if rebooked := made_by(context, booking):
        # A second cancel would hide what the booking has changed.
        seen = context.read(snapshot.id)
        steps = ((Role.BEFORE, after), *booking[:1], (Role.AFTER, seen))
        context.submit(Kind.LATE, *steps, topic="after a new booking of its slot")
        _rebooked(context, snapshot, cancel, rebooked)
    elif is_anothers(booking):
        context.submit(Kind.SLOT_KEPT, *booking)
        _cancelled_again(context, context.fresh())


def _calendar(context: Context, snapshot: Snapshot, cancel: Exchange) -> Exchange | None:
    """The calendar of the day of a cancelled appointment, again after a while if it does not offer its slot."""

    def is_offered(shown: Exchange) -> bool:
        steps = ((Role.CANCEL, cancel), (Role.CALENDAR, shown))
        return not any(calendar(Episode(Kind.SLOT, steps), context.ledger.terms))

    shown = context.calendar(snapshot)
    return shown and look_again(context, shown, lambda: context.calendar(snapshot) or shown, is_offered)


def _rebooked(context: Context, snapshot: Snapshot, cancel: Exchange, booked: Snapshot) -> None:
    """A second cancel of the first appointment must not cancel the new one in its slot."""
    again = context.cancel(snapshot.id, "cancel 2", Intent.REPEAT)
    context.submit(Kind.REPEAT, (Role.CANCEL, cancel), (Role.AGAIN, again))
    seen = context.read(booked.id)
    topic = f"a second cancel of appointment {snapshot.id}, in appointment {booked.id}, which has its slot by now"
    # Whoever looks for what both have in common finds more than the slot.
    lacking = " or ".join(f"a {name}" for name in ("contact", "service") if _lack(name, snapshot, booked))
    topic += f" (neither has {lacking})" if lacking else ""
    steps = ((Role.CANCEL, cancel), (Role.BEFORE, booked.seen), (Role.AGAIN, again), (Role.AFTER, seen))
    context.submit(Kind.MODEL, *steps, topic=topic, expected=booked.payload)
    taken = booked_though_taken(context, Snapshot(booked.id, seen))
    context.submit(Kind.SLOT_KEPT, (Role.BEFORE, booked.seen), (Role.AGAIN, again), *taken)
    _cancelled_again(context, booked)


def _lack(name: str, *both: Snapshot) -> bool:
    """Whether none of some appointments has a contact or a service, and each says so."""
    return all(one.payload.get(f"{name}_id", 0) is None for one in both)


def _cancelled_again(context: Context, booked: Snapshot) -> None:
    """Cancel a booking without a name in lists for long, and look for it under its old words."""
    cancel = asked_first(context, booked, ("rebooked", *REASONED[1:]))
    # Enough appointments are read back already.
    context.submit(Kind.FIRST_CANCEL, (Role.BEFORE, booked.seen), (Role.CANCEL, cancel), topic="scheduled")
    if cancel.status == OK:
        list_by_old_words(context, cancel, booked.payload)


SCENARIOS: Final = (Scenario("effect/slot", _slot, 2, 14),)
"""The scenario of the slot."""
