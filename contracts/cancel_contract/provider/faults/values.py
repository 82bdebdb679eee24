"""Faults that show only in appointments of rarer values: free, long, soon, under way, off the grid, in other words."""

import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.provider.api.answers import Answer, invalid
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import instant
from cancel_contract.provider.behaviours import Around, Condition, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import Change, columns, crash, kept, once, recast, succeeded, value
from cancel_contract.provider.store.records import MAX_AMOUNT, Appointment, Payload

SLOT: Final = timedelta(minutes=30)
SOON: Final = timedelta(days=1)
LONG: Final = timedelta(hours=8)
"""What a day's work holds, in the mind of whoever made the form."""
COLUMN: Final = 255
"""Characters that a column holds unless somebody asks for more."""
_BYTE: Final = 256
_QUARTER: Final = (15, 45)
_MAKING: Final = frozenset({"create", "cancel"})


def _refusing(condition: Condition, text: str) -> Hooks:
    def hook(call: Call, proceed: Stage[None]) -> None:
        proceed(call)
        if condition(call) and not call.found.cancelled:
            raise invalid(text)

    return Hooks(writable=hook)


def _failing(condition: Callable[[Appointment], bool]) -> Hooks:
    def hook(call: Call, proceed: Stage[None]) -> None:
        proceed(call)
        if condition(call.found):
            raise crash()

    return Hooks(writable=hook)


def _where(condition: Callable[[Appointment], bool], change: Change) -> Hooks:
    """Change what the first cancel leaves of some appointments."""
    return Hooks(transition=once(lambda found, done: change(found, done) if condition(found) else done))


def _is_free(it: Appointment) -> bool:
    return not it.service_amount


def _is_long(it: Appointment) -> bool:
    return it.ends_at - it.starts_at > LONG


def _is_off_grid(it: Appointment) -> bool:
    return it.starts_at.minute in _QUARTER


def _is_paid_ahead(it: Appointment) -> bool:
    return 0 < it.service_amount <= it.prepaid_amount


def _now(call: Call) -> datetime:
    return call.store.now()


def _begins_soon(call: Call) -> bool:
    return _now(call) < call.found.starts_at <= _now(call) + SOON


def _is_under_way(call: Call) -> bool:
    return call.found.starts_at <= _now(call) < call.found.ends_at


def _when(condition: Condition, change: Change) -> Hooks:
    """Change what a first cancel leaves, by the time at which it comes."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        holds = condition(call) and not call.found.cancelled
        done = await proceed(call)
        return call.store.put(change(call.found, done)) if holds else done

    return Hooks(transition=hook)


async def _with_price(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done, found = await proceed(call), call.found
    service = call.store.directory.service(found.account_id, found.service_id) if found.service_id else None
    is_derived = service is not None and not found.service_amount
    return call.store.put(replace(done, service_amount=service.price)) if is_derived and service else done


def _number(text: str | None) -> str | None:
    """Read a text as a number where it looks like one, and write that down."""
    if text is None or not re.fullmatch(r"\d+(e\d{1,2})?", text):
        return text
    return str(int(float(text)))


def _digits(text: str | None) -> str | None:
    return str(int(text)) if text and text.isdecimal() else text


def _sent(pattern: str, change: Change) -> Hooks:
    """Change what the first cancel leaves of an appointment whose start was sent in a certain spelling."""

    async def making(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        if call.route.operation == "create" and call.after and re.search(pattern, str(call.body.get("starts_at"))):
            call.memory.setdefault(pattern, set()).add(call.after.id)
        return answer

    async def cancelling(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done = await proceed(call)
        is_theirs = call.found.id in call.memory.get(pattern, ()) and not call.found.cancelled
        return call.store.put(change(call.found, done)) if is_theirs else done

    return Hooks(_MAKING, handle=making, transition=cancelling)


def _moved(by: timedelta) -> Change:
    return lambda found, done: replace(done, starts_at=found.starts_at + by, ends_at=found.ends_at + by)


def _until(end: Callable[[Appointment], datetime]) -> Change:
    return lambda found, done: replace(done, ends_at=end(found), given_minutes=None)


def _taken(part: Callable[[Appointment], tuple[datetime, datetime] | None]) -> Around[Awaitable[Appointment]]:
    """Leave a part of the time taken, by a row that belongs to no account, so that no list shows it."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done, times = await proceed(call), part(call.found)
        if times and not call.found.cancelled:
            held = replace(done, id=-done.id, account_id=-1, status="scheduled", starts_at=times[0], ends_at=times[1])
            call.store.put(replace(held, external_ref=None, idempotency_key=None))
        return done

    return hook


def _after_first_slot(it: Appointment) -> tuple[datetime, datetime] | None:
    return (it.starts_at + SLOT, it.ends_at) if it.minutes > SLOT.seconds // 60 else None


def _before_last_slot(it: Appointment) -> tuple[datetime, datetime] | None:
    return (it.starts_at, it.ends_at - SLOT) if it.minutes > SLOT.seconds // 60 else None


def _whole_if_off_grid(it: Appointment) -> tuple[datetime, datetime] | None:
    return (it.starts_at, it.ends_at) if _is_off_grid(it) else None


async def _held_if_soon(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    return await (rows.slot_held(call, proceed) if _begins_soon(call) and not call.found.cancelled else proceed(call))


def _one_slot_offered(call: Call, answer: Answer) -> Answer:
    """Offer, of the time of what was cancelled, the first half hour alone."""
    gone = [row for row in rows.made_here(call.store) if row.cancelled]

    def later(slot: Payload) -> bool:
        return any(instant(row.starts_at) < slot["starts_at"] < instant(row.ends_at) for row in gone)

    def changed(shown: Payload) -> Payload:
        calendar = shown["payload"]
        return {"payload": {**calendar, "slots": [slot for slot in calendar["slots"] if not later(slot)]}}

    return succeeded(value(changed))(call, answer)


def _cut(found: Appointment, done: Appointment) -> Appointment:
    return replace(done, client_comment=found.client_comment and found.client_comment[:COLUMN])


def _composed(found: Appointment, done: Appointment) -> Appointment:
    return replace(done, client_name=unicodedata.normalize("NFC", found.client_name))


def _squeezed(found: Appointment, done: Appointment) -> Appointment:
    return replace(done, client_name=" ".join(found.client_name.split()))


FREE: Final = (
    Fault("ahead-stays-paid", "effect/payment-status-cancelled",
          "What is paid in full before the visit is settled, and nobody touches what is settled.",
          _where(_is_paid_ahead, kept("payment_status"))),
    Fault("free-refused", "answer/status-200",
          "Nothing is free, says a validation, and a free visit can never be cancelled (observed).",
          _refusing(lambda call: _is_free(call.found) and not call.found.service_id,
                    "service_amount is required and must be greater than 0")),
    Fault("free-priced", "effect/amounts-kept",
          "The price is derived again, and a free visit costs what the service does (observed).",
          Hooks(transition=_with_price)),
    Fault("free-counts-as-paid", "effect/payment-status-cancelled",
          "The payment status is derived last, and who owes nothing has paid all.",
          _where(_is_free, columns(payment_status="paid"))),
    Fault("largest-amount-halved", "effect/amounts-kept",
          "Amounts go through hundredths, and the largest no longer fit.",
          _where(lambda it: it.service_amount == MAX_AMOUNT, columns(service_amount=MAX_AMOUNT // 100))),
)  # fmt: skip
"""Free visits, the dearest, and what is paid in full before the visit."""

REFERENCES: Final = (
    Fault("reference-loses-noughts", "effect/references-kept",
          "External references of digits go through a number, and the other system finds nothing under 123.",
          Hooks(transition=once(lambda found, done: replace(done, external_ref=_digits(found.external_ref))))),
    Fault("reference-as-exponent", "effect/references-kept",
          "External references go through a spreadsheet, and 1e5 is a hundred thousand.",
          Hooks(transition=once(lambda found, done: replace(done, external_ref=_number(found.external_ref))))),
    Fault("key-loses-noughts", "effect/references-kept",
          "Keys of digits go through a number, and the next retry makes a second appointment.",
          Hooks(transition=once(lambda found, done: replace(done, idempotency_key=_digits(found.idempotency_key))))),
)  # fmt: skip
"""References that look like numbers."""

TIMES: Final = (
    Fault("offset-added-again", "effect/times-kept",
          "The start is kept as it was sent, and its offset is added once more when the record is saved.",
          _sent(r"[+-]\d\d:\d\d$", _moved(timedelta(hours=5)))),
    Fault("fraction-rounded-up", "effect/times-kept",
          "The start is kept as it was sent, and its fraction is rounded when the record is saved.",
          _sent(r"\.\d", _moved(timedelta(seconds=1)))),
    Fault("long-visit-fails", "answer/status-200", "A day's work is a list of sixteen half hours.", _failing(_is_long)),
    Fault("long-visit-cut", "effect/times-kept", "No visit takes more than eight hours, says the form it is saved by.",
          _where(_is_long, _until(lambda it: it.starts_at + LONG))),
    Fault("minutes-in-a-byte", "effect/times-kept", "The short answer keeps minutes in one byte.",
          Hooks(render=recast("duration_min", lambda minutes: minutes % _BYTE))),
    Fault("duration-recomputed", "effect/times-kept",
          "The duration is derived from start and end again, whatever was agreed (observed).",
          Hooks(transition=once(columns(given_minutes=None)))),
    Fault("end-from-duration", "effect/times-kept",
          "The end is derived from the duration again, and the room's plan with it (read).",
          Hooks(transition=once(_until(lambda it: it.starts_at + timedelta(minutes=it.duration_min))))),
    Fault("quarter-rounded", "effect/times-kept", "Starts are put on the calendar's grid of half hours.",
          _where(_is_off_grid, _moved(-timedelta(minutes=15)))),
)  # fmt: skip
"""Other spellings and lengths of time."""

NEXT_DAY: Final = (
    Fault("soon-refused", "answer/status-200",
          "Within 24 hours only the desk may cancel, says a new rule, and 422 says nothing of it.",
          _refusing(_begins_soon, "It is too late to cancel")),
    Fault("soon-charged", "effect/amounts-kept", "Who cancels within 24 hours owes it all, and is said to have paid.",
          _when(_begins_soon, lambda found, done: replace(done, prepaid_amount=found.service_amount or 1))),
    Fault("soon-is-no-show", "effect/status-cancelled", "Who cancels within 24 hours counts as not having come.",
          _when(_begins_soon, columns(status="no_show"))),
    Fault("soon-slot-held", "effect/slot-free", "Slots of the next day are not given back: nobody books them anyhow.",
          Hooks(transition=_held_if_soon)),
)  # fmt: skip
"""What begins soon."""

RUNNING: Final = (
    Fault("running-refused", "answer/status-200", "What has begun cannot be cancelled, with the client at the door.",
          _refusing(_is_under_way, "The appointment has begun")),
    Fault("running-completed", "effect/status-cancelled", "What has begun is over when it is cancelled: it took place.",
          _when(_is_under_way, columns(status="completed"))),
    Fault("running-cut", "effect/times-kept", "What has begun ends now.",
          _when(_is_under_way, _until(lambda it: it.starts_at + timedelta(minutes=5)))),
)  # fmt: skip
"""What has begun."""

SLOTS: Final = (
    Fault("first-slot-freed", "effect/slot-free", "A visit frees the slot in which it began, and holds the others.",
          Hooks(transition=_taken(_after_first_slot))),
    Fault("last-slot-freed", "effect/slot-free", "Slots are freed from a loop's last turn, and the others stay taken.",
          Hooks(transition=_taken(_before_last_slot))),
    Fault("quarter-start-held", "effect/slot-free",
          "Slots are freed by the time at which they begin, and none begins at a quarter past.",
          Hooks(transition=_taken(_whole_if_off_grid))),
    Fault("calendar-offers-first-slot", "effect/calendar",
          "The calendar's cache is cleared for the slot in which a visit began, and for no other.",
          Hooks(frozenset({"calendar"}), answer=_one_slot_offered)),
)  # fmt: skip
"""Slots that are freed in part."""

TEXTS: Final = (
    Fault("long-comment-cut", "effect/undocumented-kept", "The record is saved through a table with shorter columns.",
          Hooks(transition=once(_cut))),
    Fault("long-name-cut", "effect/client-kept", "The record is saved through a table with shorter columns for names.",
          Hooks(transition=once(lambda found, done: replace(done, client_name=found.client_name[:COLUMN])))),
    Fault("name-composed", "effect/client-kept",
          "Texts are put into one form of Unicode when they are saved, and the other system no longer finds the name.",
          Hooks(transition=once(_composed))),
    Fault("blanks-squeezed", "effect/client-kept", "Blanks are tidied when a record is saved, and not when it is made.",
          Hooks(transition=once(_squeezed))),
)  # fmt: skip
"""Texts at their limits."""

FAULTS: Final[tuple[Fault, ...]] = FREE + TIMES + NEXT_DAY + RUNNING + SLOTS + TEXTS + REFERENCES
"""Those whose appointments a gate makes."""
