"""Writers that meet at one appointment: what each has read, and what the other has made of it meanwhile.

A writer here reads when it arrives, takes as long as a slow transaction, and writes then. Of two that arrive within
two of `rows.PAUSE` the one that a fault calls the later waits for the other, however slow the machine is: it
always writes last, so that the fault shows at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from cancel_contract.provider.api.answers import Answer, Refused, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.api.values import instant
from cancel_contract.provider.behaviours import Around, Condition, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import crash
from cancel_contract.provider.store.records import Appointment


@dataclass(frozen=True, slots=True)
class Meeting:
    """A writer that read an appointment, was overtaken, and has written now.

    `read` is the appointment as this writer read it, `met` as the other writer left it (none where that one deleted
    it), `answer` what this writer answers when it takes the other's work into account.
    """

    call: Call
    read: Appointment
    met: Appointment | None
    answer: Answer

    @property
    def saved(self) -> Appointment:
        """The appointment as this writer left it."""
        return self.call.after or self.call.found

    def save(self, row: Appointment) -> Answer:
        """Write a row over whatever is there, and answer with it."""
        self.call.store.put(row)
        return self.show(row)

    def show(self, row: Appointment) -> Answer:
        """Answer with a row, whatever is there."""
        return success(200, {"payload": appointment_payload(row)})


def of(operation: str) -> Condition:
    """Hold for one operation."""
    return lambda call: call.route.operation == operation


def of_change(*, status: bool) -> Condition:
    """Hold for an update that sets the status, or for one that leaves it alone."""
    return lambda call: call.route.operation == "update" and ("status" in call.body) is status


def meeting(later: Condition, operations: Iterable[str], change: Callable[[Meeting], Answer]) -> Hooks:
    """Let a fault show where two writers overlap: the later one has the last word, and `change` says which."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        read = at(call)
        if read is None:
            return await proceed(call)
        if not later(call):
            return await go_first(call, read.id, proceed)
        was_overtaken = await let_others_go_first(call, read.id)
        met = call.store.appointments.get(read.id)
        answer = await proceed(call)
        if not was_overtaken or met == read:
            return answer
        try:
            return change(Meeting(call, read, met, answer))
        except Refused as refused:
            return refused.answer

    return Hooks(frozenset(operations), handle=hook)


async def go_first(call: Call, number: int, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Write after a pause, and let those who wait for it know."""
    done = asyncio.Event()
    _ahead(call, number).add(done)
    try:
        await rows.pauses(2)
        return await proceed(call)
    finally:
        done.set()
        _ahead(call, number).discard(done)
        gone = _gone(call)
        gone[number] = gone.get(number, 0) + 1


async def let_others_go_first(call: Call, number: int) -> bool:
    """Wait for a pause, and then for all who came meanwhile and go first; tell whether there were any."""
    before = _gone(call).get(number, 0)
    await rows.pauses(2)
    for done in tuple(_ahead(call, number)):
        await done.wait()
    return _gone(call).get(number, 0) > before


def _gone(call: Call) -> dict[int, int]:
    """Return how many writers have gone first, by appointment."""
    gone: dict[int, int] = call.memory.setdefault("gone", {})
    return gone


def _ahead(call: Call, number: int) -> set[asyncio.Event]:
    ahead: dict[int, set[asyncio.Event]] = call.memory.setdefault("ahead", {})
    return ahead.setdefault(number, set())


def back_to(it: Meeting, answer: Answer) -> Answer:
    """Leave the row as the other writer left it, and answer so all the same."""
    if it.met is not None:
        it.call.store.put(it.met)
    return answer


def failed(it: Meeting) -> Answer:
    """Crash, and leave the row as the other writer left it."""
    return back_to(it, crash().answer)


def at(call: Call) -> Appointment | None:
    """Return the appointment that a writer is about: that of its path, or the active one in the slot that it books."""
    if call.route.operation != "create":
        return call.store.appointments.get(to_i(call.route.appointment))
    return next((row for row in in_slot(call, call.body) if not row.cancelled), None)


def in_slot(call: Call, body: dict[str, object]) -> list[Appointment]:
    """Return the appointments, made since the start, that begin where and when a body says."""
    try:
        start = instant(body.get("starts_at"), "starts_at")
    except Refused:
        return []
    here = (row for row in rows.made_here(call.store) if row.starts_at == start)
    return [row for row in here if row.resource_id == body.get("resource_id")]


def booked_since(call: Call, done: Appointment) -> Appointment | None:
    """Return the active appointment that was booked in the slot of a cancelled one."""
    slot = (done.resource_id, done.starts_at)
    here = (row for row in rows.made_here(call.store) if (row.resource_id, row.starts_at) == slot)
    return next((row for row in here if row.id != done.id and not row.cancelled), None)


def in_two_steps(rest: Callable[[Call, Appointment], Appointment]) -> Hooks:
    """Free the slot at once and do the rest of a cancel after a while, when the slot may have been booked."""

    async def book(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        here = in_slot(call, call.body) if call.route.operation == "create" else []
        # Whoever was booked there last is the one whose cancel may be under way.
        return await (go_first(call, max(row.id for row in here), proceed) if here else proceed(call))

    async def cancel(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done = await proceed(call)
        if call.found.cancelled:
            return done
        await let_others_go_first(call, done.id)
        return rest(call, done)

    return Hooks(frozenset({"cancel", "create"}), handle=book, transition=cancel)


def under_way(call: Call) -> dict[int, int]:
    """Return how many cancels of each appointment are under way."""
    counted: dict[int, int] = call.memory.setdefault("cancels under way", {})
    return counted


def around_cancel(hook: Around[Awaitable[Answer]]) -> Around[Awaitable[Answer]]:
    """Count cancels while they are under way, and let a hook of whatever comes beside them go first."""

    async def counted(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        number = to_i(call.route.appointment)
        if call.route.operation != "cancel":
            return await go_first(call, number, lambda _: hook(call, proceed))
        under_way(call)[number] = under_way(call).get(number, 0) + 1
        try:
            await let_others_go_first(call, number)
            return await hook(call, proceed)
        finally:
            under_way(call)[number] -= 1

    return counted
