"""Changes of rows and reaches beyond the row, from which the faults of the effect are made."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.provider.api.answers import (
    Answer,
    Refused,
    not_found,
    refusal,
)
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Map
from cancel_contract.provider.faults.parts.making import Change, succeeded, value
from cancel_contract.provider.store.records import (
    Appointment,
    Expense,
    Payload,
    Payment,
)
from cancel_contract.provider.store.store import Store

PAUSE: Final = 0.03
"""Seconds that a slow query takes, so that parallel requests meet."""
AS_LONG: Final = 5
"""Slow queries within which requests arrive that leave together, on a busy machine one after another."""

LASTS: Final = 40
"""Requests after which a cancel that does not last is gone."""


def refunded(_: Appointment, done: Appointment) -> Appointment:
    """Append a row that pays back all that was received."""
    received = sum(row.amount for row in done.payments)
    if not received:
        return done
    row = replace(done.payments[0], id=done.payments[-1].id + 1, amount=received, payment_kind="adjustment")
    return replace(done, payments=(*done.payments, row))


def with_payments(change: Callable[[Payment], Payment]) -> Change:
    """Change each payment."""
    return lambda _, done: replace(done, payments=tuple(change(row) for row in done.payments))


def with_paid_expense(change: Callable[[Expense], Expense | None]) -> Change:
    """Change the expense that was paid."""
    return lambda _, done: replace(done, expense=change(done.expense)) if done.expense else done


def shifted(found: Appointment, done: Appointment) -> Appointment:
    """Take a local time for one in UTC."""
    zone = timedelta(hours=5)
    return replace(done, starts_at=found.starts_at + zone, ends_at=found.ends_at + zone)


def shortened(found: Appointment, done: Appointment) -> Appointment:
    """Derive the end again, from a duration of five minutes."""
    return replace(done, ends_at=found.starts_at + timedelta(minutes=5))


def day_before(_: Appointment, done: Appointment) -> Appointment:
    """Read the birth date in UTC and keep it in local time."""
    born = done.client_birth_date
    return replace(done, client_birth_date=born and born - timedelta(days=1))


def garbled(_: Appointment, done: Appointment) -> Appointment:
    """Put the name through a connection that speaks Latin-1."""
    return replace(done, client_name=done.client_name.encode().decode("latin-1"))


def touched(_: Appointment, done: Appointment) -> Appointment:
    """Write the time of the change anew."""
    return replace(done, updated_at=done.updated_at + timedelta(seconds=5))


def unexpensed(found: Appointment, done: Appointment) -> Appointment:
    """Leave the expense that was unpaid."""
    return replace(done, expense=found.expense)


def zero_expense(found: Appointment, done: Appointment) -> Appointment:
    """Leave the unpaid expense with nothing to pay."""
    return replace(done, expense=found.expense and replace(found.expense, amount=0))


def refusing(*statuses: str) -> Around[None]:
    """Refuse appointments of these statuses."""

    def hook(call: Call, proceed: Stage[None]) -> None:
        proceed(call)
        if call.found.status in statuses:
            raise refusal(422, f"A {call.found.status} appointment cannot be cancelled", "VALIDATION_ERROR")

    return hook


def made_here(store: Store) -> Iterable[Appointment]:
    """Return the appointments made since the start, so that a fault leaves strangers alone."""
    return [row for row in store.appointments.values() if row.id >= store.first_id]


def to_neighbours(
    related: Callable[[Appointment, Appointment], bool], change: Callable[[Appointment, datetime], Appointment]
) -> Around[Awaitable[Appointment]]:
    """Change the other appointments that are related to the cancelled one."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done = await proceed(call)
        for row in made_here(call.store):
            if row.id != done.id and related(done, row):
                call.store.put(change(row, call.store.now()))
        return done

    return hook


async def unsaved(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Answer with the cancelled appointment and keep the old one."""
    done = await proceed(call)
    call.store.put(call.found)
    return done


async def slot_held(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Leave the slot taken by a row that belongs to no account, so that no list shows it."""
    done = await proceed(call)
    held = replace(done, id=-done.id, account_id=-1, status="scheduled", external_ref=None, idempotency_key=None)
    call.store.put(held)
    return done


def vanished(call: Call, proceed: Stage[Appointment]) -> Appointment:
    """Find no cancelled appointment."""
    found = proceed(call)
    if found.cancelled:
        raise not_found()
    return found


def in_list(change: Callable[[list[Payload]], list[Payload]]) -> Map[Answer]:
    """Change what the list shows, and its count with it."""

    def changed(listed: Payload) -> Payload:
        shown = change(listed["payload"])
        return {"payload": shown, "meta": {"count": len(shown)}}

    return succeeded(value(changed))


def uncancelled(shown: list[Payload]) -> list[Payload]:
    """Leave out what is cancelled."""
    return [row for row in shown if row["status"] != "cancelled"]


def passing(of: Callable[[Appointment], bool] = lambda _: True) -> Around[Awaitable[Answer]]:
    """Revive what was cancelled some requests ago, if it is one of a kind."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        cancelled_at: dict[int, int] = call.memory.setdefault("passing", {})
        for number, when in list(cancelled_at.items()):
            row = call.store.appointments.get(number)
            if call.number - when > LASTS and row is not None:
                call.store.put(replace(row, status="scheduled"))
                del cancelled_at[number]
        answer = await proceed(call)
        if call.route.operation == "cancel" and call.after is not None and of(call.after):
            cancelled_at.setdefault(call.after.id, call.number)
        return answer

    return hook


async def refused_and_done(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse, and cancel all the same: the check stands behind the effect."""
    answer = await proceed(call)
    row = call.store.appointments.get(number_of(call))
    if answer.status in {401, 404} and row is not None and row.source != "medelement":
        call.store.put(replace(row, status="cancelled", payment_status="cancelled"))
    return answer


async def refused_and_revived(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse, and take an earlier cancel back."""
    answer = await proceed(call)
    row = call.store.appointments.get(number_of(call))
    if answer.status == 401 and row is not None and row.cancelled:
        call.store.put(replace(row, status="scheduled"))
    return answer


def number_of(call: Call) -> int:
    """Return the id in the path; 0 if that is no number."""
    text = call.route.appointment
    return int(text) if text.isdecimal() else 0


async def pause() -> None:
    """Wait as long as a slow query takes."""
    await asyncio.sleep(PAUSE)


async def pauses(times: int = AS_LONG) -> None:
    """Wait as long as several slow queries take."""
    for _ in range(times):
        await pause()


def conflict(error: str) -> Refused:
    """Make the refusal of a cancel that meets another one."""
    return refusal(409, error, "CONFLICT")
