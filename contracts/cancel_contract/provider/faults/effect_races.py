"""Faults of a cancel that meets another writer: an update, a booking of its slot, a deletion."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, Refused, failure
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import crash, kept
from cancel_contract.provider.faults.parts.races import (
    Meeting,
    around_cancel,
    back_to,
    booked_since,
    failed,
    in_two_steps,
    meeting,
    of,
    of_change,
    under_way,
)
from cancel_contract.provider.store.records import Appointment

_BESIDE_UPDATE: Final = ("cancel", "update")
_BESIDE_CREATE: Final = ("cancel", "create")
_BESIDE_DELETE: Final = ("cancel", "delete")


def _update(change: Callable[[Meeting], Answer], *, status: bool) -> Hooks:
    return meeting(of_change(status=status), _BESIDE_UPDATE, _where_done(change))


def _cancel(change: Callable[[Meeting], Answer]) -> Hooks:
    return meeting(of("cancel"), _BESIDE_UPDATE, _where_done(change))


def _of_payment(call: Call) -> bool:
    return call.route.operation == "update" and "prepaid_amount" in call.body


def _where_done(change: Callable[[Meeting], Answer]) -> Callable[[Meeting], Answer]:
    return lambda it: change(it) if it.answer.status == 200 else it.answer


def _all_as_read(it: Meeting) -> Answer:
    """Save the whole record: what the update does not name is written back as it was read."""
    stale = replace(it.saved, payment_status=it.read.payment_status, expense=it.read.expense)
    named = "status" in it.call.body
    return it.save(stale if named else replace(stale, status=it.read.status))


def _only_as_read(*names: str) -> Callable[[Meeting], Answer]:
    """Save some columns as they were read."""
    return lambda it: it.save(kept(*names)(it.read, it.saved))


def _price_as_read(it: Meeting) -> Answer:
    """Save the price as it was read, where the appointment was confirmed with it."""
    is_confirmed = it.met is not None and it.met.status == "confirmed" != it.read.status
    return _only_as_read("service_amount")(it) if is_confirmed else it.answer


def _client_as_read(it: Meeting) -> Answer:
    read = it.read
    return it.save(
        replace(
            it.saved,
            client_name=read.client_name,
            client_phone=read.client_phone,
            client_comment=read.client_comment,
            client_gender=read.client_gender,
        )
    )


def _refused_and_done(_: Meeting) -> Answer:
    return failure(409, {"error": "The appointment was changed by another request", "code": "CONFLICT"})


def _doubled(it: Meeting) -> Answer:
    again = tuple(replace(row, id=it.call.store.next_row_id()) for row in it.read.payments)
    return it.save(replace(it.saved, payments=(*it.saved.payments, *again)))


def _restored(it: Meeting) -> Answer:
    it.call.store.put(it.read)
    return it.answer


def _with_old_money(it: Meeting) -> Answer:
    made = it.call.after
    if it.answer.status != 201 or made is None:
        return it.answer
    row = it.call.store.put(replace(made, payments=it.read.payments))
    return replace(it.show(row), status=201)


def _upserted(it: Meeting) -> Answer:
    made = it.call.after
    if it.answer.status != 201 or made is None:
        return it.answer
    it.call.store.remove(made.id)
    return replace(it.save(replace(made, id=it.read.id)), status=201)


def _booking_cancelled(call: Call, done: Appointment) -> Appointment:
    if booked := booked_since(call, done):
        call.store.put(cancelled(booked, call.store.now()))
    return done


def _booking_removed(call: Call, done: Appointment) -> Appointment:
    if booked := booked_since(call, done):
        call.store.remove(booked.id)
    return done


def _given_up(refused: Callable[[], Refused]) -> Callable[[Call, Appointment], Appointment]:
    """Take the cancel back where the slot was booked meanwhile: two are booked in one slot then."""

    def rest(call: Call, done: Appointment) -> Appointment:
        if booked_since(call, done):
            call.store.put(call.found)
            raise refused()
        return done

    return rest


def _written_back(it: Meeting) -> Answer:
    return it.answer if it.met is not None else it.save(cancelled(it.read, it.call.store.now()))


def _missed(it: Meeting) -> Answer:
    return it.answer if it.met is not None else crash().answer


def _kept(it: Meeting) -> Answer:
    if it.answer.status == 204 and it.met is not None:
        it.call.store.put(it.met)
    return it.answer


async def _of_unsaved(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Delete what a cancel under way is about to save as cancelled."""
    number = to_i(call.route.appointment)
    if call.route.operation == "delete" and under_way(call).get(number) and number in call.store.appointments:
        call.store.remove(number)
        return Answer(204)
    return await proceed(call)


def _of_booking(change: Callable[[Appointment], Appointment]) -> Callable[[Call, Appointment], Appointment]:
    """Write the rest of a cancel by its slot, to whoever has that by then."""

    def rest(call: Call, done: Appointment) -> Appointment:
        if booked := booked_since(call, done):
            call.store.put(change(booked))
        return done

    return rest


UPDATE: Final = (
    Fault("update-overwrites-cancel", "effect/other-writer",
          "An update of the status saves the whole record as it had read it, and the cancel's 200 is gone.",
          _update(_all_as_read, status=True)),
    Fault("phone-brings-status-back", "effect/other-writer",
          "Who corrects a phone number saves the whole record as it had been read, its old status included.",
          _update(_all_as_read, status=False)),
    Fault("cancel-loses-change", "effect/other-writer",
          "The cancel saves the whole record as it had read it, and a client's new phone number is lost.",
          _cancel(_client_as_read)),
    Fault("cancel-loses-name", "effect/other-writer", "A name that was corrected at the desk is written back.",
          _cancel(_only_as_read("client_name"))),
    Fault("cancel-loses-comment", "effect/other-writer", "A note from the telephone is lost.",
          _cancel(_only_as_read("client_comment", "custom_attributes"))),
    Fault("cancel-loses-birth-date", "effect/other-writer", "What is corrected from a document is lost.",
          _cancel(_only_as_read("client_birth_date", "client_identifier"))),
    Fault("cancel-loses-kind-of-visit", "effect/other-writer", "A first visit that was made a second is a first again.",
          _cancel(_only_as_read("appointment_type"))),
    Fault("cancel-loses-payment", "effect/other-writer", "A payment that is taken meanwhile is lost.",
          _cancel(_only_as_read("service_amount", "prepaid_amount", "settlement_amount", "payments"))),
    Fault("cancel-loses-price", "effect/other-writer", "A price that was corrected at the desk is written back.",
          _cancel(_only_as_read("service_amount"))),
    Fault("cancel-loses-price-agreed", "effect/other-writer",
          "A price that comes with the confirmation is written back.",
          _cancel(_price_as_read)),
    Fault("payment-brings-status-back", "effect/other-writer", "Who takes a payment saves the status that was read.",
          meeting(_of_payment, _BESIDE_UPDATE, _where_done(_only_as_read("status")))),
    Fault("update-shows-old-money", "effect/other-writer",
          "The update answers from what it had read: payment awaited, for what is stored as cancelled.",
          _update(lambda it: it.show(replace(it.saved, payment_status=it.read.payment_status)), status=True)),
    Fault("cancel-unsaved-beside-update", "effect/other-writer",
          "Versions are compared, the cancel loses, and its rescue answers with the record that was not saved.",
          _cancel(lambda it: back_to(it, it.answer))),
    Fault("update-unsaved-beside-cancel", "effect/other-writer",
          "Versions are compared, the update loses, and its rescue answers with the record that was not saved.",
          _update(lambda it: back_to(it, it.answer), status=False)),
    Fault("cancel-fails-beside-update", "effect/other-writer",
          "Versions are compared, and nobody rescues the error of the cancel that loses.",
          _cancel(failed)),
    Fault("cancel-conflicts-and-done", "effect/other-writer",
          "The conflict is noticed when the events are sent: 409 is answered for a cancel that is saved.",
          _cancel(_refused_and_done)),
    Fault("update-conflicts-and-done", "effect/other-writer",
          "The conflict is noticed after the save: the update is refused, and the appointment is on again.",
          _update(_refused_and_done, status=True)),
    Fault("update-awaits-payment-again", "effect/other-writer",
          "The update derives the payment status from the amounts it had read, and a debt collector writes.",
          _update(lambda it: it.save(replace(it.saved, payment_status=it.read.payment_status)), status=False)),
    Fault("expense-comes-back-beside-update", "effect/other-writer",
          "The update saves the expense that it had read, and the resource is paid for a visit that was cancelled.",
          _update(lambda it: it.save(replace(it.saved, expense=it.read.expense)), status=False)),
    Fault("update-moves-beside-cancel", "effect/other-writer",
          "What is saved at the second try has its times from the form, which knows of no zones.",
          _update(lambda it: it.save(rows.shifted(it.saved, it.saved)), status=False)),
    Fault("payments-doubled-beside-update", "effect/other-writer",
          "Update and cancel both write the rows of money, and each finds none of the other's.",
          _update(_doubled, status=False)),
)  # fmt: skip
"""Beside an update."""

BOOKING: Final = (
    Fault("both-booked", "effect/slot-race",
          "The booking restores what it thinks it has overwritten: the cancelled one and the new one are both active.",
          meeting(of("create"), _BESIDE_CREATE, _restored)),
    Fault("money-passed-on-in-passing", "effect/slot-race",
          "Whoever books while the cancel is under way takes over the slot's row of money.",
          meeting(of("create"), _BESIDE_CREATE, _with_old_money)),
    Fault("slot-upserted-in-passing", "effect/slot-race",
          "The slot's row is locked, and the booking that waited for it writes its client over the cancelled one.",
          meeting(of("create"), _BESIDE_CREATE, _upserted)),
    Fault("late-cancel-takes-booking", "effect/slot-race",
          "The slot is free at once, the rest of the cancel goes by the slot, and the next client is cancelled.",
          in_two_steps(_booking_cancelled)),
    Fault("late-cancel-removes-booking", "effect/slot-race",
          "The cancel clears its slot in the end, and whoever had booked it meanwhile is gone without a word.",
          in_two_steps(_booking_removed)),
    Fault("late-cancel-renames-booking", "effect/slot-race",
          "The cancel makes the client of its slot anonymous in the end, and that is the next one by then.",
          in_two_steps(_of_booking(lambda it: replace(it, client_name="Anonymous")))),
    Fault("late-cancel-moves-booking", "effect/slot-race",
          "The cancel returns its slot to the pool of the house, with whoever is in it.",
          in_two_steps(_of_booking(lambda it: replace(it, resource_id=12)))),
    Fault("cancel-fails-when-booked", "effect/slot-race",
          "A unique index on slots fails the cancel whose slot was sold meanwhile, and both are booked.",
          in_two_steps(_given_up(crash))),
    Fault("cancel-conflicts-when-booked", "effect/slot-race",
          "The cancel is taken back because its slot was sold meanwhile, and both are booked.",
          in_two_steps(_given_up(lambda: rows.conflict("The slot was booked by another request")))),
)  # fmt: skip
"""Beside a booking of the slot."""

DELETION: Final = (
    Fault("deleted-comes-back", "effect/deleted",
          "The cancel saves the record that it had read before somebody deleted it, and it is there again.",
          meeting(of("cancel"), _BESIDE_DELETE, _written_back)),
    Fault("cancel-fails-when-deleted", "effect/deleted",
          "The record is read anew to be shown, and nobody thinks that it might be gone.",
          meeting(of("cancel"), _BESIDE_DELETE, _missed)),
    Fault("deleted-and-kept", "effect/deleted",
          "The deletion is a mark in the record, which the cancel saves without it: 204, and all is there.",
          meeting(of("delete"), _BESIDE_DELETE, _kept)),
    Fault("deletion-reads-unsaved", "effect/deleted",
          "The deletion sees a cancel that is not saved yet, and the cancel finds nothing left to cancel.",
          Hooks(frozenset(_BESIDE_DELETE), handle=around_cancel(_of_unsaved))),
)  # fmt: skip
"""Beside a deletion."""

FAULTS: Final[tuple[Fault, ...]] = UPDATE + BOOKING + DELETION
"""In the order of what the cancel meets."""
