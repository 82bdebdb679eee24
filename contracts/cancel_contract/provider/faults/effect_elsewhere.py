"""Faults of what a cancel does beside the appointment's own page: neighbours, slot, list, calendar, later."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.render import instant
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import (
    READ,
    Change,
    each_time,
    kept,
    once,
    succeeded,
    value,
)
from cancel_contract.provider.store.records import Appointment, Payload


def _in_calendar(change: Callable[[Call, dict[str, Any]], dict[str, Any]]) -> Hooks:
    def hook(call: Call, answer: Answer) -> Answer:
        return succeeded(value(lambda shown: {"payload": change(call, shown["payload"])}))(call, answer)

    return Hooks(frozenset({"calendar"}), answer=hook)


def _slots_held(call: Call, shown: dict[str, Any]) -> dict[str, Any]:
    held = [(instant(row.starts_at), instant(row.ends_at)) for row in call.store.appointments.values() if row.cancelled]
    free = [
        slot
        for slot in shown["slots"]
        if not any(slot["starts_at"] < end and start < slot["ends_at"] for start, end in held)
    ]
    return {**shown, "slots": free}


def _still_there(_: Call, shown: dict[str, Any]) -> dict[str, Any]:
    standing = [row | {"status": "scheduled"} for row in shown["appointments"]]
    return {**shown, "appointments": standing}


def _indexed(call: Call, payload: Payload) -> Payload:
    """Show what was indexed when the appointment was made: the list's search knows of the status alone."""
    return {**payload, "payment_status": "awaiting_payment"} if call.found.cancelled else payload


def _joined_with_payments(shown: list[Payload]) -> list[Payload]:
    return [row for row in shown if row["status"] != "cancelled" or row["payments"]]


def _twice(shown: list[Payload]) -> list[Payload]:
    return [row for row in shown for _ in (1, 2)]


def _paid_by_the_previous(shown: list[Payload]) -> list[Payload]:
    return [{**row, "payments": shown[place - 1]["payments"]} for place, row in enumerate(shown)]


def _later(change: Change) -> Hooks:
    """Change what was cancelled some requests ago, given what it was before and what it is now."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        due: dict[int, tuple[int, Appointment]] = call.memory.setdefault("due", {})
        for number, (when, found) in list(due.items()):
            row = call.store.appointments.get(number)
            if call.number - when > rows.LASTS and row is not None:
                call.store.put(change(found, row))
                del due[number]
        answer = await proceed(call)
        if call.route.operation == "cancel" and call.after is not None and not call.found.cancelled:
            due[call.after.id] = call.number, call.found
        return answer

    return Hooks(EVERY, handle=hook)


def _paid_in_cash(shown: list[Payload]) -> list[Payload]:
    return [{**row, "payments": [{**it, "payment_method": "cash"} for it in row["payments"]]} for row in shown]


def _of_one_contact(done: Appointment, row: Appointment) -> bool:
    return done.contact_id is not None and row.contact_id == done.contact_id and not row.cancelled


def _of_no_contact(done: Appointment, row: Appointment) -> bool:
    return done.contact_id is None and row.contact_id is None and not row.cancelled


def _of_one_identifier(done: Appointment, row: Appointment) -> bool:
    return done.client_identifier is not None and row.client_identifier == done.client_identifier


def _of_one_service(done: Appointment, row: Appointment) -> bool:
    return done.service_id is not None and row.service_id == done.service_id and not row.cancelled


def _born_alike(done: Appointment, row: Appointment) -> bool:
    born = done.client_birth_date
    return born is not None and row.client_birth_date == born and row.client_name == done.client_name


async def _of_the_list(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    others = {to_i(text) for text in call.route.appointment.split(",")} - {done.id}
    for row in rows.made_here(call.store):
        if row.id in others:
            call.store.put(cancelled(row, call.store.now()))
    return done


def _tagged_by_number(call: Call, answer: Answer) -> Answer:
    return answer.with_header("ETag", f'W/"{call.found.id}"') if answer.status == 200 else answer


def _still_owed(call: Call, payload: Payload) -> Payload:
    """Show the expense that an older copy has of whatever money was received for."""
    row = call.found
    owed = {"id": row.id, "amount": row.settlement_amount, "status": "unpaid"}
    return {**payload, "expense": owed} if row.cancelled and row.payments and not row.expense else payload


def _in_the_slot(done: Appointment, row: Appointment) -> bool:
    return (row.resource_id, row.starts_at) == (done.resource_id, done.starts_at) and not row.cancelled


def _of_one_room(done: Appointment, row: Appointment) -> bool:
    return done.resource_id == row.resource_id


def _active_in_room(done: Appointment, row: Appointment) -> bool:
    return _of_one_room(done, row) and not row.cancelled


def _statuses_cancelled(row: Appointment, _: datetime) -> Appointment:
    return replace(row, status="cancelled", payment_status="cancelled")


def _is_reminded_of(row: Appointment) -> bool:
    return row.contact_id is not None and row.service_id is not None and not row.payments


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("change-without-time", "effect/touched",
          "The row is written past the model, and nobody who follows changes by their time hears of the cancel.",
          Hooks(transition=each_time(kept("updated_at")))),
    Fault("changed-in-local-time", "effect/clock",
          "One line of the cancel asks the server for its local time, and all others for that in UTC.",
          Hooks(transition=once(lambda _, done: replace(done, updated_at=done.updated_at + timedelta(hours=5))))),
    Fault("tag-of-the-number", "effect/entity-tag",
          "The tag is made of the id alone, and whoever asks for what is new keeps an appointment that is none.",
          Hooks(operations=READ, answer=_tagged_by_number)),
    Fault("day-cancelled", "effect/neighbour-untouched",
          "The condition of the update names the resource and forgets the id.",
          Hooks(transition=rows.to_neighbours(_of_one_room, _statuses_cancelled))),
    Fault("day-completed", "effect/neighbour-untouched",
          "Each change closes the room's day in the books, and what was booked counts as done.",
          Hooks(transition=rows.to_neighbours(_active_in_room, lambda row, _: replace(row, status="completed")))),
    Fault("neighbours-phone-removed", "effect/neighbour-untouched",
          "The client is forgotten in all appointments of the room.",
          Hooks(transition=rows.to_neighbours(_of_one_room, lambda row, _: replace(row, client_phone=None)))),
    Fault("next-by-id-cancelled", "effect/neighbour-untouched", "The second visit of a pair is taken for the next row.",
          Hooks(transition=rows.to_neighbours(lambda done, row: row.id == done.id + 1, cancelled))),
    Fault("clients-others-cancelled", "effect/neighbour-untouched",
          "A client's cancel is taken for a farewell, and all that the contact has booked goes with it.",
          Hooks(transition=rows.to_neighbours(_of_one_contact, cancelled))),
    Fault("note-on-the-person", "effect/neighbour-untouched",
          "The note on a cancel is written to every appointment of whoever has the client's identifier.",
          Hooks(transition=rows.to_neighbours(
              _of_one_identifier, lambda row, _: replace(row, client_comment="Cancels often")))),
    Fault("list-of-ids-cancelled", "effect/neighbour-untouched",
          "Several can be marked in the calendar and cancelled at once: the id of the path is a list from now on.",
          Hooks(transition=_of_the_list)),
    Fault("same-person-cancelled", "effect/neighbour-untouched",
          "Who has the same name and birth date is taken for the same client, and loses the other visits.",
          Hooks(transition=rows.to_neighbours(_born_alike, cancelled))),
    Fault("service-repriced", "effect/neighbour-untouched",
          "What is free again is offered for less, and all that is booked of the service with it.",
          Hooks(transition=rows.to_neighbours(_of_one_service, lambda row, _: replace(row, service_amount=1)))),
    Fault("slot-held", "effect/slot-free", "The table of taken slots is not told.", Hooks(transition=rows.slot_held)),
    Fault("not-listed", "effect/listed", "Cancelled rows fall out of the list's scope.",
          Hooks(operations=frozenset({"list"}), answer=rows.in_list(rows.uncancelled))),
    Fault("unpaid-not-listed", "effect/listed", "What is cancelled is looked for among payments, and some have none.",
          Hooks(operations=frozenset({"list"}), answer=rows.in_list(_joined_with_payments))),
    Fault("listed-twice", "effect/listed", "The list is joined with payments, and nobody asks for distinct rows.",
          Hooks(operations=frozenset({"list"}), answer=rows.in_list(_twice))),
    Fault("list-awaits-payment", "effect/listed-alike",
          "The list comes from a search index with an older copy, and the cashier asks for money.",
          Hooks(operations=frozenset({"list"}), render=_indexed)),
    Fault("list-owes-expense", "effect/listed-alike",
          "Lists show a copy in which expenses come and never go, and the accountant pays for what was cancelled.",
          Hooks(operations=frozenset({"list"}), render=_still_owed)),
    Fault("list-payments-shifted", "effect/listed-alike",
          "Payments are loaded for all rows of the list at once, and are told apart by their place, which is one off.",
          Hooks(operations=frozenset({"list"}), answer=rows.in_list(_paid_by_the_previous))),
    Fault("list-payments-in-cash", "effect/listed-alike",
          "The column of the list shows each payment by the first word of the enumeration.",
          Hooks(operations=frozenset({"list"}), answer=rows.in_list(_paid_in_cash))),
    Fault("calendar-holds-slot", "effect/calendar",
          "Free slots come from a cache that only bookings clear: the slot can be booked, and nobody is offered it.",
          _in_calendar(_slots_held)),
    Fault("calendar-shows-scheduled", "effect/calendar",
          "The calendar's view of the day is drawn from a copy that hears of new appointments alone.",
          _in_calendar(_still_there)),
    Fault("refusal-revives", "effect/any-order",
          "The refused request rolls back, and the transaction before it is still open on its connection.",
          Hooks(handle=rows.refused_and_revived)),
    Fault("all-without-contact-cancelled", "effect/any-order",
          "The appointments of the contact are looked for, and without one those of nobody are found: all the others.",
          Hooks(transition=rows.to_neighbours(_of_no_contact, cancelled))),
    Fault("slot-cancelled-again", "effect/any-order",
          "The row is found by resource and time, and a second click cancels whoever has booked the slot since.",
          Hooks(transition=rows.to_neighbours(_in_the_slot, cancelled))),
    Fault("not-lasting", "effect/lasting", "A synchronization with a calendar writes the old status back.",
          Hooks(operations=EVERY, handle=rows.passing())),
    Fault("visit-brought-back", "effect/lasting",
          "The reminder of a visit saves its copy, and there is one for clients who are known and have a service.",
          Hooks(operations=EVERY, handle=rows.passing(_is_reminded_of))),
    Fault("expense-comes-back", "effect/settled",
          "A nightly job makes the expenses that paid appointments lack, and looks at amounts alone.",
          _later(lambda found, row: replace(row, expense=found.expense))),
    Fault("money-goes-later", "effect/settled",
          "A job in the background empties what was received of whatever is cancelled.",
          _later(lambda _, row: replace(row, prepaid_amount=0, settlement_amount=0, payments=()))),
    Fault("notes-cleared-later", "effect/settled",
          "A job tidies up: notes on clients whose visits are cancelled are of no use to anybody.",
          _later(lambda _, row: replace(row, client_comment=None, custom_attributes={}))),
    Fault("attributes-swept-later", "effect/undocumented-kept",
          "A job tidies up what other programs have attached to a visit, once it is cancelled.",
          _later(lambda _, row: replace(row, custom_attributes={}))),
    Fault("client-forgotten-later", "effect/settled",
          "A job for the protection of data takes the client out of whatever is cancelled.",
          _later(lambda _, row: replace(row, client_name="Deleted", client_phone=None))),
)  # fmt: skip
"""In the order of the clauses that they break."""
