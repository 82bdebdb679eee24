"""Describes an appointment in a few words without personal data: what may set the broken cases apart."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeGuard

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.quantities import span
from cancel_contract.exchange.timestamps import moment_of

_SMALL_PRICE: Final = 100
_TWO_BYTES: Final = 2**15 - 1
"""The largest number in two bytes with a sign."""
_LARGE_PRICE: Final = 10**9
_LONGEST_ID: Final = 64
"""Bits of the longest number that is an id."""
_LENGTHS: Final = (40, 100, 255)
_MINUTES: Final = (30, 45, 60, 90)
"""Where amounts, texts and times are often cut, so that what broke may lie on one side."""
MINUTES: Final = " minutes"
"""How traits end that are about how long it takes."""
_WAS: Final = "the appointment was"
ACTIVE: Final = f"{_WAS} active"
"""The trait of whatever is not cancelled, which its status tells more closely."""
_YEAR: Final = re.compile(r"\d{4}(?=-)", re.ASCII)
_EPOCH: Final = 1970
"""Where the time of most computers begins."""
_WORD: Final = re.compile(r"[a-z][a-z_]{0,19}")
_MADE: Final = "made with"
_AHEAD: Final = timedelta(hours=24)
SOON, UNDER_WAY, OVER = "it begins within 24 hours", "it is under way", "it is over"
"""The traits that say when it begins."""
PAID: Final = "a payment by"
"""How traits begin that say how a payment was made, and what for."""
EQUAL: Final = "two payments of the same amount"
UNROUND: Final = "an id that a floating-point number cannot hold"
"""The trait of an odd id past 2^53, which some languages round."""
REFERENCE: Final = "external_ref of"
"""How a trait begins that says how long the reference is, which the run has chosen."""


def described(payload: Mapping[str, Any] | None, at: datetime) -> str:
    """Return what an appointment was at a time: `status confirmed, payment_status paid, begins in 3 days`.

    Nothing where nobody knows it. Only words of the API, numbers and whether something is there are told.
    """
    return ", ".join(_parts(payload, at)) if payload else ""


def states(payload: Mapping[str, Any]) -> Iterator[str]:
    """Yield the status and the payment status of an appointment, each with its name."""
    for name in ("status", "payment_status"):
        if is_word(payload.get(name)):
            yield f"{name} {payload[name]}"


def is_word(text: object) -> TypeGuard[str]:
    """Whether something is a word as the API spells them; any other text may be a person's."""
    return isinstance(text, str) and _WORD.fullmatch(text) is not None


def standing(payload: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an appointment may have in common with others for its status: of what is cancelled no more."""
    if ACTION.is_done(payload):
        yield f"{_WAS} cancelled already"
    elif told := tuple(states(payload)):
        yield ACTIVE
        yield from told


def traits(payload: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an appointment may have in common with others, whatever its status: `prepaid_amount above 0`."""
    yield from _of_id(payload.get("id"))
    yield from _amounts(payload)
    for name in ("service", "contact"):
        yield f"with{'out' if payload.get(f'{name}_id') is None else ''} a {name}"
    for name in ("client_phone", "client_birth_date", "client_identifier", "client_gender", "client_comment"):
        yield f"{name} is {'null' if payload.get(name) is None else 'given'}"
    if isinstance(expense := payload.get("expense"), dict):
        yield f"an expense that is {expense.get('status')}" if is_word(expense.get("status")) else "an expense"
    elif "expense" in payload:
        yield "without an expense"
    texts = {f"{name} of": payload.get(name) for name in ("client_phone", "client_identifier")}
    texts |= {REFERENCE: payload.get("external_ref")}
    yield from (f"{name} {len(text)} characters" for name, text in texts.items() if isinstance(text, str))
    if isinstance(payments := payload.get("payments"), list):
        yield f"{len(payments)} payment{'' if len(payments) == 1 else 's'}"
        yield f"with{'' if payments else 'out'} payments"
        rows = [row for row in payments if isinstance(row, dict)]
        for row in rows:
            yield from _of_payment(row)
        if len({repr(row.get("amount")) for row in rows}) < len(rows):
            yield EQUAL
    yield from _of_attributes(payload.get("custom_attributes"))
    if is_word(visit := payload.get("appointment_type")):
        yield f"appointment_type {visit}"
    yield from _of_name(str(payload.get("client_name")))
    yield from _of_birth_date(payload.get("client_birth_date"))
    yield from _of_length(payload)


def made_with(asked: object) -> Iterator[str]:
    """Yield how a create spells what its answer shows in another way."""
    if not isinstance(asked, dict):
        return
    if isinstance(start := asked.get("starts_at"), str):
        if "." in start:
            yield f"{_MADE} a fraction of a second in starts_at"
        if start[-6:-5] in {"+", "-"}:
            yield f"{_MADE} an offset in starts_at"
    start, end = moment_of(asked.get("starts_at")), moment_of(asked.get("ends_at"))
    minutes = asked.get("duration_min")
    if start and end and isinstance(minutes, int) and minutes != (end - start) // timedelta(minutes=1):
        yield f"{_MADE} a duration_min that differs from its times"


def begins(payload: Mapping[str, Any], at: datetime) -> Iterator[str]:
    """Yield when an appointment begins or has begun, seen from a time, in steps that servers may distinguish."""
    start, end = moment_of(payload.get("starts_at")), moment_of(payload.get("ends_at"))
    if start and end and start.tzinfo and end.tzinfo:
        if start <= at:
            yield UNDER_WAY if end > at else OVER
        elif start - at < _AHEAD:
            yield SOON


def _of_id(number: object) -> Iterator[str]:
    if isinstance(number, int) and number.bit_length() <= _LONGEST_ID and int(float(number)) != number:
        yield UNROUND


def _of_length(payload: Mapping[str, Any]) -> Iterator[str]:
    start, end = moment_of(payload.get("starts_at")), moment_of(payload.get("ends_at"))
    if start and end and start.tzinfo and end.tzinfo:
        minutes = (end - start) // timedelta(minutes=1)
        yield f"{minutes}{MINUTES}"
        yield from (f"more than {most}{MINUTES}" for most in _MINUTES if minutes > most)
        yield from (f"less than {least}{MINUTES}" for least in _MINUTES if minutes < least)
        if type(stated := payload.get("duration_min")) is int and stated != minutes:
            yield "a duration_min that differs from its times"


def _of_payment(row: Mapping[str, Any]) -> Iterator[str]:
    method, kind = row.get("payment_method"), row.get("payment_kind")
    if is_word(method):
        yield f"{PAID} {method}"
        if is_word(kind):
            yield f"{PAID} {method} with payment_kind {kind}"


def _of_attributes(attributes: object) -> Iterator[str]:
    if isinstance(attributes, dict):
        yield f"custom_attributes {'given' if attributes else 'empty'}"
    if isinstance(attributes, dict) and any(isinstance(value, dict | list) for value in attributes.values()):
        yield "custom_attributes with an object in them"


def _of_birth_date(text: object) -> Iterator[str]:
    """Yield the half of the calendar's computers in which somebody was born; the year would say more of a person."""
    if isinstance(text, str) and (year := _YEAR.match(text)):
        yield f"client_birth_date {'before' if int(year[0]) < _EPOCH else 'in or after'} {_EPOCH}"


def _of_name(name: str) -> Iterator[str]:
    if " " not in name.strip():
        yield "client_name of one word"
    if "  " in name:
        yield "client_name with several blanks in a row"
    if not name.isascii():
        yield "client_name with letters beyond ASCII"
    if not unicodedata.is_normalized("NFC", name):
        yield "client_name in decomposed letters"
    yield from (f"client_name longer than {length} characters" for length in _LENGTHS if len(name) > length)


def _amounts(payload: Mapping[str, Any]) -> Iterator[str]:
    amounts = {name: payload.get(name) for name in ("service_amount", "prepaid_amount", "settlement_amount")}
    known = {name: amount for name, amount in amounts.items() if type(amount) is int}
    for name, amount in known.items():
        yield f"{name} {'above ' if amount > 0 else ''}0"
    price = known.get("service_amount", 0)
    if 0 < price < _SMALL_PRICE:
        yield f"service_amount below {_SMALL_PRICE}"
    if price > _LARGE_PRICE:
        yield f"service_amount above {_LARGE_PRICE}"
    if known.get("prepaid_amount", 0) > _TWO_BYTES:
        yield f"prepaid_amount above {_TWO_BYTES}"
    if 0 < price == known.get("prepaid_amount"):
        yield "prepaid_amount equal to service_amount"


def _parts(payload: Mapping[str, Any], at: datetime) -> Iterator[str]:
    yield from states(payload)
    for name in ("service_amount", "prepaid_amount"):
        if type(amount := payload.get(name)) is int:
            yield f"{name} {amount}"
    expense = payload.get("expense")
    if isinstance(expense, dict) and is_word(expense.get("status")):
        yield f"an expense that is {expense['status']}"
    for name in ("service", "contact"):
        if payload.get(f"{name}_id") is not None:
            yield f"with a {name}"
    yield from _times(payload, at)


def _times(payload: Mapping[str, Any], at: datetime) -> Iterator[str]:
    start, end = moment_of(payload.get("starts_at")), moment_of(payload.get("ends_at"))
    if start is None or end is None or start.tzinfo is None or end.tzinfo is None:
        return
    minutes, stated = (end - start) // timedelta(minutes=1), payload.get("duration_min")
    yield f"{minutes} minutes" + (f" with duration_min {stated}" if type(stated) is int and stated != minutes else "")
    if start > at:
        yield f"begins in {span(start - at)}"
    else:
        yield f"began {span(at - start)} ago" + (", is under way" if end > at else "")
