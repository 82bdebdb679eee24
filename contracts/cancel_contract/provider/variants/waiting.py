"""Honest variants of who has a slot: a waiting list takes what was freed, or a slot takes several visits."""

import json
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from cancel_contract.provider.api.answers import Answer, encode, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import CANCEL, Hooks, Variant, without
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.store.seed import SEED
from cancel_contract.provider.variants.values import times_of


async def _taken_by_the_next(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Book the slot of an appointment of the API that is cancelled for the next client who waits."""
    was, row = call.found, await proceed(call)
    if not was.cancelled and row.source == "api":
        number, now = call.store.next_id(), call.store.now()
        place = (row.account_id, row.resource_id, row.starts_at, row.ends_at)
        call.store.put(Appointment(number, *place, "Next in line", now, now, source="web"))
    return row


async def _taken_from_earlier_on(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Book a visit that begins some minutes before what was cancelled, and reaches into its slot."""
    was, row = call.found, await proceed(call)
    if not was.cancelled and row.source == "api":
        number, now, begun = call.store.next_id(), call.store.now(), row.starts_at - timedelta(minutes=10)
        place = (row.account_id, row.resource_id, begun, row.ends_at)
        call.store.put(Appointment(number, *place, "Next in line", now, now, source="web"))
    return row


async def _room_taken(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Book the room of an appointment that is cancelled for a visitor of another resource, which shares it."""
    was, row = call.found, await proceed(call)
    if not was.cancelled and row.source == "api":
        now = call.store.now()
        other = Appointment(
            call.store.next_id(), row.account_id, _ROOM_MATE, row.starts_at, row.ends_at, "Visitor", now, now
        )
        call.memory.setdefault("room", []).append(call.store.put(replace(other, source="web")))
    return row


async def _room_shared(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse to book the room while the other resource has it, and offer none of its slots."""
    held = [row for row in call.memory.get("room", ()) if not row.cancelled]
    times = times_of(call) if call.route.operation == "create" else ()
    if times and any(row.starts_at < times[1] and times[0] < row.ends_at for row in held):
        return refusal(409, "The room is taken", "SLOT_CONFLICT").answer
    if call.route.operation != "calendar":
        return await proceed(call)
    beside = [call.store.put(replace(row, resource_id=SEED.resource_id)) for row in held]
    try:
        return await proceed(call)
    finally:
        for row in beside:
            call.store.put(replace(row, resource_id=_ROOM_MATE))


async def _noting_whose(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Remember what a client has cancelled, by the telephone."""
    was, row = call.found, await proceed(call)
    if not was.cancelled and row.client_phone:
        call.memory.setdefault("whose", set()).add((row.client_phone, row.starts_at))
    return row


async def _not_by_the_same(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse to book for a client what the same client has cancelled."""
    times = times_of(call) if call.route.operation == "create" else ()
    if times and (call.body.get("client_phone"), times[0]) in call.memory.get("whose", ()):
        return refusal(422, "This time was cancelled for the same client", "REBOOKING_NOT_ALLOWED").answer
    return await proceed(call)


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


async def _with_a_while_between(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse to book right before or behind another visit; a calendar offers of its first day alone what keeps that."""
    times = times_of(call) if call.route.operation == "create" else ()
    if times and _is_beside_one(call, call.body.get("resource_id"), *times):
        return refusal(409, "Slot is already taken", "SLOT_CONFLICT").answer
    answer = await proceed(call)
    if call.route.operation != "calendar" or answer.status != _OK:
        return answer
    told = json.loads(answer.body)
    if offered := told["payload"]["slots"]:
        day = offered[0]["starts_at"][:10]
        told["payload"]["slots"] = [
            slot
            for slot in offered
            if slot["starts_at"].startswith(day)
            and not _is_beside_one(
                call, slot["resource_id"], *(datetime.fromisoformat(slot[name]) for name in ("starts_at", "ends_at"))
            )
        ]
    return replace(answer, body=encode(told))


def _is_beside_one(call: Call, resource: object, begun: datetime, ended: datetime) -> bool:
    every = (row for row in call.store.appointments.values() if row.resource_id == resource and not row.cancelled)
    return any(row.starts_at < ended + _BETWEEN and begun < row.ends_at + _BETWEEN for row in every)


_BETWEEN: Final = timedelta(minutes=15)
"""How long a room is cleaned."""
RELEASED: Final = 0.3
"""Seconds after which a job gives back the slot of what was cancelled."""
_OK: Final = 200
_ROOM_MATE: Final = SEED.other_resource_id
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
    Variant("waiter-comes-earlier", "Who waits has a longer visit, which begins before the slot that was freed.",
            Hooks(transition=_taken_from_earlier_on)),
    Variant("room-shared", "Two resources share a room: as soon as one is free the other has it.",
            Hooks(CANCEL | _BOOKING, transition=_room_taken, handle=_room_shared)),
    Variant("rebooking-refused", "A client may not book again the time that was cancelled for the same one.",
            Hooks(CANCEL | {"create"}, transition=_noting_whose, handle=_not_by_the_same)),
    Variant("slot-released-later", "A job gives the slot back a moment after the cancel.",
            Hooks(CANCEL | {"create"}, transition=_noting_when, handle=_not_at_once)),
    Variant("cleaned-between", "A room is cleaned for a while between two visits, and the calendar shows one day.",
            Hooks(frozenset({"create", "calendar"}), handle=_with_a_while_between)),
    Variant("any-number-at-a-time", "A resource, such as a hall, takes any number of visits at a time.",
            Hooks(_BOOKING, handle=without(_others))),
    Variant("two-at-a-time", "A resource has two chairs: the third visit at a time is refused.",
            Hooks(_BOOKING, handle=without(_alone))),
)  # fmt: skip
"""Who has a slot."""
