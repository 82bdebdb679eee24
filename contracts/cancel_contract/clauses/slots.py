"""Says whether the slot of a cancelled or deleted appointment is free again."""

from typing import Final

from cancel_contract.clauses.creates import sent
from cancel_contract.clauses.effect_elsewhere import listed_rows, overlap
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Episode, Role
from cancel_contract.exchange.exchange import Exchange

MADE: Final = frozenset({200, 201, 202, 203, 204, 303})
"""Statuses of a booking that was made, or will be; which of them a create answers is no cancel's doing."""


def is_free_again(episode: Episode, booking: Exchange) -> bool:
    """Whether a slot was booked, or is by now another client's, who could not have it otherwise (policy)."""
    return booking.status in MADE or any(holders(one, booking) for one in episode.all(Role.HOLDERS))


def holders(listed: Exchange, booking: Exchange) -> list[Payload]:
    """Return the active appointments of a list that lie in the slot of a booking."""
    wanted = sent(booking)
    return [row for row in listed_rows(listed) or () if not ACTION.is_done(row) and overlap(row, wanted)]
