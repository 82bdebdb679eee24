"""Says whether the slot of an appointment may be booked again: on no resource that the settings do not name."""

from datetime import datetime

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.supply.slots import slot_of
from cancel_contract.target.settings import Settings, variable


def slot_to_book(snapshot: Snapshot, settings: Settings) -> datetime:
    """Return the start of an appointment whose slot is to be booked again.

    Raises Unprepared if it does not say when it starts, or was handed over and lies on another resource than that of
    the settings, or these name none.
    """
    its, allowed = snapshot.payload.get("resource_id"), settings.resource_id
    if settings.appointment_ids and (allowed is None or its not in {None, allowed}):
        is_set = f"is {allowed}" if allowed else "is not set"
        raise Unprepared(
            f"the slot of appointment {snapshot.id}, on resource {its}, is not booked again, since "
            f"{variable('resource_id')} {is_set}: set it to the resource on which the run may create appointments"
        )
    return slot_of(snapshot)
