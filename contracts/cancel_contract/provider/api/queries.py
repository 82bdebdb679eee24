"""Answers the list and the calendar (sibling, observed)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cancel_contract.provider.api import values
from cancel_contract.provider.api.answers import invalid
from cancel_contract.provider.api.hours import free_slots
from cancel_contract.provider.api.render import appointment_payload, instant
from cancel_contract.provider.store.records import Appointment, Payload, Resource
from cancel_contract.provider.store.store import Store

LONGEST_CALENDAR: Final = timedelta(days=100)
"""The longest range that the calendar answers for (policy)."""

_ALWAYS: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def selected(store: Store, account: int, asked: dict[str, str]) -> list[Appointment]:
    """Return the appointments that a list asks for, ordered by start and id."""
    start, end = _bound(asked, "from") or _ALWAYS[0], _bound(asked, "to") or _ALWAYS[1]
    resources = _words(asked, "resource_ids")
    statuses, payment_statuses = _words(asked, "status"), _words(asked, "payment_status")
    rows = (
        row
        for row in store.of_account(account)
        if start <= row.starts_at <= end
        and (not resources or str(row.resource_id) in resources)
        and (not statuses or row.status in statuses)
        and (not payment_statuses or row.payment_status in payment_statuses)
    )
    return sorted(rows, key=lambda row: (row.starts_at, row.id))


def calendar(store: Store, account: int, asked: dict[str, str]) -> Payload:
    """Return the calendar: resources, their hours, holidays, appointments and, where asked for, free slots."""
    start, end = values.instant(asked.get("from"), "from"), values.instant(asked.get("to"), "to")
    if end - start > LONGEST_CALENDAR:
        raise invalid(f"the range is longer than {LONGEST_CALENDAR.days} days", details={"field": "to"})
    values.one_of("day", "week", "month")(asked.get("view", "day"), "view")
    resources = list(_resources(store, account, asked))
    slots = asked.get("include_slots") == "true"
    return {
        "resources": [{"id": it.id, "name": it.name, "time_zone": it.time_zone} for it in resources],
        "work_rules": [rule for it in resources for rule in _work_rules(it)],
        "holidays": [
            {"id": it.id, "date": it.day.isoformat(), "name": it.name}
            for it in store.directory.holidays
            if it.account_id == account and _overlaps(it.day.isoformat(), resources, start, end)
        ],
        "appointments": [
            appointment_payload(row)
            for row in selected(store, account, asked)
            if row.resource_id in {it.id for it in resources}
        ],
        "slots": [
            {"resource_id": it.id, "starts_at": instant(first), "ends_at": instant(last)}
            for it in (resources if slots else ())
            for first, last in free_slots(store, it, start, end)
        ],
    }


def _resources(store: Store, account: int, asked: dict[str, str]) -> Iterator[Resource]:
    wanted = _words(asked, "resource_ids")
    return (it for it in store.directory.resources if it.account_id == account and (not wanted or str(it.id) in wanted))


def _work_rules(resource: Resource) -> Iterator[Payload]:
    return (
        {
            "resource_id": resource.id,
            "weekday": weekday,
            "start_minute": resource.opens_minute,
            "end_minute": resource.closes_minute,
        }
        for weekday in range(7)
    )


def _overlaps(day: str, resources: list[Resource], start: datetime, end: datetime) -> bool:
    zones = {ZoneInfo(it.time_zone) for it in resources}
    return any(
        start.astimezone(zone).date().isoformat() <= day <= end.astimezone(zone).date().isoformat() for zone in zones
    )


def _bound(asked: dict[str, str], name: str) -> datetime | None:
    return values.instant(asked[name], name) if asked.get(name) else None


def _words(asked: dict[str, str], name: str) -> set[str]:
    return {word.strip() for word in asked.get(name, "").split(",") if word.strip()}
