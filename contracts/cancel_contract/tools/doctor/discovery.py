"""What a target shows of itself that settings can name: resources with their zones and free slots, services, contacts.

One look into the calendar, or two where the next days are full; nothing is changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cancel_contract.exchange.case import Case, Intent, calendar_path, range_query
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.marker import Marker
from cancel_contract.run.context import Context
from cancel_contract.supply.mapped_resources import shows_mapped
from cancel_contract.supply.slots import DAYS_ASKED, DAYS_OF_LATER_LOOKS
from cancel_contract.target.settings import LARGEST_ID


@dataclass(frozen=True, slots=True)
class Discovered:
    """Settings by their names, each with the reason for which its value was taken."""

    values: Mapping[str, int | str]
    reasons: Mapping[str, str]
    problem: str = ""
    """Why no resource was found; empty where one was, or the settings name one."""


def discovered(context: Context) -> Discovered:
    """Find what the calendar shows. Raises Unreachable where the target does not answer."""
    seen = _calendar(context, DAYS_ASKED)
    if seen.status != OK:
        return Discovered({}, {}, f"the calendar answers {seen.status}, so that no resource was looked for")
    chosen, days = _resource(context, seen), DAYS_ASKED
    if chosen is None:
        days = DAYS_OF_LATER_LOOKS
        seen = _calendar(context, days)
        chosen = _resource(context, seen)
    if chosen is None:
        found = f"the calendar shows no resource with free slots in the next {days} days"
        return Discovered({}, {}, f"{found} that is not mapped to the clinic's own system")
    number, free, others = chosen
    values: dict[str, int | str] = {"resource_id": number}
    reasons = {"resource_id": f"{free} free slots in the next {days} days (resources seen: {others})"}
    if zone := _zone(seen, number):
        values["time_zone"], reasons["time_zone"] = zone, "as the calendar says of the resource"
    booked = [row for row in _rows(seen, "appointments") if row.get("resource_id") == number]
    if (service := _most_frequent(booked, "service_id")) is not None:
        values["service_id"], reasons["service_id"] = service, "of an appointment of the resource"
    # Messages may go to a contact: that of a stranger's appointment is left alone.
    own = [row for row in booked if Marker.of(row.get("external_ref"), row.get("idempotency_key"))]
    if (contact := _most_frequent(own, "contact_id")) is not None:
        values["contact_id"], reasons["contact_id"] = contact, "of an appointment that an earlier run made"
    return Discovered(values, reasons)


def _calendar(context: Context, days: int) -> Exchange:
    now = datetime.now(context.target.settings.zone).replace(microsecond=0)
    query = range_query(now, now + timedelta(days=days), view="day", include_slots="true")
    path = calendar_path(context.target.account)
    return context.send(Case("calendar", Intent.CALENDAR, path, "GET", query=query, repeatable=True))


def _resource(context: Context, calendar: Exchange) -> tuple[int, int, int] | None:
    """Return the resource of the settings, or the one with the most free slots; how many; and of how many resources."""
    free = _counted(_rows(calendar, "slots"), "resource_id")
    known = {*_counted(_rows(calendar, "resources"), "id")} or {*free}
    named = context.target.settings.resource_id
    if named is not None:
        return named, free[named], len(known)
    fit = [number for number in sorted(known) if free[number] and not shows_mapped(calendar.payload or {}, number)]
    best = max(fit, key=lambda number: free[number], default=None)
    return None if best is None else (best, free[best], len(known))


def _zone(calendar: Exchange, resource: int) -> str:
    zones = (row.get("time_zone") for row in _rows(calendar, "resources") if row.get("id") == resource)
    return next((zone for zone in zones if isinstance(zone, str) and _is_zone(zone)), "")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def _rows(calendar: Exchange, name: str) -> Iterator[Mapping[str, Any]]:
    rows = (calendar.payload or {}).get(name)
    yield from (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))


def _counted(rows: Iterable[Mapping[str, Any]], name: str) -> Counter[int]:
    """Count the ids that stand under a name."""
    return Counter(row[name] for row in rows if type(row.get(name)) is int and 0 < row[name] <= LARGEST_ID)


def _most_frequent(rows: Iterable[Mapping[str, Any]], name: str) -> int | None:
    return next((number for number, _ in _counted(rows, name).most_common(1)), None)
