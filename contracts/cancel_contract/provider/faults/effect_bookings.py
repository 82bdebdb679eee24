"""Faults of what is booked after a cancel, most of it in the slot of the cancelled appointment."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import races, rows
from cancel_contract.provider.store.records import Appointment


def _booked_again(change: Callable[[Call, Appointment, Appointment], Appointment]) -> Hooks:
    """Change what is booked in the slot of a cancelled appointment, given that one and the new one."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        made = call.after
        if answer.status != 201 or made is None:
            return answer
        there = (row for row in rows.made_here(call.store) if row.cancelled and row.starts_at == made.starts_at)
        old = next((row for row in there if row.resource_id == made.resource_id), None)
        return success(201, {"payload": appointment_payload(change(call, old, made))}) if old else answer

    return Hooks(frozenset({"create"}), handle=hook)


def _upserted(call: Call, old: Appointment, made: Appointment) -> Appointment:
    call.store.remove(made.id)
    return call.store.put(replace(made, id=old.id))


def _inheriting(call: Call, old: Appointment, made: Appointment) -> Appointment:
    return call.store.put(replace(made, payments=old.payments))


def _reviving(call: Call, old: Appointment, made: Appointment) -> Appointment:
    call.store.put(replace(old, status="scheduled"))
    return made


def _deleting(call: Call, old: Appointment, made: Appointment) -> Appointment:
    call.store.remove(old.id)
    return made


def _passing_on(*names: str) -> Hooks:
    """Give a new booking some columns of the cancelled one."""
    return _booked_again(
        lambda call, old, made: call.store.put(replace(made, **{name: getattr(old, name) for name in names}))
    )


def _remembered(*names: str) -> Hooks:
    """Give each new booking some columns of what was cancelled last, wherever that was."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        last: Appointment | None = call.memory.get("last")
        answer, made = await proceed(call), call.after
        if call.route.operation == "cancel" and answer.status == 200 and call.before and not call.before.cancelled:
            call.memory["last"] = call.before
        elif answer.status == 201 and last and made:
            row = call.store.put(replace(made, **{name: getattr(last, name) for name in names}))
            return success(201, {"payload": appointment_payload(row)})
        return answer

    return Hooks(frozenset({"cancel", "create"}), handle=hook)


def _paid(call: Call, _: Appointment, made: Appointment) -> Appointment:
    return call.store.put(replace(made, payment_status="paid"))


async def _recurring(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Book the next visit of a series, at the time of the one that was cancelled."""
    was_active, done = not call.found.cancelled, await proceed(call)
    if was_active and call.found.service_id is not None:
        again = replace(call.found, id=call.store.next_id(), external_ref=None, idempotency_key=None)
        call.store.put(replace(again, payments=(), expense=None, created_at=call.store.now()))
    return done


async def _broken_off(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse whatever is booked where an appointment was cancelled as booked into a break."""
    if any(row.cancelled for row in races.in_slot(call, call.body)):
        return refusal(409, "Appointment falls into a break", "BLOCKED_BY_BREAK").answer
    return await proceed(call)


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("break-after-cancel", "effect/slot-free",
          "A cancel leaves a break in its place, so that nobody is put there before the client was called.",
          Hooks(frozenset({"create"}), handle=_broken_off)),
    Fault("series-goes-on", "effect/slot-free",
          "Treatments are series, and the next visit is booked from the date of the last one, which is not moved on.",
          Hooks(transition=_recurring)),
    Fault("slot-upserted", "effect/new-booking",
          "A unique index on slots turns the next booking into an update of the cancelled row.",
          _booked_again(_upserted)),
    Fault("payments-passed-on", "effect/new-booking",
          "Money is joined by slot, and the next patient has paid what the last one did.",
          _booked_again(_inheriting)),
    Fault("comment-passed-on", "effect/new-booking",
          "The row of a slot is found or made, and the next client reads what was noted of the last one.",
          _passing_on("client_comment", "custom_attributes")),
    Fault("identity-passed-on", "effect/new-booking",
          "The form keeps the last client's birth date and number, and the next one has them in the file.",
          _passing_on("client_birth_date", "client_identifier", "client_gender")),
    Fault("client-of-last-cancel", "effect/new-booking",
          "A worker keeps the client of its last cancel, and books the next visit for it.",
          _remembered("client_name", "client_phone", "contact_id")),
    Fault("price-passed-on", "effect/new-booking", "The price is the slot's: what the last client was asked for.",
          _passing_on("service_amount")),
    Fault("amounts-passed-on", "effect/new-booking", "Sums of money are joined by slot, and their rows are not.",
          _passing_on("prepaid_amount", "settlement_amount")),
    Fault("booked-as-paid", "effect/new-booking", "The slot was paid for, and the next client is asked for no money.",
          _booked_again(_paid)),
    Fault("booked-as-cancelled", "effect/new-booking", "The status is the slot's, and nobody expects the next client.",
          _passing_on("status")),
    Fault("deleted-by-booking", "effect/lasting",
          "A new booking clears its slot of what was cancelled, payments included.",
          _booked_again(_deleting)),
    Fault("revived-by-booking", "effect/settled",
          "A new booking looks for the slot's row, saves it with its first status, and then makes its own.",
          _booked_again(_reviving)),
)  # fmt: skip
"""In the order of the clauses that they break."""
