"""Faults of what becomes of a cancelled appointment that is deleted, and of the history that is shown of a cancel."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload, instant
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import SHOWING, Condition, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import asked, crash
from cancel_contract.provider.store.records import Appointment, Payload

_DELETE: Final = frozenset({"delete"})


def _deleting(change: Callable[[Call, Appointment, Answer], Answer], *operations: str) -> Hooks:
    """Change what becomes of the deletion of a cancelled appointment."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        return change(call, call.found, answer) if answer.status == 204 else answer

    return Hooks(frozenset(operations) or _DELETE, handle=hook)


def _kept(call: Call, row: Appointment, answer: Answer) -> Answer:
    call.store.put(row)
    return answer


def _all_gone(call: Call, _: Appointment, answer: Answer) -> Answer:
    for row in rows.made_here(call.store):
        if row.cancelled:
            call.store.remove(row.id)
    return answer


def _slot_kept(call: Call, row: Appointment, answer: Answer) -> Answer:
    call.store.put(replace(row, id=-row.id, account_id=-1, status="scheduled", external_ref=None, idempotency_key=None))
    return answer


def _failed(call: Call, row: Appointment, _: Answer) -> Answer:
    call.store.put(row)
    return crash().answer


def _graves(call: Call) -> dict[int, Appointment]:
    graves: dict[int, Appointment] = call.memory.setdefault("graves", {})
    return graves


async def _remembering(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep what is deleted, and show it where a list asks for what is cancelled."""
    answer = await proceed(call)
    if call.route.operation == "delete" and answer.status == 204:
        _graves(call)[call.found.id] = call.found
    if call.route.operation == "list" and answer.status == 200 and "cancelled" in asked(call, "status"):
        gone = [appointment_payload(row) for row in _graves(call).values()]
        return rows.in_list(lambda shown: [*shown, *gone])(call, answer)
    return answer


async def _exhuming(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Save what is deleted once more when it is cancelled again."""
    number = to_i(call.route.appointment)
    if call.route.operation == "cancel" and number in _graves(call):
        call.store.put(_graves(call).pop(number))
    answer = await proceed(call)
    if call.route.operation == "delete" and answer.status == 204:
        _graves(call)[call.found.id] = call.found
    return answer


def _logged(condition: Condition, row: Callable[[Call], Payload]) -> Hooks:
    """Show a history in a field that no page documents, and write a row of it where a condition holds."""

    def render(call: Call, payload: Payload) -> Payload:
        history: dict[int, list[Payload]] = call.memory.setdefault("history", {})
        number: int = payload["id"]
        if call.route.operation == "cancel" and condition(call):
            history.setdefault(number, []).append(row(call))
        return {**payload, "history": list(history.get(number, ()))}

    return Hooks(SHOWING, render=render)


def _event(call: Call) -> Payload:
    return {"event": "cancelled", "at": instant(call.store.now()), "by": call.caller.id}


def _versioned(call: Call, payload: Payload) -> Payload:
    return {**payload, "lock_version": call.store.cancels.get(payload["id"], 0)}


def _notified(call: Call, payload: Payload) -> Payload:
    sent: dict[int, int] = call.memory.setdefault("sent", {})
    if call.route.operation == "cancel":
        sent[payload["id"]] = sent.get(payload["id"], 0) + 1
    return {**payload, "notifications": {"sent": sent.get(payload["id"], 0)}}


def _always(_: Call) -> bool:
    return True


DELETED: Final = (
    Fault("delete-fails", "effect/deleted-afterwards", "Rows of money refer to it, and a foreign key raises.",
          _deleting(_failed)),
    Fault("deleted-is-read", "effect/deleted-afterwards", "The deletion is queued, and its worker is off.",
          _deleting(_kept)),
    Fault("deleted-is-listed", "effect/deleted-afterwards", "The search index hears of no deletions.",
          Hooks(frozenset({"delete", "list"}), handle=_remembering)),
    Fault("delete-clears-all", "effect/deleted-afterwards", "The condition of the deletion is the status alone.",
          _deleting(_all_gone)),
    Fault("deleted-holds-slot", "effect/deleted-afterwards", "The slot is taken by whatever is no cancelled row.",
          _deleting(_slot_kept)),
    Fault("deleted-cancelled-again", "effect/deleted-afterwards", "A cancel saves the record that a cache still holds.",
          Hooks(frozenset({"delete", "cancel"}), handle=_exhuming)),
)  # fmt: skip
"""Deleted after its cancel."""

HISTORY: Final = (
    Fault("history-doubled", "repeat/history", "Each cancel writes a row of history, also one that changes nothing.",
          _logged(_always, _event)),
    Fault("version-counts-repeats", "repeat/history", "The version goes up by each save, and each cancel saves.",
          Hooks(SHOWING, render=_versioned)),
    Fault("notices-doubled", "repeat/history", "Each cancel sends the client a message, and says how many there were.",
          Hooks(SHOWING, render=_notified)),
)  # fmt: skip
"""What is kept of it in other fields."""

FAULTS: Final[tuple[Fault, ...]] = DELETED + HISTORY
"""The faults of this module."""
