"""Checks what an answer shows beside the appointment, and what a refusal may not show."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cancel_contract.clauses.clause import (
    Finding,
    Terms,
    succeeded,
    under_test,
)
from cancel_contract.clauses.other_clients import is_name_of, is_phone_of, other_client
from cancel_contract.clauses.places import Keys, objects, pointer, words
from cancel_contract.exchange.compare import spelled
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.redaction.personal_data import discreet

_CODINGS_ALWAYS: Final = frozenset({"", "identity"})
_REFUSED: Final = re.compile(r"\s*q=0(\.0{0,3})?\s*", re.IGNORECASE)
"""The weight by which a request refuses a content coding (RFC 9110, 12.4.2)."""
_ALIASES: Final = {"x-gzip": "gzip", "x-compress": "compress"}
_NOTHING_THERE: Final = frozenset({401, 403, 404})
"""Statuses of refusals that must not show the appointment. A conflict may show it."""
_NAMING: Final = ("client_name", "client_phone", "client_identifier")
"""Fields that identify the client."""
_MASKED: Final = re.compile(r"[*•●…]|#{3}|[xX]{3}")
"""What stands for the characters of a text that is not told."""
_END: Final = "ends_at"
_OF_A_VISIT: Final = (_END, "resource_id", "appointment_type", "payment_status", *_NAMING)
"""Fields of which one stands beside the start of an appointment."""
_OF_A_TIME: Final = frozenset(
    {
        "billing", "incident", "licence", "license", "maintenance", "notice", "outage", "period", "plan", "subscription",
        "tariff", "trial", "window",
    }
)  # fmt: skip
"""Words of keys under which something else begins at a time and ends at another."""
_SHOWING: Final = ("client_name", "client_phone", "client_identifier", "client_birth_date", "starts_at")


def asked_encoding(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """The body comes in a content coding that was asked for."""
    accepted = [value for name, value in exchange.request_headers if name.lower() == "accept-encoding"]
    if under_test(exchange) and exchange.answer and accepted:
        legal = _CODINGS_ALWAYS | set(_codings(",".join(accepted)))
        stated = exchange.answer.header("content-encoding") or ""
        strange = [coding for coding in _codings(stated) if coding not in legal and "*" not in legal]
        told = discreet(", ".join(strange))
        wish = f"one of {', '.join(accepted)}"
        message = f"the content encoding is {told}, not {wish}"
        yield broken("header", "content-encoding", told, wish, message) if strange else None


def _codings(header: str) -> Iterator[str]:
    for part in header.split(","):
        coding, _, weight = part.partition(";")
        name = coding.strip().lower()
        if not _REFUSED.fullmatch(weight):
            yield _ALIASES.get(name, name)


def no_error(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """A success does not contain an error."""
    if succeeded(exchange) and exchange.answer and exchange.payload is not None:
        body = exchange.answer.json
        found = [name for name in ("error", "errors") if body.get(name)]
        found += [name for name in ("success", "ok") if body.get(name) is False]
        told = [f"beside the payload of a success, {name} is {spelled(body, name)}" for name in found]
        yield broken("body", f"/{found[0]}", "an error", "none", told[0]) if found else None


def nobody_else(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """An answer about one client shows no other client."""
    ours = exchange.payload if succeeded(exchange) else None
    if ours is not None and exchange.answer:
        shown = ((keys, _of_another(row, ours)) for keys, row in objects(exchange.answer.json))
        told = next(((name, pointer((*keys, name))) for keys, name in shown if name), None)
        yield _another_appointment(*told) if told else _another_client(exchange.answer, ours)


def _another_appointment(name: str, place: str) -> Broken:
    message = f"the answer shows another appointment's {name}, at {place}"
    return broken("leak", place, "another appointment's", "its own alone", message)


def _another_client(answer: Answer, ours: Mapping[str, Any]) -> Broken | None:
    place = other_client(answer, ours)
    told = f"the answer shows another client's name and telephone at {place}"
    return broken("leak", place, "another client's", "its own alone", told) if place else None


def _of_another(row: dict[str, Any], ours: Mapping[str, Any]) -> str | None:
    """Return the first field that shows that an object is another client's appointment."""
    if not isinstance(row.get("id"), int) or row["id"] == ours.get("id"):
        return None
    here = ((name, row.get(name)) for name in _NAMING)
    told = ((name, value) for name, value in here if value and isinstance(value, str) and not _MASKED.search(value))
    return next((name for name, value in told if not _is_ours(name, value, ours)), None)


def _is_ours(name: str, value: str, ours: Mapping[str, Any]) -> bool:
    """Whether a text names our client: a reminder or an earlier version may spell name and telephone otherwise."""
    spelled = {"client_name": is_name_of, "client_phone": is_phone_of}
    return value == ours.get(name) or (name in spelled and spelled[name](value, ours))


def no_appointment(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """A refusal contains no appointment, whoever's it is."""
    answer = exchange.answer
    if under_test(exchange) and answer and answer.status in _NOTHING_THERE and answer.json is not None:
        shown = field_of_an_appointment(answer.json)
        message = f"the {answer.status} shows an appointment with its id and {shown}"
        yield broken("leak", f"/{shown}", "told in a refusal", "told to nobody", message) if shown else None


def field_of_an_appointment(value: object) -> str | None:
    """The first field that makes an object in a body an appointment; none where there is no such object."""
    return next(filter(None, (_shown(keys, row) for keys, row in objects(value))), None)


def _shown(keys: Keys, value: Mapping[str, object]) -> str | None:
    """Return the first field that shows that an object is an appointment."""
    known = [name for name in _SHOWING if value.get(name) is not None]
    told = [name for name in _OF_A_VISIT if value.get(name) is not None]
    is_visit = bool(told) and not (told == [_END] and words(keys) & _OF_A_TIME)
    return known[0] if known and is_visit and value.get("id") else None
