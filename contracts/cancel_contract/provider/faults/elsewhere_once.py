"""Faults beside a first cancel: other requests reach active appointments, and odd cancels have a queue of their own."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, encode
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.behaviours import EVERY, Around, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import columns
from cancel_contract.provider.store.records import Appointment

Way = Callable[[Call], bool]
"""Whether a cancel is made in some way."""

_WAITS: Final = 25
"""Requests after which a queue is worked off."""
_UNLUCKY: Final = 12
"""The refusal that is one too many."""
_DELETED: Final = 204


def _of_active(
    is_it: Callable[[Call, Answer], bool], change: Callable[[Call, Appointment], Appointment], *operations: str
) -> Hooks:
    """Change the oldest active appointment, whoever's it is, once a request was answered."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        named = {rows.number_of(call), call.after.id if call.after else 0}
        active = (row for row in rows.made_here(call.store) if not row.cancelled and row.id not in named)
        if is_it(call, answer) and (row := min(active, key=lambda row: row.id, default=None)):
            call.store.put(change(call, row))
        return answer

    return Hooks(frozenset(operations), handle=hook)


def _done(call: Call, row: Appointment) -> Appointment:
    return cancelled(row, call.store.now())


def _revives(call: Call, answer: Answer) -> bool:
    return answer.status == 200 and call.body.get("status") == "scheduled"


def _is_imported(call: Call) -> bool:
    row = call.store.appointments.get(rows.number_of(call))
    return row is not None and row.source == "medelement"


async def _one_too_many(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Do a cancel that was refused, once in a while."""
    answer, row = await proceed(call), call.store.appointments.get(rows.number_of(call))
    if answer.status == 401 and row and row.id >= call.store.first_id and not row.cancelled:
        call.memory["refused"] = call.memory.get("refused", 0) + 1
        if call.memory["refused"] == _UNLUCKY:
            call.store.put(_done(call, row))
    return answer


def _queued(way: Way, change: Callable[[Appointment, Appointment], Appointment]) -> Hooks:
    """Change later what was cancelled in some way while it was active."""

    async def work(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        queue: dict[int, int] = call.memory.setdefault("queue of a way", {})
        for number in [number for number, when in queue.items() if call.number - when > _WAITS]:
            del queue[number]
            row = call.store.appointments.get(number)
            if row and row.cancelled:
                call.store.put(change(row, row))
        return await proceed(call)

    async def enqueue(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        was_active, done = not call.found.cancelled, await proceed(call)
        if was_active and way(call):
            call.memory.setdefault("queue of a way", {})[done.id] = call.number
        return done

    return Hooks(EVERY, handle=work, transition=enqueue)


def _kept_taken(way: Way) -> Around[Awaitable[Appointment]]:
    """Leave the slot taken of what was cancelled in some way."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        was_active = not call.found.cancelled
        return await (rows.slot_held(call, proceed) if was_active and way(call) else proceed(call))

    return hook


def _with_reason(call: Call) -> bool:
    return "reason" in call.body


def _without_agent(call: Call) -> bool:
    return not call.request.header("user-agent")


def _by_form(call: Call) -> bool:
    return (call.request.header("content-type") or "").startswith("application/x-www-form-urlencoded")


def _by_text(call: Call) -> bool:
    return not call.route.appointment.isdecimal()


async def _paid_twice(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Insert the payments of a create that is sent again, whatever became of the appointment."""
    answer, row = await proceed(call), call.before
    if answer.status == 200 and row and row.cancelled and row.payments:
        again = (replace(one, id=call.store.next_row_id()) for one in row.payments)
        call.store.put(replace(row, payments=(*row.payments, *again)))
    return answer


async def _missed(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Remember which of the cancelled ones nobody had come to."""
    if call.found.status == "no_show":
        call.memory.setdefault("missed", set()).add(call.found.id)
    return await proceed(call)


def _still_missed(call: Call, answer: Answer) -> Answer:
    if call.route.operation != "calendar" or answer.status != 200:
        return answer
    shown, missed = json.loads(answer.body), call.memory.get("missed", ())
    for row in shown["payload"]["appointments"]:
        row["status"] = "no_show" if row["id"] in missed else row["status"]
    return replace(answer, body=encode(shown))


FAULTS: Final = (
    Fault("deletion-cancels-another", "effect/neighbour-untouched",
          "After a deletion the day is planned anew, and what does not fit is cancelled.",
          _of_active(lambda _, answer: answer.status == _DELETED, _done, "delete")),
    Fault("revival-cancels-another", "effect/neighbour-untouched",
          "Who is scheduled again takes the place of the next in line.", _of_active(_revives, _done, "update")),
    Fault("readonly-cancels-another", "effect/neighbour-untouched",
          "What is imported is cancelled by another service, which takes the first of the room.",
          _of_active(lambda call, answer: answer.status == 422 and _is_imported(call), _done, "cancel")),
    Fault("conflict-takes-telephone", "effect/neighbour-untouched",
          "A booking of a taken slot is merged into another client's record before it is refused.",
          _of_active(lambda _, answer: answer.status == 409, lambda _, row: replace(row, client_phone=None), "create")),
    Fault("one-refusal-too-many", "effect/neighbour-untouched",
          "Of many who are refused one meets a worker that has the last caller's rights.",
          Hooks(handle=_one_too_many)),
    Fault("reasoned-comes-back", "effect/lasting",
          "Reasons are worked off by a job, which saves the appointment as it was when it was queued.",
          _queued(_with_reason, columns(status="scheduled"))),
    Fault("text-id-comes-back", "effect/lasting", "Ids with letters are aliases, which are synchronised at night.",
          _queued(_by_text, columns(status="scheduled"))),
    Fault("agentless-loses-telephone", "effect/settled",
          "What scripts have cancelled is made anonymous by the next job.",
          _queued(_without_agent, columns(client_phone=None))),
    Fault("reasoned-holds-slot", "effect/slot-free", "With a reason the slot is kept for whoever reads it.",
          Hooks(transition=_kept_taken(_with_reason))),
    Fault("agentless-holds-slot", "effect/slot-free", "Scripts are expected to book again at once.",
          Hooks(transition=_kept_taken(_without_agent))),
    Fault("form-holds-slot", "effect/slot-free", "Forms come from the old site, which frees slots by its own job.",
          Hooks(transition=_kept_taken(_by_form))),
    Fault("text-id-holds-slot", "effect/slot-free", "Slots are freed by the text of the id.",
          Hooks(transition=_kept_taken(_by_text))),
    Fault("calendar-shows-missed", "effect/calendar",
          "What nobody came to is drawn from the statistics of the night before.",
          Hooks(frozenset({"calendar", "cancel"}), transition=_missed, answer=_still_missed)),
    Fault("key-again-pays-again", "effect/settled",
          "A create that is sent again inserts its payments once more, after it has answered.",
          Hooks(frozenset({"create"}), handle=_paid_twice)),
)  # fmt: skip
"""What is done beside a cancel, or after it in a queue."""
