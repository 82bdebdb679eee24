"""Shows at the end, by one calendar, whether the slots of all that a run has cancelled are free again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from cancel_contract.clauses.calendars import is_offered
from cancel_contract.clauses.effect_elsewhere import rows
from cancel_contract.errors import Afresh, Overspent, Unprepared
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.timestamps import instant
from cancel_contract.run.context import Context
from cancel_contract.run.last_views import deleted, first_cancelled
from cancel_contract.run.scenarios.lists import look_again
from cancel_contract.run.scenarios.rebooking import booked_again
from cancel_contract.supply.slots import DAYS_ASKED

_MOST: Final = 3
"""Appointments that are told of: more of them show no more."""
_MOST_BOOKED: Final = 2
"""Slots that are booked: each makes an appointment on a target whose calendar lags."""
_AHEAD: Final = timedelta(days=1)
"""How far ahead a slot lies that can be booked at the end if it could before (policy)."""


def look_for_slots(context: Context, exchanges: Sequence[Exchange]) -> None:
    """Book slots that a calendar does not offer again; only a booking that is refused is held against the target.

    Nothing that the run has made lies beside them by then: some targets keep a while free between two visits.
    """
    cancelled = first_cancelled(context, exchanges)
    if freed := _bookable(context, exchanges, cancelled):
        with suppress(Unprepared, Overspent, Afresh):
            _look_for(context, freed, cancelled)


def _look_for(context: Context, freed: Sequence[Snapshot], cancelled: Mapping[int, Snapshot]) -> None:
    first = context.calendar(*freed)
    if first is None:
        return
    earlier: Exchange = first
    is_right = partial(_shows_none_active, cancelled=cancelled)
    calendar = look_again(context, earlier, lambda: context.calendar(*freed) or earlier, is_right)
    for wrong in _shown_active(calendar, cancelled)[:_MOST]:
        context.submit(Kind.SLOT, (Role.CANCEL, cancelled[wrong].seen), (Role.CALENDAR, calendar))
    if not (shown := calendar.payload) or not isinstance(shown.get("slots"), list):
        return
    if taken := [one for one in freed if not is_offered(shown, one.payload)]:
        context.clean()
    for one in taken[:_MOST_BOOKED]:
        with suppress(Afresh):
            context.submit(Kind.SLOT, (Role.CANCEL, one.seen), *booked_again(context, one))


def _shown_active(calendar: Exchange, cancelled: Mapping[int, Snapshot]) -> list[int]:
    """Return which of the cancelled appointments a calendar shows as active."""
    shown = rows((calendar.payload or {}).get("appointments"))
    mine = (row for row in shown if row.get("id") in cancelled and "status" in row)
    return [row["id"] for row in mine if not ACTION.is_done(row)]


def _shows_none_active(calendar: Exchange, cancelled: Mapping[int, Snapshot]) -> bool:
    return not _shown_active(calendar, cancelled)


def _bookable(context: Context, exchanges: Sequence[Exchange], cancelled: Mapping[int, Snapshot]) -> list[Snapshot]:
    """Return the cancelled ones of the run's own whose slots could be booked, of as many days as one look covers.

    A slot in which another one was deleted since may be held by that one.
    """
    soonest = datetime.now(UTC) + _AHEAD
    begin = {one.id: instant(one.payload["starts_at"]) for one in cancelled.values()}
    later = {number: start for number, start in begin.items() if start and start > soonest}
    until = min(later.values(), default=soonest) + DAYS_ASKED * _AHEAD
    left_out = deleted(exchanges)
    shown = (one.payload for one in exchanges if one.payload and one.appointment in left_out)
    gone = {instant(view.get("starts_at")) for view in shown}
    mine = ((number, start) for number, start in later.items() if start < until and context.supply.asked_for(number))
    return [cancelled[number] for number, start in mine if start not in gone]
