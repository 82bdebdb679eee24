"""Faults of visits that have something in common: their contact, their day, their slot."""

from collections.abc import Awaitable, Iterable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Fault, Hooks, without
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import crash
from cancel_contract.provider.store.records import Appointment, Payload

Day = tuple[int, object]


def _active(call: Call) -> Appointment | None:
    row = call.store.appointments.get(to_i(call.route.appointment))
    return row if row is not None and not row.cancelled else None


async def _deadlocked(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Lock the contact, and fail if it is locked for another visit."""
    row = _active(call)
    if row is None or row.contact_id is None:
        return await proceed(call)
    locked: dict[int, int] = call.memory.setdefault("contacts", {})
    if locked.setdefault(row.contact_id, row.id) != row.id:
        return crash().answer
    try:
        await rows.pauses()
        return await proceed(call)
    finally:
        locked.pop(row.contact_id, None)


async def _written_back(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Save the room's day as it was read: another visit of it that was cancelled meanwhile is active again."""
    row = _active(call)
    if row is None:
        return await proceed(call)
    last: dict[Day, int] = call.memory.setdefault("last of day", {})
    day = row.resource_id, row.starts_at.date()
    seen = last.get(day)
    await rows.pauses()
    answer, other = await proceed(call), last.get(day)
    if answer.status == 200 and other not in {None, seen, row.id}:
        call.store.put(replace(call.store.appointments[other or 0], status="scheduled"))
    last[day] = row.id
    return answer


def _freed(call: Call) -> Iterable[Appointment]:
    """The appointments in slots that were freed a second time."""
    return [row for row in rows.made_here(call.store) if row.id in call.memory.get("freed", ())]


async def _freed_again(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Clear a slot with each cancel, whoever has it by then."""
    if call.route.operation == "create":
        return await without(_freed)(call, proceed)
    answer = await proceed(call)
    row = call.after
    if answer.status == 200 and row is not None and call.found.cancelled:
        at = [other for other in rows.made_here(call.store) if other.starts_at == row.starts_at and not other.cancelled]
        freed: set[int] = call.memory.setdefault("freed", set())
        freed |= {other.id for other in at if other.resource_id == row.resource_id}
    return answer


def _of_the_next(call: Call, payload: Payload) -> Payload:
    """Name the client of the visit that begins as this one ends, if it was active when this one was first rendered."""
    row, names = call.found, call.memory.setdefault("rendered", {})
    if row.id not in names:
        active = (other for other in rows.made_here(call.store) if not other.cancelled and other.id != row.id)
        following = (it for it in active if (it.resource_id, it.starts_at) == (row.resource_id, row.ends_at))
        names[row.id] = next((it.client_name for it in following), row.client_name)
    return {**payload, "client_name": names[row.id]}


async def _reference_of_all(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Save a first cancel with the reference that all threads share: that of the last one that has begun."""
    if call.found.cancelled:
        return await proceed(call)
    call.memory["reference"] = call.found.external_ref
    await rows.pauses()
    return call.store.put(replace(await proceed(call), external_ref=call.memory["reference"]))


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("contact-deadlocked", "repeat/parallel-answers", "Two visits of one contact cancelled at once deadlock.",
          Hooks(handle=_deadlocked)),
    Fault("next-client-shown", "repeat/parallel-agree",
          "The answer is cached by the day's plan, and an end that counts as inside finds the next client.",
          Hooks(render=_of_the_next)),
    Fault("reference-of-all-threads", "repeat/parallel-one-effect",
          "The reference of the visit is kept in a variable that all threads share.",
          Hooks(transition=_reference_of_all)),
    Fault("day-written-back", "repeat/parallel-final-state", "A room's plan is one column: of two visits, one is back.",
          Hooks(handle=_written_back)),
    Fault("slot-freed-twice", "repeat/slot-kept",
          "Each cancel clears the slot in the calendar's own table, and the next client is booked beside another.",
          Hooks(frozenset({"cancel", "create"}), handle=_freed_again)),
)  # fmt: skip
"""In the order of the clauses that they break."""
