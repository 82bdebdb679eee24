"""Says whether the slot of a cancelled or deleted appointment is free again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cancel_contract.clauses.creates import sent
from cancel_contract.clauses.effect_elsewhere import listed_rows, overlap
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Episode, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.timestamps import instant

MADE: Final = frozenset({200, 201, 202, 203, 204, 303})
"""Statuses of a booking that was made, or will be; which of them a create answers is no cancel's doing."""


_APART: Final = timedelta(minutes=2)
"""How much two clocks differ at most (policy)."""


def is_free_again(episode: Episode, booking: Exchange) -> bool:
    """Whether a slot was booked, or is by now another client's, who could not have it otherwise (policy)."""
    freed, deletion = episode.payload(Role.CANCEL) or {}, episode.one(Role.DELETED)
    since = instant(freed.get("updated_at")) or (deletion.started - _APART if deletion else None)
    return booking.status in MADE or any(holders(one, booking, since) for one in episode.all(Role.HOLDERS))


def holders(listed: Exchange, booking: Exchange, since: datetime | None = None) -> list[Payload]:
    """Return the active appointments of a list that lie in the slot of a booking; of other resources, which may share
    its room, those that were made since the slot was freed.
    """
    wanted = sent(booking)
    active = [row for row in listed_rows(listed) or () if not ACTION.is_done(row)]
    return [row for row in active if overlap(row, wanted) or (since and _is_later_elsewhere(row, wanted, since))]


def is_beside(row: Payload, booking: Exchange, since: datetime, most: timedelta) -> bool:
    """Whether a row is active, lies within `most` of the slot of a booking, and was made since some moment."""
    wanted, made = sent(booking), instant(row.get("created_at"))
    begun, ended = instant(wanted.get("starts_at")), instant(wanted.get("ends_at"))
    if begun is None or ended is None or made is None or ACTION.is_done(row) or made < since:
        return False
    return overlap(row, {**wanted, "starts_at": (begun - most).isoformat(), "ends_at": (ended + most).isoformat()})


def _is_later_elsewhere(row: Payload, wanted: Mapping[str, Any], since: datetime) -> bool:
    made, resource = instant(row.get("created_at")), {"resource_id": wanted.get("resource_id")}
    return made is not None and made >= since and overlap({**row, **resource}, wanted)
