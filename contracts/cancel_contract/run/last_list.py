"""Lists the time of all that a run has cancelled once more, and reads what the list shows as active."""

from collections.abc import Mapping
from typing import Any, Final

from cancel_contract.clauses.clause import succeeded
from cancel_contract.clauses.effect_elsewhere import listed_rows
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.timestamps import instant
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.lists import ask

_TIMES: Final = ("starts_at", "ends_at")
_MOST: Final = 3
"""Appointments that are read: more of them show no more."""


def look_over(context: Context) -> None:
    """Look for what a job has undone in the meantime; one list shows it of all, and a read of each that it shows.

    What the list does not hold is not judged: it may be on another page.
    """
    cancelled = _cancelled(context)
    moments = (instant(row[name]) for row in cancelled.values() for name in _TIMES)
    times = [moment for moment in moments if moment]
    if not times:
        return
    span = {"starts_at": min(times).isoformat(), "ends_at": max(times).isoformat()}
    place = {"resource_id": context.target.settings.resource_id}
    listed = ask(context, "list, last", {**span, **place}, lambda shown: not _undone(shown, cancelled))
    for number in _undone(listed, cancelled)[:_MOST]:
        context.submit(Kind.LATE, (Role.AFTER, context.read(number)))


def _cancelled(context: Context) -> dict[int, Mapping[str, Any]]:
    """Return what was cancelled for the first time on the run's resource, and is so as far as the run knows."""
    resource = context.target.settings.resource_id
    left_out = {*context.deleted, *context.supply.active}
    first = (one for one in context.exchanges if one.case.intent is Intent.FIRST and succeeded(one))
    shown = ((one.case.appointment, one.payload) for one in first)
    return {
        number: payload
        for number, payload in shown
        if number is not None and payload and payload.get("resource_id") == resource and number not in left_out
        and payload.keys() >= {*_TIMES}
    }  # fmt: skip


def _undone(listed: Exchange, cancelled: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Return which of the cancelled appointments a list shows as active."""
    return [row["id"] for row in listed_rows(listed) or () if row.get("id") in cancelled and not ACTION.is_done(row)]
