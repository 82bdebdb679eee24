"""What comes after a first cancel: other ways to undo it, lists, a second life, a deletion, its key once more."""

from typing import Final

from cancel_contract.clauses.effect_afterwards import tells_deletion
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent, appointment_path
from cancel_contract.exchange.compare import Payload, documented_differences, same_in
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.marker import REFERENCES
from cancel_contract.exchange.request_headers import METHOD_OVERRIDES
from cancel_contract.exchange.snapshot import Snapshot, shows_cancelled
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.asking import QUERIED, Asked, asked_first, envelope
from cancel_contract.run.scenarios.foreign_bodies import MERGE_PATCH, parts_with
from cancel_contract.run.scenarios.lists import ask, holds, holds_cancelled, lacks, look_again
from cancel_contract.run.scenarios.rebooking import Steps, booked_again, is_anothers, made_by
from cancel_contract.supply.requests import UNPAID

_JSON: Final = (("content-type", b"application/json"),)
_METHODS: Final = ("DELETE", "PUT", "GET")
"""Other methods on the path of a cancel that may undo it; all are asked of an appointment that is not cancelled."""
_NEVER_HAD: Final = {"status": ("no_show", "completed"), "payment_status": ("prepaid", "paid")}
"""By filter, words of which a list may be asked for that holds no appointment of another one."""
_NOT_REVIVED: Final = 2
"""How many steps a second life has that does not begin."""
_PAIR: Final = 2
_DELETED: Final = frozenset({200, 204})
_PHONE: Final = "client_phone"

TO_BE_DELETED: Final[Asked] = ("cancel, to be deleted", *QUERIED[1:])
"""A first cancel with a query, of what is deleted after it."""

UNDO_REQUESTS: Final = len(_METHODS) + 4
AFTERMATH: Final = UNDO_REQUESTS + 4 + 2 + 4 + 2 + 2
"""About how many requests `aftermath` sends."""
BOOKED_AFTERWARDS: Final = 2
"""How many appointments `aftermath` creates."""


def list_all(context: Context, cancel: Exchange, of: Payload, calendar: Exchange | None) -> None:
    """Compare the list without a filter with the calendar of the same day."""
    listed = ask(context, "list, no filter", of, holds_cancelled(cancel.case.appointment))
    shown = ((Role.CALENDAR, calendar),) if calendar else ()
    context.submit(Kind.LISTS, (Role.CANCEL, cancel), (Role.LISTED, listed), *shown)


def list_by_old_words(context: Context, cancel: Exchange, before: Payload) -> None:
    """Look for a cancelled appointment among those of the status and payment status that it had."""
    mine = cancel.case.appointment
    for name, words in _NEVER_HAD.items():
        if isinstance(before.get(name), str):
            found = [ask(context, f"list by {name}", before, lacks(mine), **{name: before[name]})]
            if holds(mine)(found[0]):
                # A list that takes no filter shows it whatever it is asked for.
                other = next(word for word in words if word != before[name])
                found.append(ask(context, f"list by another {name}", before, lambda _: True, **{name: other}))
            lists = ((Role.LISTED, one) for one in found)
            context.submit(Kind.LISTS, (Role.CANCEL, cancel), *lists, topic=f"{name}={before[name]}")


def _attempts(context: Context, number: int) -> list[tuple[str, Case]]:
    account = context.target.account
    path, itself = ACTION.path(account, number), appointment_path(account, number)
    attempts = [
        (f"{method} of its cancel", Case(f"undo by {method}", Intent.OTHER_METHOD, path, method, appointment=number))
        for method in _METHODS
    ]
    if context.supply.asked_for(number):
        # What was handed over keeps its telephone number.
        body = b'{"client_phone": "+7 000 264 81 90"}'
        put = Case("undo by change", Intent.UPDATE, itself, "PUT", headers=_JSON, body=body, appointment=number)
        attempts.append(("PUT of its telephone number", put))
    return attempts


def undo(context: Context, cancelled: Snapshot) -> None:
    """Try other ways to undo a cancel, with one look at the end; if it was undone, find out by which."""
    attempts = _attempts(context, cancelled.id)
    sent = [context.send(case) for _, case in attempts]
    after = context.read(cancelled.id)
    was_undone = not Snapshot(cancelled.id, after).is_cancelled
    if was_undone and _found_alone(context, cancelled.id, attempts):
        return
    together = " or ".join(topic for topic, _ in attempts)
    if not was_undone and _was_changed(sent[-1], cancelled.payload, after):
        _cancelled_once_more(context, Snapshot(cancelled.id, after))
    for (topic, _), one in zip(attempts, sent, strict=True):
        steps = ((Role.BEFORE, cancelled.seen), (Role.CANCEL, one), (Role.AFTER, after))
        context.submit(Kind.UNDO, *steps, topic=together if was_undone else topic)


def _was_changed(change: Exchange, before: Payload, after: Exchange) -> bool:
    """Whether a read shows a client's telephone number as the answer to its change does, or, where that does not show
    it, otherwise than before; a copy may lag.
    """
    answered, seen = (view.payload if view.status == OK else None for view in (change, after))
    if change.case.intent is not Intent.UPDATE or not answered or not seen:
        return False
    if _PHONE in answered:
        return bool(answered[_PHONE] == seen.get(_PHONE))
    return bool(before.get(_PHONE) != seen.get(_PHONE))


def _cancelled_once_more(context: Context, changed: Snapshot) -> None:
    """Cancel an appointment that was changed since it was cancelled: the change stays, whatever is answered; it has
    changed nothing of what the cancel had done.
    """
    kept = ACTION.after(changed.payload)
    if kept != changed.payload:
        context.submit(Kind.MODEL, (Role.AFTER, changed.seen), topic="a change of its telephone number", expected=kept)
        return
    context.cancel(changed.id, "cancel, changed", Intent.REPEAT)
    topic, after = "a change of its telephone number, and one more cancel", context.read(changed.id)
    context.rule_out_own_changes(Kind.MODEL, (Role.BEFORE, changed.seen), (Role.AFTER, after))
    context.submit(Kind.MODEL, (Role.AFTER, after), topic=topic, expected=changed.payload)


def _found_alone(context: Context, number: int, attempts: list[tuple[str, Case]]) -> bool:
    """Try each way by itself on a cancelled appointment; returns whether one of them undid the cancel."""
    found = False
    for topic, case in attempts:
        context.cancel(number, "cancel once more", Intent.FIRST)
        before = context.read(number)
        steps = ((Role.BEFORE, before), (Role.CANCEL, context.send(case)), (Role.AFTER, context.read(number)))
        found = bool(context.submit(Kind.UNDO, *steps, topic=topic)) or found
    return found


def aftermath(context: Context, before: Payload, cancel: Exchange, cancelled: Snapshot) -> None:
    """Play all that may come after a first cancel that succeeded and was read back."""
    undo(context, cancelled)
    if booked := _second_life(context, before, cancel, cancelled):
        is_there = same_in("starts_at", booked.payload, cancelled.payload)
        _deletion(context, cancel if is_there else None, booked)
    left_out = {*context.supply.active, *context.made.deleted}
    if context.supply.asked_for(cancelled.id) and cancelled.id not in left_out:
        _key_again(context, cancel, cancelled.id)
    elif cancelled.id in left_out and cancel.payload:
        told = f"a read does not show appointment {cancelled.id} as cancelled, so that its key is not sent again"
        context.ledger.excuse(context.scenario, told)


def _second_life(context: Context, before: Payload, cancel: Exchange, cancelled: Snapshot) -> Snapshot | None:
    """Revive an appointment, cancel it again, and book its slot; returns the booking."""
    number = cancelled.id
    booking: Steps = ()
    context.leave(number)
    with context.supply.place_kept(cancelled):
        revived, seen = context.revive(number, str(before.get("payment_status") or UNPAID))
        steps = [(Role.REVIVED, revived), (Role.BEFORE, seen)]
        if not Snapshot(number, seen).is_cancelled:
            what = envelope(context, Snapshot(number, seen))
            steps.append((Role.CANCEL, asked_first(context, Snapshot(number, seen), ("cancel, revived", *what[1:]))))
            seen = context.read(number)
            steps.append((Role.AFTER, seen))
        if is_free := Snapshot(number, seen).is_cancelled:
            booking = booked_again(context, Snapshot(number, seen))
    if is_free and len(steps) == _NOT_REVIVED:
        # It is still the slot that the first cancel was to free.
        context.submit(Kind.SLOT, (Role.CANCEL, cancel), *steps[:1], *booking)
    context.submit(Kind.SECOND_LIFE, *steps, *booking)
    return made_by(context, booking) or (context.fresh() if is_anothers(booking) else None)


def _cancelled_booking(context: Context, booked: Snapshot) -> Exchange:
    cancel = asked_first(context, booked, TO_BE_DELETED)
    # Enough appointments are read back already.
    context.submit(Kind.FIRST_CANCEL, (Role.BEFORE, booked.seen), (Role.CANCEL, cancel), topic="scheduled")
    return cancel


def _deletion(context: Context, other: Exchange | None, booked: Snapshot) -> None:
    """Cancel and delete an appointment of the run's own; it has to be gone, and `other` in its slot has not."""
    with context.supply.place_kept(booked):
        if _cancelled_booking(context, booked).status == OK:
            _deleted(context, other, booked)


def _deleted(context: Context, other: Exchange | None, booked: Snapshot) -> None:
    with context.supply.sole_creator():
        path = appointment_path(context.target.account, booked.id)
        deletion = context.send(Case("delete", Intent.DELETE, path, "DELETE", appointment=booked.id))
        context.leave(booked.id)
        context.made.deleted.add(booked.id)
        if deletion.is_of_gateway or deletion.answer is None:
            context.left_open(deletion)
        was_deleted = deletion.status in _DELETED
        if was_deleted:
            # Whatever is made from here on may have its id.
            context.ownership.disown(booked.id)
        booking = booked_again(context, booked) if was_deleted else ()
        last = made_by(context, booking)
        looks = _after_deletion(context, other, booked, last) if was_deleted else ()
    if last:
        _overridden(context, last)
    others = ((Role.OTHER_AFTER, other),) if other else ()
    context.submit(Kind.DELETED, *others, (Role.DELETED, deletion), *looks, *booking)


def _after_deletion(context: Context, other: Exchange | None, booked: Snapshot, last: Snapshot | None) -> Steps:
    """Look for an appointment that was deleted, by its id and in the list, and cancel it once more."""
    looks: Steps = ()
    if not last or last.id != booked.id:
        context.ownership.own(booked.id)
        looks = _by_its_id(context, booked, last)
        if not _is_the_same(looks[-1][1].payload or {}, booked.payload):
            context.ownership.disown(booked.id)
    # A list that lags may hold neither of the two yet.
    is_gone = lacks(booked.id)
    holds_other = holds((other.payload or {}).get("id")) if other else lambda _: True
    listed = ask(
        context, "list, deleted", booked.payload, lambda it: is_gone(it) and holds_other(it), status=ACTION.done
    )
    return *looks, (Role.LISTED, listed)


def _by_its_id(context: Context, booked: Snapshot, last: Snapshot | None) -> Steps:
    """Read what was deleted, and cancel it again where its id is nobody else's: the target may give it to a stranger at
    any moment, unless `last`, which was made since, has a later one.
    """
    after = _read_deleted(context, booked)
    is_there = after.payload is not None
    if _is_the_same(after.payload or {}, booked.payload) if is_there else last and last.id > booked.id:
        again = context.cancel(booked.id, "cancel, deleted", Intent.DELETED)
        return (Role.AGAIN, again), (Role.AFTER, after)
    return ((Role.OTHER_BEFORE, after),)


def _read_deleted(context: Context, booked: Snapshot) -> Exchange:
    """Read what was deleted, again after a while if a copy that lags may have answered."""

    def is_gone(shown: Exchange) -> bool:
        view = shown.payload or {}
        return tells_deletion(view) or not _is_the_same(view, booked.payload)

    return look_again(context, context.read(booked.id), lambda: context.read(booked.id), is_gone)


def _is_the_same(shown: Payload, made: Payload) -> bool:
    """Whether a row bears the references that an appointment was made with."""
    return any(made.get(name) is not None and same_in(name, shown, made) for name in REFERENCES)


def _overridden(context: Context, booked: Snapshot) -> None:
    """Cancel with headers that name another method: whoever heeds them refuses, and must have done nothing; then it is
    cancelled with the body of a change.
    """
    headers = tuple((name, b"PUT") for name in METHOD_OVERRIDES)
    cancel = context.cancel(booked.id, "cancel, last", Intent.METHOD_OVERRIDE, headers=headers)
    if cancel.answer and cancel.status != OK:
        after = context.read(booked.id)
        steps = ((Role.BEFORE, booked.seen), (Role.CANCEL, cancel), (Role.AFTER, after))
        context.submit(Kind.REFUSAL, *steps, topic="method override")
    if cancel.is_refused:
        patch = parts_with(MERGE_PATCH)
        cancel = context.cancel(booked.id, "cancel, last, with a change", Intent.FOREIGN_BODY, **patch)
    if cancel.status == OK:
        if shows_cancelled(cancel):
            context.cancelled(booked.id)
        context.submit(Kind.FIRST_CANCEL, (Role.BEFORE, booked.seen), (Role.CANCEL, cancel), topic="scheduled")


def _key_again(context: Context, cancel: Exchange, number: int) -> None:
    early = _last_read(context, number)
    again = context.create_again(number)
    second = made_by(context, ((Role.REBOOK, again),))
    if second and second.id != number and context.supply.asked_for(second.id):
        # It would keep the slot.
        context.cancel(second.id, "cancel, second", Intent.FIRST)
    after = context.read(number)
    context.submit(Kind.KEY, (Role.CANCEL, cancel), (Role.REBOOK, again), (Role.AFTER, after))
    if early and not (second and second.id != number):
        steps = ((Role.BEFORE, early), (Role.REBOOK, again), (Role.AFTER, after))
        context.submit(Kind.LATE, *steps, topic="after its key was sent again")


def _last_read(context: Context, number: int) -> Exchange | None:
    """Return how an appointment was last read; nothing if it was changed since, or a copy that lags has answered: then
    what was shown last before that is something else.
    """
    mine = [one for one in context.exchanges if one.appointment == number and one.payload][-2:]
    if len(mine) < _PAIR or mine[-1].case.intent is not Intent.READ or not ACTION.is_done(mine[-1].payload):
        return None
    earlier, last = (one.payload or {} for one in mine)
    return mine[-1] if not any(documented_differences(context.ledger.terms.fragment, last, earlier)) else None
