"""Honest variants of writers that meet at one appointment: who waits, who loses, and what each is told."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.money import settled
from cancel_contract.provider.api.render import appointment_payload, instant
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.races import Meeting, meeting, of_change
from cancel_contract.provider.store.records import Payload
from cancel_contract.provider.variants.renderings import absent

_CHANGES: Final = frozenset({"update", "cancel", "delete"})
_UPDATE: Final = frozenset({"update"})
_DELETE: Final = frozenset({"delete"})


async def _locked(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    locks: dict[int, asyncio.Lock] = call.memory.setdefault("locks", {})
    async with locks.setdefault(to_i(call.route.appointment), asyncio.Lock()):
        await rows.pause()
        return await proceed(call)


async def _versioned(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse whoever had read what is another by now; of two cancels both are right."""
    read = call.store.appointments.get(to_i(call.route.appointment))
    await rows.pause()
    met = read and call.store.appointments.get(read.id)
    both_cancel = call.route.operation == "cancel" and met is not None and met.cancelled
    if met == read or met is None or both_cancel:
        return await proceed(call)
    return refusal(409, "The appointment was changed by another request", "CONFLICT").answer


async def _slowly(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    await rows.pause()
    if call.route.operation == "update":
        await rows.pause()
    return await proceed(call)


def _as_read(it: Meeting) -> Answer:
    """Answer with the columns that were written, and for the others with what was read before the cancel."""
    if it.answer.status != 200:
        return it.answer
    read = it.read
    return it.show(replace(it.saved, status=read.status, payment_status=read.payment_status, expense=read.expense))


async def _never_revived(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    row = call.store.appointments.get(to_i(call.route.appointment))
    if row is not None and row.cancelled and call.body.get("status") not in {None, "cancelled"}:
        return refusal(422, "A cancelled appointment cannot be changed", "APPOINTMENT_CANCELLED").answer
    return await proceed(call)


async def _derived_anew(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Derive the payment status of what is revived from its amounts, as of any that is not cancelled."""
    answer = await proceed(call)
    if answer.status != 200 or call.after is None or not call.found.cancelled or call.after.cancelled:
        return answer
    row = call.store.put(settled(call.store, call.after, call.caller.id, call.store.now()))
    return success(200, {"payload": appointment_payload(row)})


async def _retained(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    row = call.store.appointments.get(to_i(call.route.appointment))
    if row is not None and row.cancelled:
        return refusal(422, "Historical data is retained", "HISTORICAL_DATA_RETAINED").answer
    return await proceed(call)


async def _marked(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Mark what is deleted, and go on showing it as such."""
    answer = await proceed(call)
    if call.route.operation == "delete" and answer.status == 204:
        call.store.put(call.found)
        call.memory.setdefault("deleted", {})[call.found.id] = instant(call.store.now())
    return answer


def _with_mark(call: Call, payload: Payload) -> Payload:
    return {**payload, "deleted_at": call.memory.get("deleted", {}).get(payload["id"])}


WRITERS: Final[tuple[Variant, ...]] = (
    Variant("row-lock", "Writers of one appointment wait for one another.", Hooks(_CHANGES, handle=_locked)),
    Variant("optimistic-lock", "Of two writers the one whose reading is old by then is answered 409.",
            Hooks(_CHANGES, handle=_versioned)),
    Variant("last-writer", "The later of two writers wins, works on what it finds then, and is told so.",
            Hooks(_CHANGES, handle=_slowly)),
    Variant("columns-only", "An update writes the columns that it names, and shows the others as it had read them.",
            meeting(of_change(status=False), ("cancel", "update"), _as_read)),
    Variant("never-revived", "What is cancelled stays so: an update of its status is answered 422.",
            Hooks(_UPDATE, handle=_never_revived)),
    Variant("revived-anew", "The payment status of what is revived is derived from its amounts again.",
            Hooks(_UPDATE, handle=_derived_anew)),
    Variant("update-absent", "Appointments cannot be changed.", Hooks(_UPDATE, handle=absent)),
    Variant("deletion-absent", "Appointments cannot be deleted, as in an earlier generation.",
            Hooks(_DELETE, handle=absent)),
    Variant("deletion-refused", "What was cancelled is kept for the books: 422 (read).",
            Hooks(_DELETE, handle=_retained)),
    Variant("deletion-marked", "What is deleted is kept, and shown with the time of its deletion.",
            Hooks(EVERY, handle=_marked, render=_with_mark)),
)  # fmt: skip
"""Other ways of keeping writers apart, and of undoing a cancel."""
