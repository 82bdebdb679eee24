"""Reads what a create asked for, which may be something else than what was made."""

from collections.abc import Mapping
from typing import Any

from cancel_contract.clauses.clause import NotApplicable
from cancel_contract.clauses.money import AMOUNTS
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.strict_json import parse_json


def sent(create: Exchange | None) -> Mapping[str, Any]:
    """Return the fields that a create sent; none of any other request."""
    if create is None or create.case.intent is not Intent.CREATE:
        return {}
    body = parse_json(create.request_body)[0]
    return body if isinstance(body, dict) else {}


def never_paid(episode: Episode) -> NotApplicable | None:
    """Say that a clause does not apply because the target makes no appointment as paid, whoever asks for one."""
    made = episode.all(Role.BEFORE) if episode.kind is Kind.MADE else ()
    asked = [one for one in made if _is_paid_in_full(sent(one))]
    if not asked or any((one.payload or {}).get("payment_status") == "paid" for one in asked):
        return None
    return NotApplicable(f"no appointment is made as paid where that is asked for ({asked[0].fact})")


def _is_paid_in_full(create: Mapping[str, Any]) -> bool:
    received = [create.get(name) or 0 for name in AMOUNTS[1:]]
    price = create.get("service_amount") or 0
    return bool(price) and sum(received) == price
