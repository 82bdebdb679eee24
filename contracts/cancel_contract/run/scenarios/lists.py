"""Asks for lists of appointments; what serves them, a search index or a copy of the database, may lag a little."""

from collections.abc import Callable
from typing import Any, Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent, appointments_path, range_query
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.run.context import Context

LAG: Final = 1.0
"""Seconds after which a list shows what was done (policy)."""


def ask(context: Context, key: str, of: Payload, as_hoped: Callable[[Exchange], bool], **words: object) -> Exchange:
    """Ask for the list of the time of an appointment, once more after a while if it is not as hoped."""
    query = range_query(of["starts_at"], of["ends_at"], resource_ids=of["resource_id"], **words)
    path = appointments_path(context.target.account)
    shown = context.send(Case(key, Intent.LIST, path, "GET", query=query, repeatable=True))
    if shown.status == OK and not as_hoped(shown):
        context.wait(LAG)
        shown = context.send(Case(f"{key}, later", Intent.LIST, path, "GET", query=query, repeatable=True))
    return shown


def holds(appointment: int | None) -> Callable[[Exchange], bool]:
    """Whether a list holds an appointment."""
    return lambda shown: bool(_mine(shown, appointment))


def lacks(appointment: int | None) -> Callable[[Exchange], bool]:
    """Whether a list does not hold an appointment."""
    return lambda shown: not _mine(shown, appointment)


def holds_cancelled(appointment: int | None) -> Callable[[Exchange], bool]:
    """Whether a list holds an appointment, and shows it as cancelled."""
    return lambda shown: any(ACTION.is_done(row) for row in _mine(shown, appointment))


def _mine(shown: Exchange, appointment: int | None) -> list[dict[str, Any]]:
    body = shown.answer.json if shown.answer else None
    rows = body.get("payload") if isinstance(body, dict) else None
    found = rows if isinstance(rows, list) else []
    return [row for row in found if isinstance(row, dict) and row.get("id") == appointment]
