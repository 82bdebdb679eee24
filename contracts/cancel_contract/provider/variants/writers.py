"""Honest variants of writers that meet at one appointment: who waits, who loses, and what each is told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.money import settled
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.render import appointment_payload, instant
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import EVERY, Around, Condition, Hooks, Variant
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.races import Meeting, meeting, of_change
from cancel_contract.provider.store.records import Appointment, Payload
from cancel_contract.provider.variants.gateways import unavailable
from cancel_contract.provider.variants.renderings import absent

_CHANGES: Final = frozenset({"update", "cancel", "delete"})
_UPDATE: Final = frozenset({"update"})
_DELETE: Final = frozenset({"delete"})
_OK: Final = 200
_ACCEPTED: Final = 202


async def _locked(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    locks: dict[int, asyncio.Lock] = call.memory.setdefault("locks", {})
    async with locks.setdefault(to_i(call.route.appointment), asyncio.Lock()):
        await rows.pause()
        return await proceed(call)


async def _queued(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    queue: asyncio.Lock = call.memory.setdefault("queue", asyncio.Lock())
    async with queue:
        return await proceed(call)


def _versioned(lost: Callable[[], Answer], *, spares_cancels: bool = True) -> Hooks:
    """Refuse whoever had read what is another by now; of two cancels both are right, if they are spared."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        read = call.store.appointments.get(to_i(call.route.appointment))
        await rows.pause()
        met = read and call.store.appointments.get(read.id)
        is_spared = spares_cancels and call.route.operation == "cancel" and met is not None and met.cancelled
        return await proceed(call) if met == read or met is None or is_spared else lost()

    return Hooks(_CHANGES, handle=hook)


def _changed(status: int, code: str) -> Callable[[], Answer]:
    return lambda: refusal(status, "The appointment was changed by another request", code).answer


def _held_up() -> Answer:
    return _changed(409, "IN_PROGRESS")().with_header("Retry-After", "0")


def _without_body(status: int, when: Condition = lambda _: True) -> Hooks:
    """Answer an update that is done without what came of it."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        return Answer(status) if answer.status == _OK and when(call) else answer

    return Hooks(_UPDATE, handle=hook)


async def _behind(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Show in the first read after an update what was before it; a cancel waits until every copy has it."""
    behind = call.memory.setdefault("behind", {})
    number = to_i(call.route.appointment)
    if call.route.operation == "read":
        answer = await proceed(call)
        row = behind.pop(number, None)
        return success(_OK, {"payload": appointment_payload(row)}) if row and answer.status == _OK else answer
    before = call.store.appointments.get(number)
    answer = await proceed(call)
    behind.pop(number, None)
    if call.route.operation == "update" and before and answer.status == _OK:
        behind[number] = before
    return answer


async def _later(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Accept an update, show what was before it, and do it once that was read again."""
    before = call.store.appointments.get(to_i(call.route.appointment))
    answer = await _behind(call, proceed)
    if call.route.operation == "update" and before and answer.status == _OK:
        return success(_ACCEPTED, {"payload": appointment_payload(before)})
    return answer


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


def _missing(status: int) -> Around[Awaitable[Answer]]:
    async def hook(_: Call, __: Stage[Awaitable[Answer]]) -> Answer:
        return Answer(status, (("Allow", "GET"),))

    return hook


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


async def _marked_without_key(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Free the key of what is marked, so that it may be used again."""
    answer = await _marked(call, proceed)
    if call.route.operation == "delete" and answer.status == 204:
        call.store.put(replace(call.found, idempotency_key=None))
    return answer


async def _booked_instead(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Book what is to be scheduled again anew, without the references, which stay with the cancelled one."""
    answer, row = await proceed(call), call.after
    if not (call.before and call.before.cancelled and row and not row.cancelled):
        return answer
    call.store.put(call.before)
    made = call.store.put(replace(row, id=call.store.next_id(), external_ref=None, idempotency_key=None))
    return success(200, {"payload": appointment_payload(made)})


def _moved_anew(marked: Callable[[Appointment], Appointment], *, shows_old: bool = False) -> Around[Awaitable[Answer]]:
    """Book what is moved anew, and cancel the old one, which may be what is shown; its references are those that
    `marked` gives it.
    """

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer, old, row = await proceed(call), call.before, call.after
        if old is None or row is None or row.cancelled or old.starts_at == row.starts_at:
            return answer
        call.store.put(cancelled(old, call.store.now()))
        made = call.store.put(marked(replace(row, id=call.store.next_id(), created_at=call.store.now())))
        shown = call.store.appointments[old.id] if shows_old else made
        return success(200, {"payload": appointment_payload(shown)})

    return hook


def _with_mark(call: Call, payload: Payload) -> Payload:
    return {**payload, "deleted_at": call.memory.get("deleted", {}).get(payload["id"])}


WRITERS: Final[tuple[Variant, ...]] = (
    Variant("row-lock", "Writers of one appointment wait for one another.", Hooks(_CHANGES, handle=_locked)),
    Variant("optimistic-lock", "Of two writers the one whose reading is old by then is answered 409.",
            _versioned(_changed(409, "CONFLICT"))),
    Variant("optimistic-lock-412", "Of two writers the one whose reading is old by then is answered 412.",
            _versioned(_changed(412, "STALE"))),
    Variant("row-locked", "Of two writers the one that finds the row locked is answered 423.",
            _versioned(_changed(423, "LOCKED"))),
    Variant("row-busy", "Of two writers the one that finds the row locked is answered 503, to come again at once.",
            _versioned(lambda: unavailable("0"))),
    Variant("told-to-come-again", "Of two writers, and of two cancels, the later is answered 409 with a Retry-After.",
            _versioned(_held_up, spares_cancels=False)),
    Variant("one-at-a-time", "One worker does one request after another.", Hooks(EVERY, handle=_queued)),
    Variant("last-writer", "The later of two writers wins, works on what it finds then, and is told so.",
            Hooks(_CHANGES, handle=_slowly)),
    Variant("columns-only", "An update writes the columns that it names, and shows the others as it had read them.",
            meeting(of_change(status=False), ("cancel", "update"), _as_read)),
    Variant("never-revived", "What is cancelled stays so: an update of its status is answered 422.",
            Hooks(_UPDATE, handle=_never_revived)),
    Variant("revived-anew", "The payment status of what is revived is derived from its amounts again.",
            Hooks(_UPDATE, handle=_derived_anew)),
    Variant("update-accepted", "An update is answered 202, without a body.", _without_body(202)),
    Variant("update-accepted-later", "An update is answered 202 with what was before it, and is done a moment later.",
            Hooks(_CHANGES | {"read"}, handle=_later)),
    Variant("update-without-body", "An update is answered 204.", _without_body(204)),
    Variant("update-by-two-builds", "Of two builds that take turns one answers an update 204.",
            _without_body(204, lambda call: call.number % 2 == 0)),
    Variant("update-behind", "The first read after an update comes from a copy that does not have it yet.",
            Hooks(_CHANGES | {"read"}, handle=_behind)),
    Variant("update-not-implemented", "Appointments cannot be changed: 501.",
            Hooks(_UPDATE, handle=_missing(501))),
    Variant("changes-not-allowed", "Appointments can be neither changed nor deleted: 405.",
            Hooks(_UPDATE | _DELETE, handle=_missing(405))),
    Variant("update-absent", "Appointments cannot be changed.", Hooks(_UPDATE, handle=absent)),
    Variant("deletion-absent", "Appointments cannot be deleted, as in an earlier generation.",
            Hooks(_DELETE, handle=absent)),
    Variant("deletion-refused", "What was cancelled is kept for the books: 422 (read).",
            Hooks(_DELETE, handle=_retained)),
    Variant("revived-as-another", "What is to be scheduled again is booked anew, under another id.",
            Hooks(_UPDATE, handle=_booked_instead)),
    Variant("moved-anew", "What is moved is booked anew, with a number of the house's own; the old one is cancelled.",
            Hooks(_UPDATE, handle=_moved_anew(
                lambda row: replace(row, external_ref=f"RS-{row.id}", idempotency_key=None)))),
    Variant("moved-with-a-suffix", "What is moved is booked anew under its number with a suffix.",
            Hooks(_UPDATE, handle=_moved_anew(
                lambda row: replace(row, external_ref=f"{row.external_ref}-R1", idempotency_key=None)))),
    Variant("moved-shown-as-cancelled", "What is moved is booked anew; the answer shows the old one, now cancelled.",
            Hooks(_UPDATE, handle=_moved_anew(
                lambda row: replace(row, external_ref=f"{row.external_ref}-R1", idempotency_key=None),
                shows_old=True))),
    Variant("deletion-marked-keyless", "What is deleted is shown with the time of that, and without its key.",
            Hooks(EVERY, handle=_marked_without_key, render=_with_mark)),
    Variant("deletion-marked", "What is deleted is kept, and shown with the time of its deletion.",
            Hooks(EVERY, handle=_marked, render=_with_mark)),
)  # fmt: skip
"""Other ways of keeping writers apart, and of undoing a cancel."""
