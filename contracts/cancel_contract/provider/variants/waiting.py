"""Honest variants of who has a slot: a waiting list takes what was freed, or a slot takes several visits."""

from collections.abc import Awaitable, Iterable
from time import monotonic
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import CANCEL, Hooks, Variant, without
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.variants.values import times_of


async def _taken_by_the_next(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Book the slot of an appointment of the API that is cancelled for the next client who waits."""
    was, row = call.found, await proceed(call)
    if not was.cancelled and row.source == "api":
        number, now = call.store.next_id(), call.store.now()
        place = (row.account_id, row.resource_id, row.starts_at, row.ends_at)
        call.store.put(Appointment(number, *place, "Next in line", now, now, source="web"))
    return row


async def _noting_when(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Remember when an appointment was cancelled, and what it was."""
    was, row = call.found, await proceed(call)
    if not was.cancelled:
        call.memory.setdefault("freed", {})[row.id] = monotonic(), was
    return row


async def _not_at_once(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse to book what overlaps an appointment that was cancelled a moment ago."""
    freed = call.memory.get("freed", {}).values()
    held = [row for at, row in freed if monotonic() - at < RELEASED and row.resource_id == call.body.get("resource_id")]
    times = times_of(call) if call.route.operation == "create" else ()
    if times and any(row.starts_at < times[1] and times[0] < row.ends_at for row in held):
        return refusal(409, "Slot is already taken", "SLOT_CONFLICT").answer
    return await proceed(call)


RELEASED: Final = 0.3
"""Seconds after which a job gives back the slot of what was cancelled."""
_BOOKING: Final = frozenset({"create", "calendar", "update"})


def _others(call: Call) -> list[Appointment]:
    """Return the active appointments but the one that is asked for."""
    asked = call.route.appointment
    return [row for row in call.store.appointments.values() if not row.cancelled and str(row.id) != asked]


def _alone(call: Call) -> Iterable[Appointment]:
    """Return the appointments beside which there is room for another one."""
    every = _others(call)
    return [row for row in every if not any(_overlap(row, other) for other in every if other is not row)]


def _overlap(one: Appointment, other: Appointment) -> bool:
    is_beside = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return one.resource_id == other.resource_id and is_beside


WAITING: Final[tuple[Variant, ...]] = (
    Variant("waiting-list", "Whoever waits for a slot has it as soon as it is freed.",
            Hooks(transition=_taken_by_the_next)),
    Variant("slot-released-later", "A job gives the slot back a moment after the cancel.",
            Hooks(CANCEL | {"create"}, transition=_noting_when, handle=_not_at_once)),
    Variant("any-number-at-a-time", "A resource, such as a hall, takes any number of visits at a time.",
            Hooks(_BOOKING, handle=without(_others))),
    Variant("two-at-a-time", "A resource has two chairs: the third visit at a time is refused.",
            Hooks(_BOOKING, handle=without(_alone))),
)  # fmt: skip
"""Who has a slot."""
