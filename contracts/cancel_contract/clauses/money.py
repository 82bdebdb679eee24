"""Names the fields that hold money, and recognises an answer for somebody who may not see them."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.clause import NotApplicable
from cancel_contract.exchange.compare import Payload, differences, rows_of, within
from cancel_contract.exchange.difference import Difference

AMOUNTS: Final = ("service_amount", "prepaid_amount", "settlement_amount")
MONEY: Final = (*AMOUNTS, "payment_status", "payments", "expense")
"""The fields that a member without access to finance does not see (observed)."""
_OF_A_PAID_ONE: Final = ("resource_id", "paid_by_id", "paid_at")
"""What an expense tells of its payment (observed)."""
_OF_A_PAYMENT: Final = ("created_at", "recorded_by_id")
"""What a payment tells of how it came about (observed)."""


def adds_up(payload: Payload) -> bool:
    """Whether the rows of payments of an appointment add up to the amounts that were received."""
    rows = payload.get("payments")
    amounts = [row.get("amount") if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else []
    received = [payload.get(name) for name in AMOUNTS[1:]]
    known = [one for one in (*amounts, *received) if isinstance(one, int)]
    return len(known) == len(amounts) + len(received) and sum(known[: len(amounts)]) == sum(known[len(amounts) :])


def hidden_money(payload: Payload) -> NotApplicable | None:
    """Say that a clause does not apply because an appointment shows no money at all to this member."""
    if any(name in payload for name in MONEY):
        return None
    return NotApplicable(f"this member is not shown {', '.join(MONEY[:-1])} and {MONEY[-1]} of an appointment")


def makes_no_expense(before: Payload) -> NotApplicable | None:
    """Say that a clause does not apply because an appointment is paid, and nobody is owed anything for it."""
    is_paid = before.get("payment_status") == "paid" and before.get("expense") is None
    return NotApplicable("an appointment was accepted as paid, and no expense was made") if is_paid else None


def paid_otherwise(view: Payload, paid: Payload) -> Iterator[Difference]:
    """To whom, by whom and when an expense was paid, where both views tell it."""
    now = view.get("expense")
    if isinstance(now, dict):
        names = [name for name in _OF_A_PAID_ONE if name in paid and name in now]
        yield from within("expense", differences(names, now, paid))


def recorded_otherwise(view: Payload, before: Payload) -> Iterator[Difference]:
    """When, and by whom, each payment was recorded, where both views tell it."""
    known = {row.get("id"): row for row in rows_of(before) or ()}
    for row in rows_of(view) or ():
        if was := known.get(row.get("id")):
            names = [name for name in _OF_A_PAYMENT if name in was and name in row]
            yield from within("payments", differences(names, row, was))
