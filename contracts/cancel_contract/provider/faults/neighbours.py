"""Faults of what a cancel does to other appointments, to the slot and to the list."""

from dataclasses import replace
from typing import Final

from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults import rows

FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        "day-cancelled",
        "effect/neighbour-untouched",
        "The condition of the update names the resource and forgets the id.",
        Hooks(
            transition=rows.to_neighbours(
                lambda done, row: done.resource_id == row.resource_id,
                lambda row, _: replace(row, status="cancelled", payment_status="cancelled"),
            )
        ),
    ),
    Fault(
        "day-completed",
        "effect/neighbour-untouched",
        "Each change closes the room's day in the books, and what was booked counts as done.",
        Hooks(
            transition=rows.to_neighbours(
                lambda done, row: done.resource_id == row.resource_id and not row.cancelled,
                lambda row, _: replace(row, status="completed"),
            )
        ),
    ),
    Fault(
        "neighbours-phone-removed",
        "effect/neighbour-untouched",
        "The client is forgotten in all appointments of the room.",
        Hooks(
            transition=rows.to_neighbours(
                lambda done, row: row.resource_id == done.resource_id,
                lambda row, _: replace(row, client_phone=None),
            )
        ),
    ),
    Fault(
        "slot-held",
        "effect/slot-free",
        "The table of taken slots is not told.",
        Hooks(transition=rows.slot_held),
    ),
    Fault(
        "not-listed",
        "effect/listed",
        "Cancelled rows fall out of the list's scope.",
        Hooks(operations=frozenset({"list"}), answer=rows.in_list(rows.uncancelled)),
    ),
)
"""Other appointments, the slot and the list."""
