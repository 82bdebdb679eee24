"""Honest variants in which something comes a moment after an answer: a copy for reads, and what a worker writes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import Final

from cancel_contract.provider.api.answers import Answer, not_found
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import EVERY, Around, Hooks, Variant
from cancel_contract.provider.store.records import Appointment

COPIED: Final = 0.04
"""Seconds after which a copy for reads has what was created."""
WRITTEN: Final = 0.005
"""Seconds after which a worker has written what follows a cancel."""


async def _read_from_a_copy(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Know an appointment by its id only once the copy has it; lists are asked of the original."""
    made: dict[int, float] = call.memory.setdefault("made", {})
    if monotonic() - made.get(to_i(call.route.appointment), 0.0) < COPIED:
        return not_found().answer
    answer = await proceed(call)
    if call.route.operation == "create" and call.after is not None and answer.status == 201:
        made[call.after.id] = monotonic()
    return answer


async def _noting_when(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Leave the worker something to do once an appointment was cancelled."""
    was, row = call.found, await proceed(call)
    if not was.cancelled:
        call.memory.setdefault("due", {})[row.id] = monotonic()
    return row


def _after_the_worker(write: Callable[[Appointment], Appointment]) -> Around[Awaitable[Answer]]:
    """Let the worker write what was cancelled, as soon as it is due."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        write_due(call, call.memory.setdefault("due", {}), WRITTEN, write)
        return await proceed(call)

    return hook


def write_due(call: Call, due: dict[int, float], seconds: float, write: Callable[[Appointment], Appointment]) -> None:
    """Write each appointment once, so many seconds after the moment under its id."""
    for number in [number for number, begun in due.items() if monotonic() - begun >= seconds]:
        del due[number]
        if row := call.store.appointments.get(number):
            call.store.put(write(row))


def _noted(row: Appointment) -> Appointment:
    """Write by whom the client was told."""
    return replace(row, custom_attributes={**row.custom_attributes, "told_by": "worker"})


def _taken_anew(row: Appointment) -> Appointment:
    """Take the copies of the service anew, and name the source as the new version does."""
    name = row.service_name_snapshot and f"{row.service_name_snapshot}, 2"
    return replace(row, service_name_snapshot=name, source=f"rest_{row.source}")


BEHIND: Final = (
    Variant("readable-later", "Reads are asked of a copy, which has a new appointment a moment after it was made.",
            Hooks(frozenset({"create", "read"}), handle=_read_from_a_copy)),
    Variant("noted-after-cancel", "A worker writes into the attributes that the client was told of the cancel.",
            Hooks(EVERY, transition=_noting_when, handle=_after_the_worker(_noted)),
            should=frozenset({"effect/undocumented-kept"})),
    Variant("copied-after-cancel", "A worker takes the copies of the service anew, and names the source otherwise.",
            Hooks(EVERY, transition=_noting_when, handle=_after_the_worker(_taken_anew)),
            should=frozenset({"effect/undocumented-kept", "repeat/no-touch"})),
)  # fmt: skip
"""What comes a moment later."""
