"""Faults that show some requests later: of jobs that wait in a queue, and of what is remembered for a while."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, invalid
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import in_part
from cancel_contract.provider.store.records import Appointment

_WAITS: Final = 90
"""Requests after which a job is done, or what was remembered is forgotten."""
_PATIENCE: Final = 15
"""Refused cancels of one appointment that are usual."""
_REFUSED: Final = 400


def _forgotten(call: Call, proceed: Stage[None]) -> None:
    """Refuse to cancel again what was cancelled long ago."""
    proceed(call)
    done_at: dict[int, int] = call.memory.setdefault("done at", {})
    if call.found.cancelled and call.number - done_at.get(call.found.id, call.number) > _WAITS:
        raise invalid("The appointment is archived")
    done_at.setdefault(call.found.id, call.number)


async def _queued(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Queue the cancel first, and refuse then: the job asks nobody."""
    queue: dict[int, int] = call.memory.setdefault("queue", {})
    for number in [number for number, when in queue.items() if call.number - when > _WAITS]:
        del queue[number]
        if row := call.store.appointments.get(number):
            call.store.put(cancelled(row, call.store.now()))
    answer = await proceed(call)
    number = rows.number_of(call)
    if answer.status == 401 and call.route.operation == "cancel" and number >= call.store.first_id:
        queue[number] = call.number
    return answer


async def _tired(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Cancel in a hurry what was asked for too often: the deposit is not looked up any more."""
    tried = call.memory.get("tried", {}).get(call.found.id, 0)
    done = await proceed(call)
    return call.store.put(replace(done, prepaid_amount=0)) if tried > _PATIENCE else done


async def _counting(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    answer = await proceed(call)
    if call.route.operation == "cancel" and answer.status >= _REFUSED:
        tried: dict[int, int] = call.memory.setdefault("tried", {})
        tried[rows.number_of(call)] = tried.get(rows.number_of(call), 0) + 1
    return answer


async def _swept(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Remove the payments of a deposit once its appointment was cancelled long ago."""
    cancelled_at: dict[int, int] = call.memory.setdefault("cancelled at", {})
    for row in rows.made_here(call.store):
        if row.cancelled and in_part(row) and call.number - cancelled_at.setdefault(row.id, call.number) > _WAITS:
            call.store.put(replace(row, payments=()))
    return await proceed(call)


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("repeat-refused-later", "repeat/answer",
          "A second cancel is let through while the first is in the cache, and is refused once it has left it.",
          Hooks(writable=_forgotten)),
    Fault("refused-and-queued", "access/refused-untouched",
          "The job is queued before the token is looked at, and its queue is long.",
          Hooks(EVERY, handle=_queued)),
    Fault("tired-of-refusals", "effect/amounts-kept",
          "Whoever is refused time after time is slowed down, and the cancel at last takes a shorter way.",
          Hooks(transition=_tired, handle=_counting)),
    Fault("deposits-swept-later", "effect/settled", "A job of the night closes deposits that no visit will use.",
          Hooks(EVERY, handle=_swept)),
)  # fmt: skip
"""In the order of the families."""
