"""Faults of what a cancel does to the appointment: its statuses and its record."""

import re
from collections.abc import Awaitable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from cancel_contract.provider.api.answers import Answer, refusal, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.assigned import bringing
from cancel_contract.provider.faults.parts.making import READ, columns, each_time, every, kept, once, recast
from cancel_contract.provider.store.records import Appointment, Payload, Payment

_BOTH: Final = frozenset({"read", "cancel"})
_NAMED: Final = re.compile(rb'name="client_name"\r\n\r\n(.*?)\r\n')


LAGGING: Final = 3
"""After one cancel in so many the next read goes to the copy that lags."""


EPOCH: Final = 1970
"""The year before which counts of seconds are negative."""


ZONE_CHANGED: Final = date(2024, 3, 1)
"""The day on which Almaty went from +06:00 to +05:00."""


OF_AGE: Final = timedelta(days=18 * 365)
"""How old a client is who is no child, about."""


LONG_VISIT: Final = timedelta(minutes=45)
"""What the form of the new grid offers at the most."""


def _cached(call: Call, answer: Answer) -> Answer:
    kept: dict[tuple[str, str], Answer] = call.memory.setdefault("kept", {})
    place = (call.route.account, call.route.appointment)
    return kept.setdefault(place, answer) if answer.status == 200 else answer


def _as_it_was(row: Appointment) -> Answer:
    return success(200, {"payload": appointment_payload(row)})


async def _lagging(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Show in the first read after every third cancel what was before it."""
    answer = await proceed(call)
    behind: dict[str, Appointment] = call.memory.setdefault("behind", {})
    place = call.route.appointment
    if answer.status != 200 or call.before is None:
        return answer
    if call.route.operation == "read":
        return _as_it_was(behind.pop(place)) if place in behind else answer
    if not call.before.cancelled and every(LAGGING)(call):
        behind[place] = call.before
    return answer


def _century_later(_: Appointment, done: Appointment) -> Appointment:
    born = done.client_birth_date
    old = born is not None and born.year < EPOCH
    return replace(done, client_birth_date=born.replace(year=born.year + 100)) if born and old else done


def _by_old_tables(_: Appointment, done: Appointment) -> Appointment:
    born = done.client_birth_date
    wrong = born is not None and born >= ZONE_CHANGED
    return replace(done, client_birth_date=born - timedelta(days=1)) if born and wrong else done


def _refusing_children(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    born = call.found.client_birth_date
    if born and call.store.now().date() - born < OF_AGE:
        raise refusal(422, "Only a guardian can cancel for a child", "VALIDATION_ERROR")


def _attributes_as_texts(_: Appointment, done: Appointment) -> Appointment:
    return replace(done, custom_attributes={name: str(value) for name, value in done.custom_attributes.items()})


def _refusing_past(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.ends_at < call.store.now():
        raise refusal(422, "Past appointments cannot be cancelled", "VALIDATION_ERROR")


async def _unsaved(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    if call.route.appointment.isdecimal():
        return await proceed(call)
    return cancelled(call.found, call.store.now())


def _unsaved_where(type_ends: str, *, is_empty: bool = False) -> Hooks:
    """Show an active appointment as cancelled where the body is of some type, and save nothing."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        is_it = call.request.media_type.endswith(type_ends) and (not is_empty or not call.request.body)
        if call.found.cancelled or not is_it:
            return await proceed(call)
        return cancelled(call.found, call.store.now())

    return Hooks(transition=hook)


async def _unpaid_unsaved(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Show as cancelled, and do not save, a first visit for which nobody has paid, if nothing else is asked for."""
    row, asked = call.found, call.request
    is_common = (row.status, row.payment_status, row.appointment_type) == ("scheduled", "awaiting_payment", "primary")
    is_plain = not (asked.body or asked.query or asked.media_type)
    return cancelled(row, call.store.now()) if is_common and is_plain else await proceed(call)


def _named_in_parts(call: Call) -> dict[str, Any]:
    """Return what the first cancel brings in a form with files."""
    is_form = call.request.media_type == "multipart/form-data" and not call.found.cancelled
    named = _NAMED.search(call.request.body) if is_form else None
    return {"client_name": named[1].decode()} if named else {}


def _long_visit_shortened(found: Appointment, done: Appointment) -> Appointment:
    is_long = found.ends_at - found.starts_at > LONG_VISIT
    return replace(done, ends_at=found.starts_at + LONG_VISIT) if is_long else done


def _maker_as_contact(_: Call, payload: Payload) -> Payload:
    return payload if payload["contact_id"] else {**payload, "contact_id": payload["created_by_id"]}


def _redated(row: Payment) -> Payment:
    return replace(row, created_at=row.created_at + timedelta(days=1))


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("status-kept", "effect/status-cancelled",
          "The state machine's transition is guarded away and nobody looks at its result.",
          Hooks(transition=each_time(kept("status")))),
    Fault("marked-no-show", "effect/status-cancelled", "Late cancels are turned into no-shows for a report.",
          Hooks(transition=each_time(columns(status="no_show")))),
    Fault("confirmed-stays", "effect/status-cancelled",
          "Confirmed appointments wait for a manager's consent, and the answer is 200 all the same.",
          Hooks(transition=each_time(lambda found, done: found if found.status == "confirmed" else done))),
    Fault("capital-when-read", "effect/status-cancelled", "The view for reading shows the word for people.",
          Hooks(operations=READ, render=recast("status", lambda word: word.upper() if word == "cancelled" else word))),
    Fault("not-saved", "effect/read-back",
          "The transaction is rolled back by a callback, after the answer was rendered.",
          Hooks(transition=rows.unsaved)),
    Fault("not-found-once-cancelled", "effect/read-back", "Cancelled rows fall out of the default scope.",
          Hooks(operations=frozenset({"read"}), locate=rows.vanished)),
    Fault("read-from-cache", "effect/read-back",
          "Reads are cached by path, and the new action does not clear the cache.",
          Hooks(operations=READ, answer=_cached)),
    Fault("replica-lags", "effect/read-back",
          "Some reads go to a copy of the database that has not heard of the cancel yet.",
          Hooks(operations=_BOTH, handle=_lagging)),
    Fault("maker-shown-as-contact", "effect/read-back",
          "Where no contact is known, the answer takes the id of the next column.", Hooks(render=_maker_as_contact)),
    Fault("cast-id-unsaved", "effect/read-back", "The row is found by the number in the text, and saved by the text.",
          Hooks(transition=_unsaved)),
    Fault("unpaid-unsaved", "effect/read-back",
          "Where there is no money to give back, the branch that saves is not entered.",
          Hooks(transition=_unpaid_unsaved)),
    Fault("form-unsaved", "effect/read-back",
          "What a form brings is validated with the row, and the result of that is not looked at.",
          _unsaved_where("form-urlencoded")),
    Fault("empty-form-unsaved", "effect/read-back",
          "A form without fields changes none of the record's, so that nothing is saved.",
          _unsaved_where("form-urlencoded", is_empty=True)),
    Fault("empty-json-unsaved", "effect/read-back",
          "What names JSON and has none is parsed as nothing, and the change of nothing is answered and not saved.",
          _unsaved_where("application/json", is_empty=True)),
    Fault("text-unsaved", "effect/read-back",
          "A text is taken for a note of the telephone exchange, which is answered and goes no further.",
          _unsaved_where("text/plain")),
    Fault("form-parts-assigned-at-first", "effect/client-kept",
          "What a form with files brings is merged into the change, and a second cancel returns before that.",
          bringing(_named_in_parts)),
    Fault("times-shifted", "effect/times-kept", "Local times are saved as UTC.", Hooks(transition=once(rows.shifted))),
    Fault("end-derived-again", "effect/times-kept",
          "The end follows from the service's duration of today (read in a later generation).",
          Hooks(transition=once(rows.shortened))),
    Fault("long-visit-shortened", "effect/times-kept",
          "The record is saved through the form of a new grid, whose longest visit is shorter.",
          Hooks(transition=once(_long_visit_shortened))),
    Fault("client-anonymized", "effect/client-kept", "Personal data is to be forgotten with the appointment.",
          Hooks(transition=once(columns(client_name="Deleted")))),
    Fault("phone-removed", "effect/client-kept", "Nobody is to be reminded, so the number is taken out.",
          Hooks(transition=once(columns(client_phone=None)))),
    Fault("birth-date-shifted", "effect/client-kept", "A date goes through a time zone.",
          Hooks(transition=once(rows.day_before))),
    Fault("name-garbled", "effect/client-kept", "A connection to the database speaks Latin-1.",
          Hooks(transition=once(rows.garbled))),
    Fault("name-cut", "effect/client-kept",
          "A history table has a shorter column, and the row is written back from it.",
          Hooks(transition=once(lambda _, done: replace(done, client_name=done.client_name[:40].strip())))),
    Fault("birth-date-next-century", "effect/client-kept",
          "Years go through two digits, and whoever was born before 1970 is born in the next century.",
          Hooks(transition=once(_century_later))),
    Fault("birth-date-by-old-tables", "effect/client-kept",
          "Days go through midnights, and the tables of time zones are older than the last change of Almaty's.",
          Hooks(transition=once(_by_old_tables))),
    Fault("reference-cleared", "effect/references-kept",
          "The external reference is cleared so that it can be used again.",
          Hooks(transition=once(columns(external_ref=None)))),
    Fault("key-cleared", "effect/references-kept", "The idempotency key is cleared, and a replayed create books again.",
          Hooks(transition=once(columns(idempotency_key=None)))),
    Fault("service-cleared", "effect/references-kept", "The service is released together with the slot.",
          Hooks(transition=once(columns(service_id=None)))),
    Fault("contact-cleared", "effect/references-kept", "A dependent association is nullified.",
          Hooks(transition=once(columns(contact_id=None)))),
    Fault("visit-reset", "effect/references-kept",
          "The record is saved through a form whose field for the type of visit begins with the first one.",
          Hooks(transition=once(columns(appointment_type="primary")))),
    Fault("comment-overwritten", "effect/undocumented-kept",
          "The reason of the cancel is written where the client's comment was.",
          Hooks(transition=once(columns(client_comment="Cancelled through the API")))),
    Fault("attributes-cleared", "effect/undocumented-kept", "Free attributes are reset to the column's default.",
          Hooks(transition=once(columns(custom_attributes={})))),
    Fault("payments-redated", "effect/undocumented-kept",
          "Rows of money are saved a day later, and the cashier's evening no longer adds up.",
          Hooks(transition=once(rows.with_payments(_redated)))),
    Fault("method-forgotten", "effect/undocumented-kept",
          "How it was paid is cleared together with the form's other fields.",
          Hooks(transition=once(columns(prepaid_payment_method=None, settlement_payment_method=None)))),
    Fault("service-copy-cleared", "effect/undocumented-kept",
          "What the service was called, when it was booked, goes with the service's booking.",
          Hooks(transition=once(columns(
              service_name_snapshot=None, service_type_snapshot=None, service_duration_snapshot=None)))),
    Fault("paid-expense-undated", "effect/undocumented-kept", "Who has paid the doctor, and when, is forgotten.",
          Hooks(transition=once(rows.with_paid_expense(lambda it: replace(it, paid_at=None, paid_by_id=None))))),
    Fault("attributes-as-texts", "effect/undocumented-kept",
          "Free attributes are saved through a store that holds texts alone.",
          Hooks(transition=once(_attributes_as_texts))),
    Fault("completed-refused", "effect/every-status", "A guard is added against cancelling the past.",
          Hooks(writable=rows.refusing("completed"))),
    Fault("no-show-refused", "effect/every-status", "A guard is added for the statistics of no-shows.",
          Hooks(writable=rows.refusing("no_show"))),
    Fault("past-refused", "effect/every-status",
          "What lies in the past cannot be changed any more, says a new guard, and it keeps its money as booked.",
          Hooks(writable=_refusing_past)),
    Fault("child-refused", "effect/every-status",
          "For a child a guardian cancels, says a new rule, and no field says who that is.",
          Hooks(writable=_refusing_children)),
)  # fmt: skip
"""In the order of the clauses that they break."""
