"""Names the fields that hold money, and recognises an answer for somebody who may not see them."""

from typing import Final

from cancel_contract.clauses.clause import NotApplicable
from cancel_contract.exchange.compare import Payload

AMOUNTS: Final = ("service_amount", "prepaid_amount", "settlement_amount")
MONEY: Final = (*AMOUNTS, "payment_status", "payments", "expense")
"""The fields that a member without access to finance does not see (observed)."""


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
