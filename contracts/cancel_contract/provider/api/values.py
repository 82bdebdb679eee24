"""Validates the values of a body, and refuses with a 422 that names the field (sibling, observed)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

from cancel_contract.provider.api.answers import invalid
from cancel_contract.provider.store.records import MAX_AMOUNT, Payload

Parser = Callable[[object, str], object]

_IIN: Final = re.compile(r"\d{12}")
_PUNCTUATION: Final = re.compile(r"[\s().-]+")
_WEIGHTS: Final = (tuple(range(1, 12)), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_UNDECIDED: Final = 10


def whole(value: object, name: str) -> int | None:
    """Read a whole number: a JSON number, a fraction cut off, or its digits as a text (observed)."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,30}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(f"{name} is not a number", details={"field": name})
    return int(value)


def amount(value: object, name: str) -> int:
    """Read money: whole, not negative, and no more than the table holds."""
    number = whole(value, name) or 0
    if not 0 <= number <= MAX_AMOUNT:
        raise invalid(f"{name} must be between 0 and {MAX_AMOUNT}", details={"field": name})
    return number


def text(value: object, name: str) -> str | None:
    """Read a text; a blank one is null (observed)."""
    if value is None:
        return None
    if isinstance(value, bool | dict | list) or "\0" in str(value):
        raise invalid(f"{name} is not a text", details={"field": name})
    return str(value).strip() or None


def instant(value: object, name: str) -> datetime:
    """Read an instant; without a zone it is UTC, and fractions of a second are dropped (observed)."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        moment = moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise invalid(f"{name} is missing or no date and time", details={"field": name})
    return moment.replace(microsecond=0)


def day(value: object, name: str) -> date | None:
    """Read a date."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise invalid(f"{name} is no date", details={"field": name}) from None


def one_of(*allowed: str) -> Parser:
    """Make the reader of a word of a vocabulary."""

    def read(value: object, name: str) -> object:
        if value not in allowed:
            raise invalid(f"{name} is not included in the list", details={"field": name})
        return value

    return read


def attributes(value: object, name: str) -> Payload:
    """Read free attributes."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(f"{name} is not an object", details={"field": name})
    return value


def identifier(value: object, name: str) -> str | None:
    """Read a person's number: 12 digits must pass the IIN's checksum, anything else is taken as it is (observed)."""
    given = text(value, name)
    digits = _PUNCTUATION.sub("", given or "")
    if not _IIN.fullmatch(digits):
        return given
    if not _iin_holds(digits):
        raise invalid("client_identifier is not a valid IIN", "INVALID_IIN")
    return digits


def _iin_holds(digits: str) -> bool:
    for weights in _WEIGHTS:
        control = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11
        if control != _UNDECIDED:
            return control == int(digits[-1])
    return False
