"""Compares the documented fields of two views of an appointment."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.timestamps import instant
from cancel_contract.fragment.document import Fragment
from cancel_contract.redaction.personal_data import discreet_key, may_be_a_persons

Payload = Mapping[str, Any]

_MOMENTS: Final = frozenset({"starts_at", "ends_at"})
_MISSING: Final = object()
_LONGEST_WORD: Final = 40
"""Characters of the longest text that can be a timestamp or a word of the API."""


def same(field: str, one: object, other: object) -> bool:
    """Whether two values of a field are equal; a timestamp may be written in two ways (observed)."""
    if field in _MOMENTS and (moment := instant(one)) and (another := instant(other)):
        return moment == another
    return type(one) is type(other) and one == other


def shown(value: object, field: str = "") -> str:
    """Return a value as messages may show it: numbers, booleans and null as they are, all else by its size."""
    if value is _MISSING:
        return "missing"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        # A telephone number may come as a number.
        return "a number" if may_be_a_persons(value, field) else str(value)
    if isinstance(value, list | dict):
        return f"{'an array' if isinstance(value, list) else 'an object'} of {len(value)}"
    return f"a text of {len(str(value))}"


def differences(
    fields: Iterable[str], one: Payload, other: Payload, *, telling: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield each field in which two views differ, as `name is A, not B`; values of `telling` fields are shown."""
    for field in fields:
        here, there = one.get(field, _MISSING), other.get(field, _MISSING)
        if not same(field, here, there):
            is_told = field in telling or field in _MOMENTS
            fact, wish = (_told_or_shown(value, field, is_told=is_told) for value in (here, there))
            name = discreet_key(field)
            yield f"{name} is {fact}, not {wish}" if fact != wish else f"{name} is another one"


def _told_or_shown(value: object, field: str, *, is_told: bool) -> str:
    return repr(value) if is_told and isinstance(value, str) and len(value) <= _LONGEST_WORD else shown(value, field)


OBSERVED: Final = (
    "client_comment",
    "source",
    "custom_attributes",
    "service_name_snapshot",
    "service_type_snapshot",
    "service_duration_snapshot",
    "prepaid_payment_method",
    "settlement_payment_method",
    "compensation_type_snapshot",
    "compensation_value_snapshot",
    "created_at",
    "updated_at",
)
"""Undocumented fields of the real answer (observed)."""
PAYMENT_FIELDS: Final = ("id", "amount", "payment_method", "payment_kind")
EXPENSE_FIELDS: Final = ("id", "amount", "status")
TELLING: Final = frozenset({"status", "payment_status", "payment_kind", "payment_method"})
"""Fields whose values are words of the API, not personal data."""


def payments_differ(one: Payload, other: Payload) -> Iterator[str]:
    """Yield the differences of two views in their payments, in the documented fields; the order of rows is free."""
    here, there = _rows(one), _rows(other)
    if here is None or there is None:
        if here is not there:
            shown_here, shown_there = (shown(view.get("payments", _MISSING)) for view in (one, other))
            yield f"payments is {shown_here}, not {shown_there}"
        return
    if len(here) != len(there):
        yield f"there are {len(here)} payments, not {len(there)}"
        return
    for mine, yours in zip(here, there, strict=True):
        for difference in differences(PAYMENT_FIELDS, mine, yours, telling=TELLING):
            yield f"a payment's {difference}"


def _rows(payload: Payload) -> list[Payload] | None:
    rows = payload.get("payments")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return sorted(rows, key=lambda row: str(row.get("id")))


def expense_differs(one: Payload, other: Payload) -> Iterator[str]:
    """Yield the differences of two views in their expense, in the documented fields."""
    here, there = one.get("expense"), other.get("expense")
    if isinstance(here, dict) and isinstance(there, dict):
        for difference in differences(EXPENSE_FIELDS, here, there, telling=TELLING):
            yield f"the expense's {difference}"
    elif (here is None) != (there is None):
        yield f"expense is {shown(here)}, not {shown(there)}"


def documented_differences(fragment: Fragment, one: Payload, other: Payload) -> Iterator[str]:
    """Yield every documented field in which two views differ."""
    plain = [field for field in fragment.documented_fields if field not in {"payments", "expense"}]
    yield from differences(plain, one, other, telling=TELLING)
    yield from payments_differ(one, other)
    yield from expense_differs(one, other)


def first_three(differences_found: Iterable[str]) -> str | None:
    """Return the first three differences as one message, or nothing."""
    found = list(differences_found)
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    return "; ".join(found[:3]) + more if found else None


def changes(fragment: Fragment, before: Payload, after: Payload) -> Iterator[str]:
    """Yield every field, documented or observed, in which an appointment has changed.

    Fields that nobody knows are left out: a later generation may send any, such as links that are signed anew for each
    read.
    """
    yield from differences(
        sorted({*fragment.documented_fields, *OBSERVED}), _in_order(after), _in_order(before), telling=TELLING
    )


def _in_order(payload: Payload) -> Payload:
    rows = _rows(payload)
    return payload if rows is None else {**payload, "payments": rows}


def change(fragment: Fragment, before: Payload, after: Exchange, when: str) -> str | None:
    """Return what a read shows to have changed in an appointment; one that cannot be read has changed."""
    if after.payload is None:
        return f"{when}, {after.fact} when the appointment is read, not 200"
    fact = first_three(changes(fragment, before, after.payload))
    return f"{when}, {fact}" if fact else None
