"""Recognises odd requests, which a server in front of the application may answer.

An odd request (an id that is not a number, a broken or foreign body, an unusual Accept header, another spelling of the
path) may be refused with a 4xx of any shape. A success is the application's answer, and is judged in full.
"""

import re
from typing import Final

from cancel_contract.clauses.clause import succeeded
from cancel_contract.exchange.case import OTHER_METHODS
from cancel_contract.exchange.exchange import Exchange

_LENGTH_REQUIRED: Final = 411
_ENDING: Final = re.compile(r"\.([a-z]+)$")
"""How frameworks are told the type of an answer in a path."""


def asks_for_length(exchange: Exchange) -> bool:
    """Whether a request without a length was refused for that, as a server may (RFC 9110, 15.5.12)."""
    stated = (name.lower() for name, _ in exchange.request_headers)
    return exchange.status == _LENGTH_REQUIRED and "content-length" not in stated


def is_odd(exchange: Exchange) -> bool:
    """Whether a request may be answered before the application sees it."""
    return exchange.case.is_odd or asks_for_length(exchange)


def _wants_another_type(exchange: Exchange) -> bool:
    """Whether a request accepts other types alone, by a header or by the ending of its path, so that it may get a page
    or XML.
    """
    if (ending := _ENDING.search(exchange.case.path)) and ending[1] != "json":
        return True
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
