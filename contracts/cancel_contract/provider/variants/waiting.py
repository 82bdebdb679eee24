"""An honest variant of who has a slot that was freed: a waiting list takes it."""

from collections.abc import Awaitable
from typing import Final

from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Hooks, Variant
from cancel_contract.provider.store.records import Appointment


async def _taken_by_the_next(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Book the slot of an appointment of the API that is cancelled for the next client who waits."""
    was, row = call.found, await proceed(call)
    if not was.cancelled and row.source == "api":
        number, now = call.store.next_id(), call.store.now()
        place = (row.account_id, row.resource_id, row.starts_at, row.ends_at)
        call.store.put(Appointment(number, *place, "Next in line", now, now, source="web"))
    return row


WAITING: Final[tuple[Variant, ...]] = (
    Variant("waiting-list", "Whoever waits for a slot has it as soon as it is freed.",
            Hooks(transition=_taken_by_the_next)),
)  # fmt: skip
"""Who has a slot."""
