"""Finds what a target has booked by itself for a client of the run."""

from collections.abc import Iterator, Mapping, Sequence

from cancel_contract.clauses.effect_elsewhere import listed_rows
from cancel_contract.clauses.slots import copies_of
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.marker import Marker
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.timestamps import instant
from cancel_contract.run.context import Context
from cancel_contract.run.late_looks import submit_late


def copies(
    context: Context, listed: Exchange, cancelled: Mapping[int, Snapshot], changes: Sequence[Exchange]
) -> Iterator[int]:
    """Yield the active rows of the run's client that were made after its first one, and that it has not asked for: no
    mark says whose they are.

    One that has the time of a cancelled appointment, which no change had moved or revived, is judged: its slot is not
    free.
    """
    found = [*_unasked(context, listed, [one.payload for one in cancelled.values()])]
    changed = {one.case.appointment for one in changes}
    for number in [one for one in cancelled if found and one not in changed]:
        steps = ((Role.CANCEL, cancelled[number].seen), (Role.HOLDERS, listed))
        copied = copies_of(cancelled[number].payload, Episode(Kind.SLOT, steps))
        if any(row.get("id") in found for row in copied):
            submit_late(context, *steps, kind=Kind.SLOT)
    yield from found


def _unasked(context: Context, listed: Exchange, mine: Sequence[Payload]) -> Iterator[int]:
    names = [view["client_name"] for view in mine if view.get("client_name")]
    first = min((made for view in mine if (made := instant(view.get("created_at")))), default=None)
    for row in listed_rows(listed) or ():
        number, made = row.get("id"), instant(row.get("created_at"))
        is_new = first is not None and made is not None and made >= first
        is_unmarked = Marker.of(row.get("external_ref"), row.get("idempotency_key")) is None
        is_known = number in context.ownership.appointments or number in context.made.deleted
        is_ours = row.get("client_name") in names and is_new and is_unmarked and not is_known
        if is_ours and isinstance(number, int) and not ACTION.is_done(row):
            yield number
