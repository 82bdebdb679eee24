"""Checks which appointment, and whose, an answer shows."""

from cancel_contract.exchange.compare import Payload, shown, value_of
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.strict_json import parse_json


def wrong_id(payload: Payload, told: str) -> Broken:
    """The breach of an answer about another appointment than the one that the path names."""
    return broken("field", "/id", _kind_of_id(payload, "id"), "the id in the path", told)


def wrong_account(payload: Payload, told: str) -> Broken:
    """The breach of an answer about another account than the one that the path names."""
    return broken("field", "/account_id", _kind_of_id(payload, "account_id"), "the account in the path", told)


def sent_as(exchange: Exchange, field: str) -> str:
    """Return the words behind a value of an answer that is the one that the request's body holds; else nothing."""
    body, shown = parse_json(exchange.case.body or b"")[0], (exchange.payload or {}).get(field)
    is_sent = isinstance(body, dict) and shown is not None and body.get(field) == shown
    return ", as the body of the request says" if is_sent else ""


def _kind_of_id(payload: Payload, field: str) -> str:
    # Which other id it is differs from one appointment to the next.
    value = value_of(payload, field)
    is_an_id = isinstance(value, int) and not isinstance(value, bool)
    return "another id" if is_an_id else "a string" if isinstance(value, str) else shown(value, field)
