"""Recognises odd requests, which a server in front of the application may answer.

An odd request (an id that is not a number, a broken or foreign body, an unusual Accept header, another spelling of the
path) may be refused with a 4xx of any shape. A success is the application's answer, and is judged in full.
"""

from typing import Final

from cancel_contract.clauses.clause import OTHER_METHODS, succeeded
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.shipped import ENDPOINT

_LENGTH_REQUIRED: Final = 411
_ODD: Final = OTHER_METHODS | {
    Intent.OTHER_PATH,
    Intent.MALFORMED_ID,
    Intent.MALFORMED_ACCOUNT,
    Intent.BROKEN_BODY,
    Intent.LARGE_BODY,
    Intent.FOREIGN_BODY,
    Intent.BODY,
    Intent.QUERY,
    Intent.SHAPE,
    Intent.CHUNKED,
    Intent.ACCOUNT_BESIDE,
    Intent.ENVELOPE,
    Intent.SWITCH,
    Intent.REASON,
    Intent.ACCEPT,
    Intent.HEADERS,
    Intent.ODDLY_REFUSED,
    Intent.BESIDE,
    Intent.AGENT,
}
_NUMBERED: Final = frozenset({Intent.BOUNDARY_ID, Intent.UNKNOWN_ACCOUNT})
_LARGEST: Final = 2**53
"""The largest id that whatever reads numbers can hold: past it some languages round, and a router may refuse it."""


def asks_for_length(exchange: Exchange) -> bool:
    """Whether a request without a length was refused for that, as a server may (RFC 9110, 15.5.12)."""
    stated = (name.lower() for name, _ in exchange.request_headers)
    return exchange.status == _LENGTH_REQUIRED and "content-length" not in stated


def is_odd(exchange: Exchange) -> bool:
    """Whether a request may be answered before the application sees it."""
    case = exchange.case
    if asks_for_length(exchange):
        return True
    if case.intent in _NUMBERED:
        ids = ENDPOINT.ids(case.path)
        return not (ids and all(map(_is_of_a_row, ids)))
    return case.intent in _ODD


def _is_of_a_row(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) <= _LARGEST


def _wants_another_type(exchange: Exchange) -> bool:
    """Whether a request accepts other types alone, so that it may get a page."""
    accepted = [value.lower() for name, value in exchange.request_headers if name.lower() == "accept"]
    return bool(accepted) and not any(kind in value for value in accepted for kind in ("json", "*/*", "application/*"))


def may_be_a_page(exchange: Exchange) -> bool:
    """Whether an answer that is not JSON is acceptable, so that JSON is not judged more strictly than HTML.

    A request for a page may get one; an odd request may be refused in front of the application; and no shape is
    promised for the answers to other methods.
    """
    if exchange.case.intent in OTHER_METHODS:
        return True
    if succeeded(exchange):
        return _wants_another_type(exchange) and bool(exchange.answer and not exchange.answer.says_json)
    return is_odd(exchange)
