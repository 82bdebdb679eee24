"""Checks which appointment, and whose, an answer shows."""

from collections.abc import Iterator

from cancel_contract.clauses.clause import Finding, Terms, succeeded
from cancel_contract.exchange.compare import Payload, rows_of, shown, spelled, value_of
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.fragment.shipped import ENDPOINT


def id_echo(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """An answer, and the payments in it, are about the appointment that the path names."""
    payload, asked = exchange.payload if succeeded(exchange) else None, exchange.case.appointment
    if payload is not None and asked is not None:
        told = f"id is {spelled(payload, 'id')}, not {asked}"
        yield (
            payment_of_another(payload, "appointment_id", asked)
            if payload.get("id") == asked
            else wrong_id(payload, told)
        )


def account_echo(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    """An answer, and the payments in it, are about the account that the path names."""
    payload = exchange.payload if succeeded(exchange) else None
    if payload is not None:
        named, _ = ENDPOINT.ids(exchange.case.path) or ("", "")
        asked = int(named) if named.isascii() and named.isdecimal() else terms.account
        told = f"account_id is {spelled(payload, 'account_id')}{sent_as(exchange, 'account_id')}, not {asked}"
        is_right = payload.get("account_id") == asked
        yield payment_of_another(payload, "account_id", asked) if is_right else wrong_account(payload, told)


def payment_of_another(payload: Payload, name: str, asked: int) -> Broken | None:
    """The breach of a payment that names another appointment or account; what names none says nothing."""
    others = (row[name] for row in rows_of(payload) or () if type(row.get(name)) is int and row[name] != asked)
    other = next(others, None)
    told = f"a payment's {name} is {other}, not {asked}"
    wanted = "that of the appointment"
    return broken("field", f"/payments/*/{name}", "another id", wanted, told) if other is not None else None


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
