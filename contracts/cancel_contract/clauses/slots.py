"""Says whether the slot of a cancelled or deleted appointment is free again."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cancel_contract.clauses.clause import Finding, Terms
from cancel_contract.clauses.creates import sent
from cancel_contract.clauses.effect_elsewhere import listed_rows, overlap
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.equality import same
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.marker import Marker
from cancel_contract.exchange.timestamps import instant

MADE: Final = frozenset({200, 201, 202, 203, 204, 303})
"""Statuses of a booking that was made, or will be; which of them a create answers is no cancel's doing."""
_OF_A_COPY: Final = ("client_name", "starts_at", "ends_at")
"""Fields that an appointment shares with another one of which the target itself has made it."""
_APART: Final = timedelta(minutes=2)
"""How much two clocks differ at most (policy)."""


def is_free_again(episode: Episode, booking: Exchange) -> bool:
    """Whether a slot was booked, or is by now another client's, who could not have it otherwise (policy).

    What holds it for the very client whose visit was cancelled, and nobody has asked for, is no other client's.
    """
    freed, deletion = episode.payload(Role.CANCEL) or {}, episode.one(Role.DELETED)
    since = instant(freed.get("updated_at")) or (deletion.started - _APART if deletion else None)
    held = [row for one in episode.all(Role.HOLDERS) for row in holders(one, booking, since)]
    copied = copies_of(freed, episode)
    return booking.status in MADE or any(row not in copied for row in held)


def copies_of(freed: Payload, episode: Episode) -> list[Payload]:
    """Return the active appointments at the time of a cancelled one, for its client, that no run has asked for; none
    where it was revived in the meantime, for which some book anew.
    """
    if episode.one(Role.REVIVED):
        return []
    listed = (row for one in episode.all(Role.HOLDERS) for row in listed_rows(one) or ())
    return [row for row in listed if not ACTION.is_done(row) and _is_a_copy(row, freed)]


def _is_a_copy(row: Payload, freed: Payload) -> bool:
    is_other = row.get("id") != freed.get("id")
    is_alike = all(freed.get(name) and same(name, row.get(name), freed[name]) for name in _OF_A_COPY)
    marks = [Marker.of(one.get("external_ref"), one.get("idempotency_key")) for one in (row, freed)]
    return is_other and is_alike and marks[0] in {None, marks[1]}


def slot_free(episode: Episode, _: Terms) -> Iterator[Finding]:
    """The slot of a cancelled appointment can be booked, and nobody has it whom the cancel itself has booked."""
    rebook, cancel = episode.one(Role.REBOOK), episode.one(Role.CANCEL)
    if episode.kind is not Kind.SLOT or not cancel or cancel.status != 200:
        return
    copy = next(iter(copies_of(cancel.payload or {}, episode)), None)
    has_it = f"appointment {copy.get('id')}, which nobody asked for, has it for the same client" if copy else ""
    if rebook and rebook.answer:
        told = f"{rebook.fact}, not 201, when the slot is booked again{has_it and f': {has_it}'}"
        yield None if is_free_again(episode, rebook) else broken("slot", "booking", str(rebook.status), "201", told)
    elif has_it:
        told = f"the slot is not free again: {has_it}"
        yield broken("slot", "slot", "held for the same client", "free", told)


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
