"""Honest variants of what comes after a cancel: its key, its history, the calendar, other methods."""

from collections.abc import Awaitable
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import instant
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.faults.parts.making import succeeded, value
from cancel_contract.provider.store.records import Payload
from cancel_contract.provider.variants.renderings import absent

_OF_ONE: Final = frozenset({"read", "update", "cancel", "delete"})


async def _used_up(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse a key whose appointment is cancelled by now, before anything is done."""
    key = call.body.get("idempotency_key")
    used = (row for row in call.store.appointments.values() if key and row.idempotency_key == key)
    if any(row.cancelled for row in used):
        return refusal(409, "The key belongs to a cancelled appointment", "DUPLICATE_IDEMPOTENCY_KEY").answer
    return await proceed(call)


async def _patch_alone(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    return await (absent(call, proceed) if call.request.method == "PUT" else proceed(call))


def _without_cancelled(envelope: Payload) -> Payload:
    calendar = envelope["payload"]
    active = [row for row in calendar["appointments"] if row["status"] != "cancelled"]
    return {"payload": {**calendar, "appointments": active}}


async def _kept(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Count the changes of each appointment: whatever leaves another row than it found."""
    answer = await proceed(call)
    done = call.after
    if done is not None and done != call.before:
        changes: dict[int, list[Payload]] = call.memory.setdefault("changes", {})
        changes.setdefault(done.id, []).append({"event": call.route.operation, "at": instant(done.updated_at)})
    return answer


def _with_history(call: Call, payload: Payload) -> Payload:
    """Show what was done before, and what this call does."""
    known: list[Payload] = call.memory.get("changes", {}).get(payload["id"], [])
    done = call.after if call.after is not None and call.after.id == payload["id"] else None
    now = [{"event": call.route.operation, "at": instant(done.updated_at)}] if done and done != call.before else []
    return {**payload, "history": [*known, *now], "lock_version": len(known) + len(now)}


async def _told_gone(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Answer 410 for what is deleted, and 404 for what never was (RFC 9110, 15.5.11)."""
    deleted: set[str] = call.memory.setdefault("deleted", set())
    answer = await proceed(call)
    if call.route.operation == "delete" and answer.status == 204:
        deleted.add(call.route.appointment)
    return (
        refusal(410, "It was deleted").answer if answer.status == 404 and call.route.appointment in deleted else answer
    )


async def _first_answer(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Answer a repeat as the first cancel, for as long as the appointment stays cancelled."""
    known: dict[int, Answer] = call.memory.setdefault("first answers", {})
    answer, number = await proceed(call), to_i(call.route.appointment)
    if answer.status != 200 or call.before is None:
        return answer
    if not call.before.cancelled:
        known[number] = answer
    return known.get(number, answer)


AFTERWARDS: Final[tuple[Variant, ...]] = (
    Variant("first-answer-kept", "A repeat gives the first answer, whatever was corrected since.",
            Hooks(handle=_first_answer)),
    Variant("key-used-up", "The key of a cancelled appointment is answered 409, and makes none.",
            Hooks(frozenset({"create"}), handle=_used_up)),
    Variant("patch-alone", "Appointments are changed by PATCH, and there is no PUT.",
            Hooks(frozenset({"update"}), handle=_patch_alone)),
    Variant("calendar-of-active", "The calendar shows what is active alone.",
            Hooks(frozenset({"calendar"}), answer=succeeded(value(_without_cancelled)))),
    Variant("deletion-told", "What is deleted is answered 410, and what never was 404.",
            Hooks(_OF_ONE, handle=_told_gone)),
    Variant("history-shown", "Each change has a row of history and a version, and a repeat has none.",
            Hooks(EVERY, handle=_kept, render=_with_history)),
)  # fmt: skip
"""Other ways of what comes afterwards."""
