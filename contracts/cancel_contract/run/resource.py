"""Checks whether appointments can be created in a resource, from its calendar alone."""

from datetime import datetime, timedelta
from typing import Final

from cancel_contract.exchange.case import Case, Intent, calendar_path, range_query
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.run.context import Context
from cancel_contract.run.finding import Finding
from cancel_contract.supply.mapped_resources import not_allowed, shows_mapped
from cancel_contract.target.settings import variable

APPOINTMENTS: Final = "can appointments be created?"
_MOST_NAMED: Final = 10
"""How many resources are named if the one of the settings is not among them."""


def appointments(context: Context) -> Finding:
    """Say whether appointments can be created, by a look at the calendar."""
    settings = context.target.settings
    if settings.resource_id is None and not settings.appointment_ids:
        what_to_do = f"set {variable('resource_id')}, or {variable('appointment_ids')}"
        return Finding(APPOINTMENTS, "nothing says where", what_to_do)
    if settings.resource_id is None:
        return _provided(context)
    exchange = _calendar(context, resource_ids=settings.resource_id)
    is_mapped = shows_mapped(exchange.payload or {}, settings.resource_id)
    if is_mapped and settings.allow_mapped_resource != settings.resource_id:
        return Finding(APPOINTMENTS, *not_allowed(settings.resource_id))
    return _provided(context) if settings.appointment_ids else _looked_at(context, settings.resource_id, exchange)


def _looked_at(context: Context, resource: int, calendar: Exchange) -> Finding:
    known = _resources(calendar)
    if known is not None and resource not in known:
        return _no_resource(resource, known or _resources(_calendar(context)) or [])
    if calendar.status == OK:
        is_mapped = shows_mapped(calendar.payload or {}, resource)
        allowed = f", which is mapped, as {variable('allow_mapped_resource')} allows," if is_mapped else ""
        return Finding(APPOINTMENTS, f"the calendar of resource {resource}{allowed} can be read")
    return Finding(
        APPOINTMENTS,
        f"the calendar of resource {resource} answers {calendar.status}",
        f"check {variable('resource_id')}; without a calendar slots are searched by trying",
        stops=False,
    )


def _provided(context: Context) -> Finding:
    return Finding(APPOINTMENTS, f"{len(context.target.settings.appointment_ids)} are provided")


def _calendar(context: Context, **which: int) -> Exchange:
    now = datetime.now(context.target.settings.zone).replace(microsecond=0)
    query = range_query(now, now + timedelta(days=1), view="day", **which)
    path = calendar_path(context.target.account)
    return context.send(Case("calendar", Intent.CALENDAR, path, "GET", query=query, repeatable=True))


def _resources(exchange: Exchange) -> list[int] | None:
    """The numbers of the resources that a calendar shows; nothing if it shows none."""
    rows = (exchange.payload or {}).get("resources") if exchange.status == OK else None
    numbers = [row.get("id") if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else [None]
    whole = [number for number in numbers if type(number) is int]
    return whole if len(whole) == len(numbers) else None


def _no_resource(number: int, known: list[int]) -> Finding:
    """Say that a resource does not exist, if the calendar shows others; one that shows none proves nothing."""
    setting = variable("resource_id")
    if known:
        fact = f"the calendar knows no resource {number}, but {', '.join(map(str, sorted(known)[:_MOST_NAMED]))}"
        return Finding(APPOINTMENTS, fact, f"set {setting} to the resource in whose free slots appointments are made")
    fact = f"the calendar shows no resource {number}, and no other"
    what_to_do = f"check {setting}: where there is no such resource no appointment can be made"
    return Finding(APPOINTMENTS, fact, what_to_do, stops=False)
