"""Computes when a resource can be booked: working hours, holidays, and what is taken (sibling)."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cancel_contract.provider.api.answers import refusal
from cancel_contract.provider.store.records import Appointment, Resource
from cancel_contract.provider.store.store import Store


def refuse_unavailable(store: Store, resource: Resource, wanted: Appointment) -> None:
    """Refuse a time outside working hours, on a holiday, or taken by another appointment."""
    zone = ZoneInfo(resource.time_zone)
    start, end = wanted.starts_at.astimezone(zone), wanted.ends_at.astimezone(zone)
    opens = _midnight(start) + timedelta(minutes=resource.opens_minute)
    closes = _midnight(start) + timedelta(minutes=resource.closes_minute)
    is_always_open = closes - opens >= timedelta(days=1)
    if not is_always_open and (start < opens or end > closes):
        raise refusal(409, "Appointment is outside working hours", "OUTSIDE_WORKING_HOURS")
    if any(it.account_id == resource.account_id and it.day == start.date() for it in store.directory.holidays):
        raise refusal(409, "Appointment falls on a holiday", "BLOCKED_BY_HOLIDAY")
    others = (it for it in _taken(store, resource) if it.id != wanted.id)
    if any(it.starts_at < wanted.ends_at and wanted.starts_at < it.ends_at for it in others):
        raise refusal(409, "Slot is already taken", "SLOT_CONFLICT")


def free_slots(store: Store, resource: Resource, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the free slots that lie wholly between two instants, in order."""
    zone = ZoneInfo(resource.time_zone)
    taken = [it for it in _taken(store, resource) if it.starts_at < end and start < it.ends_at]
    holidays = {it.day for it in store.directory.holidays if it.account_id == resource.account_id}
    length = timedelta(minutes=resource.slot_minutes)
    day = _midnight(start.astimezone(zone))
    while day.astimezone(UTC) < end:
        minutes = range(
            resource.opens_minute, resource.closes_minute - resource.slot_minutes + 1, resource.slot_minutes
        )
        for minute in minutes if day.date() not in holidays else ():
            first = (day + timedelta(minutes=minute)).astimezone(UTC)
            last = first + length
            inside = start <= first and last <= end
            if inside and not any(it.starts_at < last and first < it.ends_at for it in taken):
                yield first, last
        day = _midnight(day + timedelta(days=1))


def _taken(store: Store, resource: Resource) -> Iterator[Appointment]:
    return (it for it in store.appointments.values() if it.resource_id == resource.id and not it.cancelled)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time.min, moment.tzinfo)
