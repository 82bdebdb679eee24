"""Faults of what comes after a cancel: undoing it, lists, the key that made it, a second life."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import Change, asked, columns, crash, succeeded, value
from cancel_contract.provider.store.records import Appointment, Payload

_LIST: Final = frozenset({"list"})
_CREATE: Final = frozenset({"create"})
_CALENDAR: Final = frozenset({"calendar"})
_UPDATE: Final = frozenset({"update"})


def _reviving(*methods: str) -> Hooks:
    """Take another method on the path of the cancel for its undoing."""

    def arrive(call: Call, request: Request) -> Request:
        path = request.path.rstrip("/")
        row = call.store.appointments.get(to_i(path.removesuffix("/cancel").rpartition("/")[2]))
        if request.method in methods and path.endswith("/cancel") and row and row.cancelled:
            call.store.put(replace(row, status="scheduled") if row.id >= call.store.first_id else row)
        return request

    return Hooks(arrive=arrive)


async def _defaulted(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Set what a PUT does not name to what a new appointment begins with."""
    answer = await proceed(call)
    if call.request.method != "PUT" or "status" in call.body or call.after is None or not call.after.cancelled:
        return answer
    return success(200, {"payload": appointment_payload(call.store.put(replace(call.after, status="scheduled")))})


def _in_list(change: Callable[[Call, list[Payload]], list[Payload]]) -> Hooks:
    def answered(call: Call, answer: Answer) -> Answer:
        return rows.in_list(lambda shown: change(call, shown))(call, answer)

    return Hooks(_LIST, answer=answered)


def _still_found_by(name: str, kept: str) -> Callable[[Call, list[Payload]], list[Payload]]:
    """Find what is cancelled also by the word that it had before."""

    def change(call: Call, shown: list[Payload]) -> list[Payload]:
        words = asked(call, name)
        if kept not in words or "cancelled" in words:
            return shown
        gone = [row for row in rows.made_here(call.store) if row.cancelled]
        return [*shown, *map(appointment_payload, gone)]

    return change


def _without_filter_active(call: Call, shown: list[Payload]) -> list[Payload]:
    return shown if asked(call, "status") else rows.uncancelled(shown)


def _without_the_day(call: Call, shown: list[Payload]) -> list[Payload]:
    """List of a day on which something was cancelled nothing else, without a filter."""
    days = {row["starts_at"][:10] for row in shown if row["status"] == "cancelled"}
    is_all = asked(call, "status") or asked(call, "payment_status")
    return (
        shown if is_all else [row for row in shown if row["status"] == "cancelled" or row["starts_at"][:10] not in days]
    )


def _miscounted(shown: Payload) -> Payload:
    active = rows.uncancelled(shown["payload"])
    return {**shown, "meta": {"count": len(active)}}


def _calendar_without(call: Call, answer: Answer) -> Answer:
    """Show, in the calendar alone, what is cancelled under the status that it had."""
    gone = {row.id for row in rows.made_here(call.store) if row.cancelled}

    def changed(shown: Payload) -> Payload:
        calendar = shown["payload"]
        there = [{**row, "payment_status": "awaiting_payment"} if row["id"] in gone else row
                 for row in calendar["appointments"]]  # fmt: skip
        return {"payload": {**calendar, "appointments": there}}

    return succeeded(value(changed))(call, answer)


def _keyed(change: Callable[[Call, Appointment], Answer]) -> Hooks:
    """Change what an idempotency key gives whose appointment is cancelled by now."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        found = call.before
        return change(call, found) if answer.status == 200 and found is not None and found.cancelled else answer

    return Hooks(_CREATE, handle=hook)


def _made_again(call: Call, found: Appointment) -> Answer:
    fresh = replace(found, id=call.store.next_id(), status="scheduled", payment_status="awaiting_payment")
    made = call.store.put(replace(fresh, payments=(), expense=None))
    return success(201, {"payload": appointment_payload(made)})


def _revived(call: Call, found: Appointment) -> Answer:
    return success(200, {"payload": appointment_payload(call.store.put(replace(found, status="scheduled")))})


def _shown_active(_: Call, found: Appointment) -> Answer:
    return success(200, {"payload": appointment_payload(replace(found, status="scheduled"))})


def _lives(call: Call) -> int:
    """Return how often this appointment was cancelled for the first time in a life of its own."""
    counted: dict[int, int] = call.memory.setdefault("lives", {})
    if not call.found.cancelled:
        counted[call.found.id] = counted.get(call.found.id, 0) + 1
    return counted.get(call.found.id, 0)


def _second_life(hook: Around[Awaitable[Appointment]]) -> Hooks:
    """Let a hook show only in the cancel of what was cancelled before and revived."""

    async def later_life(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        was_active = not call.found.cancelled
        return await (hook(call, proceed) if _lives(call) > 1 and was_active else proceed(call))

    return Hooks(transition=later_life)


def _left(change: Change) -> Around[Awaitable[Appointment]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        return call.store.put(change(call.found, await proceed(call)))

    return hook


async def _unsaved(call: Call, _: Stage[Awaitable[Appointment]]) -> Appointment:
    return cancelled(call.found, call.store.now())


async def _refused(_: Call, __: Stage[Awaitable[Appointment]]) -> Appointment:
    raise rows.conflict("The appointment is cancelled already")


UNDONE: Final = (
    Fault("delete-undoes", "effect/not-undone", "What is made by POST is undone by DELETE, as resources are.",
          _reviving("DELETE")),
    Fault("put-undoes", "effect/not-undone", "The cancel is a switch, and PUT sets it to its other side.",
          _reviving("PUT", "PATCH")),
    Fault("get-undoes", "effect/not-undone", "The link in the client's mail undoes a cancel, and programs open it.",
          _reviving("GET", "HEAD")),
    Fault("put-begins-anew", "effect/not-undone",
          "A PUT sets what it does not name to its first value, the status included.",
          Hooks(_UPDATE, handle=_defaulted)),
)  # fmt: skip
"""Undone by other methods."""

LISTS: Final = (
    Fault("found-as-scheduled", "effect/filtered-list", "The search index hears of new statuses, and keeps the old.",
          _in_list(_still_found_by("status", "scheduled"))),
    Fault("found-as-unpaid", "effect/filtered-list", "Who has to pay is looked up in last night's copy.",
          _in_list(_still_found_by("payment_status", "awaiting_payment"))),
    Fault("list-hides-cancelled", "effect/lists-agree", "Without a filter only what is active is worth a line.",
          _in_list(_without_filter_active)),
    Fault("list-hides-day", "effect/lists-agree", "Days with a cancel are joined with it, and hold nothing else.",
          _in_list(_without_the_day)),
    Fault("list-counts-active", "effect/lists-agree", "The count is a query of its own, and has a condition more.",
          Hooks(_LIST, answer=succeeded(value(_miscounted)))),
    Fault("calendar-awaits-payment", "effect/lists-agree", "The calendar's payment marks come from a copy.",
          Hooks(_CALENDAR, answer=_calendar_without)),
)  # fmt: skip
"""Lists, by filter and without."""

KEYS: Final = (
    Fault("key-makes-second", "repeat/key-again",
          "Keys of cancelled appointments are free again, and a late retry books what was just cancelled.",
          _keyed(_made_again)),
    Fault("key-revives", "repeat/key-again", "A key that is known saves the first record again, status and all.",
          _keyed(_revived)),
    Fault("key-shows-active", "repeat/key-again", "The first answer is kept with its key, and given again as it was.",
          _keyed(_shown_active)),
    Fault("key-fails", "repeat/key-again", "A unique index on keys raises: the look-up goes over active ones alone.",
          _keyed(lambda _, __: crash().answer)),
)  # fmt: skip
"""The key that made it."""

SECOND_LIFE: Final = (
    Fault("second-life-slot-held", "repeat/second-life", "A revived row gets a second entry among the taken slots.",
          _second_life(rows.slot_held)),
    Fault("second-life-stays-active", "repeat/second-life", "Whether it was cancelled is asked of a log, and it was.",
          _second_life(_unsaved)),
    Fault("second-life-refused", "repeat/second-life", "Whether it was cancelled is asked of a log: 409.",
          _second_life(_refused)),
    Fault("second-life-paid", "repeat/second-life", "The payment status is only set on the first transition.",
          _second_life(_left(columns(payment_status="paid")))),
    Fault("second-life-refunds", "repeat/second-life", "What was received is paid back, in a second life once more.",
          _second_life(_left(rows.refunded))),
    Fault("second-life-expense-owed", "repeat/second-life", "The listener that removes the expense is subscribed once.",
          _second_life(_left(rows.unexpensed))),
)  # fmt: skip
"""Cancelled, revived, cancelled."""

FAULTS: Final[tuple[Fault, ...]] = UNDONE + LISTS + KEYS + SECOND_LIFE
"""The faults of this module."""
