"""Says whether the slot of a cancelled or deleted appointment is free again."""

from typing import Final

from cancel_contract.clauses.effect_elsewhere import overlap, rows
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Episode, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.strict_json import parse_json

MADE: Final = frozenset({200, 201})
"""Statuses of a booking that was made."""


def is_free_again(episode: Episode, booking: Exchange) -> bool:
    """Whether a slot was booked, or is by now another client's, who could not have it otherwise (policy)."""
    return booking.status in MADE or any(holders(one, booking) for one in episode.all(Role.HOLDERS))


def holders(listed: Exchange, booking: Exchange) -> list[Payload]:
    """Return the active appointments of a list that lie in the slot of a booking."""
    found = listed.answer.json if listed.answer and listed.status == 200 else None
    wanted = parse_json(booking.case.body or b"")[0]
    if not isinstance(found, dict) or not isinstance(wanted, dict):
        return []
    return [row for row in rows(found.get("payload")) if not ACTION.is_done(row) and overlap(row, wanted)]
