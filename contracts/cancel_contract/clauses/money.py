"""Names the fields that hold money, and recognises an answer for somebody who may not see them."""

from collections.abc import Mapping
from typing import Any, Final

from cancel_contract.clauses.clause import NotApplicable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.strict_json import parse_json

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


def sent(create: Exchange | None) -> Mapping[str, Any]:
    """Return the fields that a create sent; none of any other request."""
    if create is None or create.case.intent is not Intent.CREATE:
        return {}
    body = parse_json(create.request_body)[0]
    return body if isinstance(body, dict) else {}


def never_paid(episode: Episode) -> NotApplicable | None:
    """Say that a clause does not apply because the target makes no appointment as paid, whoever asks for one."""
    seen = episode.all(Role.BEFORE) if episode.kind is Kind.SEEN else ()
    asked = [one for one in seen if _is_paid_in_full(sent(one))]
    if not asked or any((one.payload or {}).get("payment_status") == "paid" for one in asked):
        return None
    return NotApplicable(f"no appointment is made as paid where that is asked for ({asked[0].fact})")


def _is_paid_in_full(create: Mapping[str, Any]) -> bool:
    received = [create.get(name) or 0 for name in AMOUNTS[1:]]
    price = create.get("service_amount") or 0
    return bool(price) and sum(received) == price
