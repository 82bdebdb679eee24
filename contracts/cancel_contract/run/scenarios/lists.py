"""Asks for lists of appointments; what serves them, a search index or a copy of the database, may lag a little."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.effect_elsewhere import listed_rows, shows_statuses
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent, appointments_path, range_query
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.run.context import Context
from cancel_contract.supply.verification import PAUSES

LAG: Final = sum(PAUSES)
"""Seconds after which a list shows what was done (policy)."""


def ask(context: Context, key: str, of: Payload, as_hoped: Callable[[Exchange], bool], **words: object) -> Exchange:
    """Ask for the list of the time of an appointment, again after a while if it is not as hoped; that of its resource
    alone, if it names one.
    """
    resource = {"resource_ids": of["resource_id"]} if "resource_id" in of else {}
    query = range_query(of["starts_at"], of["ends_at"], **resource, **words)
    path = appointments_path(context.target.account)
    first = Case(key, Intent.LIST, path, "GET", query=query, repeatable=True)
    later = replace(first, key=f"{key}, later")
    return look_again(context, context.send(first), lambda: context.send(later), as_hoped)


def look_again(
    context: Context, shown: Exchange, look: Callable[[], Exchange], as_hoped: Callable[[Exchange], bool]
) -> Exchange:
    """Return what was shown, or what a later look shows if that was not as hoped; a refusal is not asked again."""
    for pause in PAUSES:
        if shown.status != OK or as_hoped(shown):
            break
        context.wait(pause)
        shown = look()
    return shown


def holds(appointment: int | None) -> Callable[[Exchange], bool]:
    """Whether a list holds an appointment."""
    return lambda shown: bool(_mine(shown, appointment))


def lacks(appointment: int | None) -> Callable[[Exchange], bool]:
    """Whether a list does not hold an appointment."""
    return lambda shown: not _mine(shown, appointment)


def holds_cancelled(appointment: int | None) -> Callable[[Exchange], bool]:
    """Whether a list holds an appointment, and shows it as cancelled, unless it shows no statuses."""

    def is_there(shown: Exchange) -> bool:
        mine = _mine(shown, appointment)
        return any(map(ACTION.is_done, mine)) or bool(mine and not shows_statuses(listed_rows(shown) or []))

    return is_there


def _mine(shown: Exchange, appointment: int | None) -> list[Payload]:
    return [row for row in listed_rows(shown) or () if row.get("id") == appointment]
