"""Finds out whether a list or a calendar fails because of what was cancelled."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from cancel_contract.clauses.clause import succeeded
from cancel_contract.clauses.effect_views import FAILING
from cancel_contract.errors import Overspent
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import MEMBER
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import FIRST_FAILURE, Exchange
from cancel_contract.run.context import Context

_VIEWS: Final = {Intent.LIST: Role.LISTED, Intent.CALENDAR: Role.CALENDAR}
_ENDS: Final = frozenset({"from", "to"})
_FAR: Final = timedelta(days=3 * 365)
"""How far ahead a time lies in which nobody has an appointment (policy)."""


def ask_failing_views(context: Context, exchanges: Sequence[Exchange]) -> None:
    """Ask once more for the last list and the last calendar that have failed since the first cancel, and for the same
    of a time with no appointment.
    """
    begun = min((one.number for one in exchanges if succeeded(one)), default=None)
    mine = [one for one in exchanges if one.case.credential == MEMBER and begun is not None and one.number > begun]
    for intent, role in _VIEWS.items():
        failed = [one for one in mine if one.case.intent is intent and _has_failed(one)]
        if failed:
            with suppress(Overspent):
                case = failed[-1].case
                again, control = (context.send(one) for one in (replace(case, key="again"), _far_ahead(case)))
                context.submit(Kind.LATE, (role, again), (Role.OTHER_AFTER, control), topic=FAILING)


def _has_failed(one: Exchange) -> bool:
    return one.status is not None and one.status >= FIRST_FAILURE and not one.is_of_gateway


def _far_ahead(case: Case) -> Case:
    """Return the same for a time that is as long: some views fail on long ones."""
    words = {name: (datetime.fromisoformat(text) + _FAR).isoformat() if name in _ENDS else text
             for name, text in parse_qsl(case.query)}  # fmt: skip
    return replace(case, key="of another time", query=urlencode(words))
