"""Honest variants of the desk that makes appointments: how it says no, and what becomes of one that is made."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.behaviours import EVERY, Around, Hooks, Variant
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.store.seed import SEED
from cancel_contract.provider.store.store import Store
from cancel_contract.provider.variants.behind import write_due
from cancel_contract.provider.variants.renderings import absent

CREATED: Final = 201
DONE: Final = 200
_HERE: Final = timedelta(hours=5)
_DESK: Final = frozenset({"create", "calendar"})


def _invalid(text: str) -> Answer:
    return refusal(400, text).answer


def _refused(call: Call) -> str | None:
    """The first rule that a create does not keep."""
    body, begins = call.body, datetime.fromisoformat(call.body["starts_at"]) + _HERE
    rules = (
        (bool(body.get("client_phone")), "client_phone should not be empty"),
        (not body.get("prepaid_amount"), "property prepaid_amount should not exist"),
        (len(body.get("client_name", "")) <= 60, "client_name must be shorter than or equal to 60 characters"),
        (begins.weekday() < 5 and 9 <= begins.hour < 18, "starts_at must be within working hours"),
    )
    return next((text for kept, text in rules if not kept), None)


async def _validated(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    if call.route.operation == "calendar":
        return await absent(call, proceed)
    told = _refused(call)
    return _invalid(told) if told else await proceed(call)


_HOUSE: Final = 9
_OFTEN: Final = 3
"""Requests after which what others have is written again."""
SETTLED: Final = 0.1
"""Seconds after which a worker confirms what was booked."""


def _changed_later(change: Callable[[Appointment], Appointment]) -> Around[Awaitable[Answer]]:
    """Change every booking once, a moment after it was made."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        booked: dict[int, float] = call.memory.setdefault("booked", {})
        write_due(call, booked, SETTLED, change)
        known = set(call.store.appointments)
        answer = await proceed(call)
        booked.update(dict.fromkeys(set(call.store.appointments) - known, monotonic()))
        return answer

    return hook


def _confirmed(row: Appointment) -> Appointment:
    return replace(row, status="confirmed") if row.status == "scheduled" else row


def _recognised(row: Appointment) -> Appointment:
    return replace(row, contact_id=row.contact_id or _known_by(row.client_phone))


def _known_by(number: str | None) -> int:
    """Return the contact, and the conversation, of a telephone number; whoever leaves none has that of the house."""
    digits = [one for one in number or "" if one.isdigit()]
    return _HOUSE + int("".join(digits[-10:])) % 997 if digits else _HOUSE


async def _touched(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Write every new appointment that is not cancelled again before a request, as it is."""
    rows = call.store.appointments
    old = call.memory.setdefault("old", set(rows))
    now = call.store.now() + timedelta(seconds=call.number % 2)
    rows.update({row.id: replace(row, updated_at=now) for row in rows.values() if not (row.cancelled or row.id in old)})
    return await proceed(call)


async def _linked(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Open a conversation for the message about a cancel; find the contact of a telephone number that is new."""
    answer, row = await proceed(call), call.after
    if row is None or answer.status != DONE:
        return answer
    opened = _known_by(row.client_phone) if row.cancelled else row.conversation_id
    has_number = call.route.operation == "update" and "client_phone" in call.body
    found = _known_by(row.client_phone) if has_number else row.contact_id
    call.store.put(replace(row, conversation_id=row.conversation_id or opened, contact_id=row.contact_id or found))
    return answer


def _known(store: Store, made: Appointment) -> Appointment:
    """Return an earlier appointment of the client who has the telephone number of this one, or this one."""
    rows = (row for row in store.of_account(made.account_id) if row.id != made.id and row.client_birth_date)
    return next((row for row in rows if made.client_phone and row.client_phone == made.client_phone), made)


async def _filed(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep one file for each telephone number: whoever books with it has the name that it was first given with."""
    answer, made = await proceed(call), call.after
    if answer.status != CREATED or made is None or not made.client_phone:
        return answer
    names: dict[int, str] = call.memory.setdefault("names", {})
    row = replace(made, client_name=names.setdefault(_known_by(made.client_phone), made.client_name))
    return success(CREATED, {"payload": appointment_payload(call.store.put(row))})


async def _renamed(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep one file for each telephone number: all visits with it have the name that was given last."""
    answer, made = await proceed(call), call.after
    if made and made.client_phone and answer.status in {DONE, CREATED}:
        rows = [row for row in call.store.of_account(made.account_id) if row.client_phone == made.client_phone]
        for row in rows:
            call.store.put(replace(row, client_name=made.client_name))
    return answer


async def _filled_in(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Fill in what a create leaves out: a comment for all, and of a client who is known what is known."""
    answer, made = await proceed(call), call.after
    if answer.status != CREATED or made is None:
        return answer
    known = _known(call.store, made)
    whole = replace(
        made,
        client_comment=made.client_comment or "Booked by another program",
        client_birth_date=made.client_birth_date or known.client_birth_date,
        client_gender=made.client_gender or known.client_gender,
    )
    return success(CREATED, {"payload": appointment_payload(call.store.put(whole))})


async def _worked_on(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Let the clinic's own system, and the people of the other account, work on what the settings name as theirs."""
    if call.number % _OFTEN == 0:
        for number in (SEED.readonly_appointment_id, SEED.foreign_appointment_id):
            status = "confirmed" if call.number % (2 * _OFTEN) else "completed"
            row = replace(call.store.appointments[number], status=status, client_comment=f"Call back, {call.number}")
            call.store.put(replace(row, client_name=f"Айгуль С. {call.number}", updated_at=call.store.now()))
    return await proceed(call)


DESKS: Final[tuple[Variant, ...]] = (
    Variant("values-in-400", "Each value that is refused, a time too, is answered 400, and there is no calendar.",
            Hooks(_DESK, handle=_validated)),
    Variant("worker-confirms", "A worker confirms each booking a moment after it was made.",
            Hooks(EVERY, handle=_changed_later(_confirmed))),
    Variant("worker-links", "A worker finds the contact of each client, a moment after the booking.",
            Hooks(EVERY, handle=_changed_later(_recognised))),
    Variant("rows-touched", "A job writes each new appointment again and again, as it is, until it is cancelled.",
            Hooks(EVERY, handle=_touched)),
    Variant("others-at-work", "What is imported, and what another account has, is written by its own people meanwhile.",
            Hooks(EVERY, handle=_worked_on)),
    Variant("contacts-found", "A cancel opens a conversation for its message, a new telephone number finds a contact.",
            Hooks(frozenset({"cancel", "update"}), handle=_linked)),
    Variant("one-file-per-number", "Whoever books with a telephone number has the name that was first given with it.",
            Hooks(frozenset({"create"}), handle=_filed)),
    Variant("last-name-per-number", "All visits with a telephone number have the name that was given with it last.",
            Hooks(frozenset({"create", "update"}), handle=_renamed)),
    Variant("desk-fills-in", "A comment is filled in, and of a client whose number is known the birth date and gender.",
            Hooks(frozenset({"create"}), handle=_filled_in)),
)  # fmt: skip
"""Other desks."""
