"""Checks a status against those that a case allows."""

from collections.abc import Mapping
from typing import Final

from cancel_contract.clauses.clause import Terms
from cancel_contract.exchange.case import OTHER_METHODS, Intent
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Exchange

REFUSAL: Final = "a 4xx"
IGNORED_OR_REFUSED: Final = "200 or a 4xx"
_HELD_UP: Final = frozenset({409, 423, 425})
"""What a cancel may be answered while another one is under way, if a Retry-After says when to come again (policy)."""
_WISHES: Final[Mapping[Intent, str]] = {
    **dict.fromkeys((Intent.FIRST, Intent.BODY, Intent.QUERY), "200"),
    **dict.fromkeys((Intent.ACCOUNT_BESIDE, Intent.ENVELOPE, Intent.SWITCH), "200"),
    Intent.REFUSED: "401 or 403",
    Intent.READONLY: "403 or 409 or 422",
    Intent.ODDLY_REFUSED: REFUSAL,
    **dict.fromkeys((Intent.UNKNOWN_ID, Intent.DELETED, Intent.BOUNDARY_ID, Intent.UNKNOWN_ACCOUNT), REFUSAL),
    **dict.fromkeys((Intent.MALFORMED_ID, Intent.MALFORMED_ACCOUNT, *OTHER_METHODS), REFUSAL),
}


def one_of(statuses: frozenset[int]) -> str:
    """Some statuses as a wish."""
    return " or ".join(map(str, sorted(statuses)))


def wanted_status(intent: Intent, terms: Terms) -> str:
    """What answers a request of a kind rightly."""
    return one_of(terms.repeat_statuses) if intent is Intent.REPEAT else _WISHES.get(intent, IGNORED_OR_REFUSED)


def wrong_status(exchange: Exchange, wanted: str, told: str) -> Broken:
    """A breach by a status, or by no answer at all.

    A cancel that was accepted or redirected differs from 200 by that, whatever refusal would have been legal.
    """
    status = exchange.status
    got = "no answer" if status is None else str(status)
    is_no_error = status is not None and 200 < status < 400 and "200" in wanted
    return broken("status", "status", got, "200" if is_no_error else wanted, told)


def is_held_up(one: Exchange) -> bool:
    """Whether a cancel is told to come again, since it meets others of that appointment."""
    return one.status in _HELD_UP and one.answer is not None and one.answer.header("retry-after") is not None
