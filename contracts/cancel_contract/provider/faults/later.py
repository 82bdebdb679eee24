"""Faults that show some requests later: of jobs that wait in a queue, and of what is remembered for a while."""

from collections.abc import Awaitable
from typing import Final

from cancel_contract.provider.api.answers import Answer, invalid
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults.parts import rows

_WAITS: Final = 90
"""Requests after which a job is done, or what was remembered is forgotten."""


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


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("repeat-refused-later", "repeat/answer",
          "A second cancel is let through while the first is in the cache, and is refused once it has left it.",
          Hooks(writable=_forgotten)),
    Fault("refused-and-queued", "access/refused-untouched",
          "The job is queued before the token is looked at, and its queue is long.",
          Hooks(EVERY, handle=_queued)),
)  # fmt: skip
"""In the order of the families."""
