"""Faults of repeated and of parallel cancels, and of cancels whose answer was lost."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from cancel_contract.provider.api.answers import Answer, Refused, invalid, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import (
    Change,
    broken,
    columns,
    drop,
    each_time,
    error,
    from_time,
    in_part,
    put,
    repeated,
    succeeded,
)
from cancel_contract.provider.store.records import Appointment, Expense, Payload, Payment
from cancel_contract.provider.store.seed import SEED

EIGHTH: Final = 8
"""The cancel of one appointment after which a short history is full."""


def _repeat_refused(refused: Refused) -> Around[None]:
    def hook(call: Call, proceed: Stage[None]) -> None:
        proceed(call)
        if call.found.cancelled:
            raise refused

    return hook


async def _toggled(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    return call.store.put(replace(done, status="scheduled")) if call.times % 2 == 0 else done


async def _owed_again(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Answer a repeated cancel rightly, and keep a paid expense as one that is owed."""
    done = await proceed(call)
    if call.found.cancelled and done.expense and done.expense.status == "paid":
        call.store.put(replace(done, expense=replace(done.expense, status="unpaid")))
    return done


async def _entering(call: Call, proceed: Stage[Awaitable[Appointment]]) -> tuple[int, Appointment]:
    """Do a first cancel slowly; tell how many cancels of the appointment were under way before."""
    under_way: dict[int, int] = call.memory.setdefault("under way", {})
    before = under_way.get(call.found.id, 0)
    under_way[call.found.id] = before + 1
    try:
        if not call.found.cancelled:
            await rows.pauses()
        return before, await proceed(call)
    finally:
        under_way[call.found.id] -= 1


async def _second_locked_out(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    before, done = await _entering(call, proceed)
    if before:
        raise Refused(broken()(Answer(500)))
    return done


async def _second_in_conflict(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    before, done = await _entering(call, proceed)
    if before:
        raise rows.conflict("The appointment was changed by another request")
    return done


async def _stale_for_second(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    before, done = await _entering(call, proceed)
    return replace(done, payment_status=call.found.payment_status) if before else done


async def _refund_each(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    before, done = await _entering(call, proceed)
    return call.store.put(rows.refunded(done, done)) if before else done


async def _prepaid_less_each(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    before, done = await _entering(call, proceed)
    return call.store.put(replace(done, settlement_amount=done.settlement_amount + 1)) if before else done


def _settled_later(expense: Expense) -> Expense:
    return replace(expense, paid_at=expense.paid_at and expense.paid_at + timedelta(days=1))


def _a_day_later(row: Payment) -> Payment:
    return replace(row, created_at=row.created_at + timedelta(days=1))


async def _comment_lost(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    before, done = await _entering(call, proceed)
    if before:
        call.store.put(replace(done, client_comment=None, custom_attributes={}))
    return done


async def _lost_update(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    before, done = await _entering(call, proceed)
    if before:
        call.store.put(call.found)
    return done


async def _shared_variable(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    call.memory["current"] = await proceed(call)
    await rows.pause()
    current: Appointment = call.memory["current"]
    return current


def _again_with_a_key(call: Call) -> bool:
    return repeated(call) and bool(call.request.header("idempotency-key"))


def _bare(_: Call, payload: Payload) -> Payload:
    return {**payload, "payments": [], "prepaid_amount": 0}


async def _locked_for_ever(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    locked: set[int] = call.memory.setdefault("locked", set())
    if call.found.id in locked:
        raise refusal(409, "The appointment is being changed by another request", "LOCKED")
    await rows.pause()
    if call.gone():
        locked.add(call.found.id)
    return await proceed(call)


async def _half_done(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    await rows.pause()
    if call.found.cancelled:
        return call.found
    done = await proceed(call)
    return call.store.put(replace(done, payment_status=call.found.payment_status)) if call.gone() else done


def _after_lost(change: Change) -> Around[Awaitable[Appointment]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        await rows.pause()
        done = await proceed(call)
        return call.store.put(change(call.found, done)) if call.gone() else done

    return hook


def _is_unpaid(call: Call) -> bool:
    return not call.found.payments


def _unpaid_refused(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.cancelled and _is_unpaid(call):
        raise refusal(409, "Appointment is already cancelled", "ALREADY_CANCELLED")


def _unpaid_tried_too_often(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if from_time(3)(call) and _is_unpaid(call):
        raise refusal(409, "Too many attempts", "TOO_MANY_ATTEMPTS")


def _colleague_kept_out(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.cancelled and call.caller.id == SEED.second_member_id:
        raise refusal(403, "You are not authorized to do this action", "FORBIDDEN")


async def _deposit_paid_back(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    if call.found.cancelled and done.contact_id and in_part(done):
        call.store.put(replace(done, prepaid_amount=0))
    return done


def _again_beside(call: Call) -> bool:
    """Hold for a further cancel that brings another scheme, too."""
    return repeated(call) and call.request.header("authorization") is not None


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("repeat-conflict", "repeat/answer", "A guard refuses what is cancelled, though the policy says otherwise.",
          Hooks(writable=_repeat_refused(refusal(409, "Appointment is already cancelled", "ALREADY_CANCELLED")))),
    Fault("repeat-invalid", "repeat/answer", "A validation of the status is added to the model.",
          Hooks(writable=_repeat_refused(invalid("Status is already cancelled")))),
    Fault("repeat-not-found", "repeat/answer", "The look-up takes active appointments only.",
          Hooks(writable=_repeat_refused(refusal(404, "Resource could not be found")))),
    Fault("repeat-error", "repeat/answer", "The expense that is gone is removed again.",
          Hooks(answer=succeeded(broken()), when=repeated)),
    Fault("unpaid-repeat-refused", "repeat/answer",
          "Without money there is nothing to look up, and the early return is passed by.",
          Hooks(writable=_unpaid_refused)),
    Fault("third-refused", "repeat/many", "A lock against double clicks counts attempts.",
          Hooks(answer=succeeded(error(422, {"error": "Too many attempts", "code": "VALIDATION_ERROR"})),
                when=from_time(3))),
    Fault("fourth-fails", "repeat/many", "The list of events overflows its column.",
          Hooks(answer=succeeded(broken()), when=from_time(4))),
    Fault("fifth-revives", "repeat/many", "A counter of versions wraps around to the first one.",
          Hooks(transition=each_time(columns(status="scheduled")), when=from_time(5))),
    Fault("colleague-kept-out-again", "repeat/many",
          "What is cancelled belongs to whoever has made it, and a colleague who asks once more is sent away.",
          Hooks(writable=_colleague_kept_out)),
    Fault("unpaid-third-refused", "repeat/many",
          "A brake against double clicks counts attempts, where no payment has to be waited for.",
          Hooks(writable=_unpaid_tried_too_often)),
    Fault("repeat-short", "repeat/same-payload", "The early return renders a shorter view.",
          Hooks(render=drop("payments", "expense"), when=repeated)),
    Fault("repeat-unpaid", "repeat/same-payload", "The early return forgets to load the payments.",
          Hooks(render=_bare, when=repeated)),
    Fault("repeat-renamed", "repeat/same-payload", "The early return answers from a cache that keeps no names.",
          Hooks(render=put("client_name", "-"), when=repeated)),
    Fault("repeat-shows-other-comment", "repeat/same-payload",
          "The early return renders the comment that was rendered last, of whichever client.",
          Hooks(render=put("client_comment", "Allergic to penicillin"), when=repeated)),
    Fault("eighth-stale", "repeat/all-alike",
          "From the eighth cancel on, a guard against scripts answers from what it once kept.",
          Hooks(render=put("payment_status", "paid"), when=from_time(8))),
    Fault("eighth-revives", "repeat/all-alike", "A history of eight entries is full, and the oldest one is restored.",
          Hooks(transition=each_time(columns(status="confirmed")), when=lambda call: call.times == EIGHTH)),
    Fault("paid-expense-removed-again", "repeat/all-alike",
          "The first cancel asks whether the expense is paid, and the early return clears whatever is left of it.",
          Hooks(transition=each_time(columns(expense=None)), when=repeated)),
    Fault("beside-answers-as-before", "repeat/all-alike",
          "Whoever brings another scheme is answered from the copy that the proxy for partners keeps.",
          Hooks(render=put("status", "confirmed"), when=_again_beside)),
    Fault("repeat-clears-comment", "repeat/no-side-effect", "The reason of each further cancel replaces the comment.",
          Hooks(transition=each_time(columns(client_comment=None)), when=repeated)),
    Fault("repeat-refunds", "repeat/no-side-effect", "Each cancel pays back, and the second pays back again.",
          Hooks(transition=each_time(rows.refunded), when=repeated)),
    Fault("repeat-toggles", "repeat/no-side-effect", "The action toggles, as its button does.",
          Hooks(transition=_toggled)),
    Fault("repeat-takes-money", "repeat/no-side-effect", "Each cancel subtracts what was prepaid.",
          Hooks(transition=each_time(columns(prepaid_amount=0)), when=repeated)),
    Fault("deposit-paid-back-again", "repeat/no-side-effect",
          "Each cancel puts the refund of a contact's deposit into a queue, and it is booked after the answer.",
          Hooks(transition=_deposit_paid_back)),
    Fault("payments-redated-again", "repeat/no-side-effect",
          "Each cancel books what was received anew, on the next day of business.",
          Hooks(transition=each_time(rows.with_payments(_a_day_later)), when=repeated)),
    Fault("payday-moved-again", "repeat/no-side-effect", "Each cancel settles the expense, which is dated anew.",
          Hooks(transition=each_time(rows.with_paid_expense(_settled_later)), when=repeated)),
    Fault("paid-expense-owed-again", "repeat/no-side-effect",
          "A job sets the expense of each cancel to be settled, and one that was paid is paid once more.",
          Hooks(transition=_owed_again)),
    Fault("key-again-clears-comment", "repeat/no-side-effect",
          "What is tried again by its key is saved again from a form that has no comment.",
          Hooks(transition=each_time(columns(client_comment=None)), when=_again_with_a_key)),
    Fault("repeat-touches", "repeat/no-touch",
          "The early return saves the record all the same, on a server whose clock runs ahead.",
          Hooks(transition=each_time(rows.touched), when=repeated)),
    Fault("parallel-error", "repeat/parallel-answers", "A lock that waits too long ends the request (observed).",
          Hooks(transition=_second_locked_out)),
    Fault("parallel-conflict", "repeat/parallel-answers", "Optimistic locking is switched on, and nobody tries again.",
          Hooks(transition=_second_in_conflict)),
    Fault("parallel-stale", "repeat/parallel-agree", "The one that waited for the lock renders what it read before.",
          Hooks(transition=_stale_for_second)),
    Fault("parallel-refunds", "repeat/parallel-one-effect",
          "Whether it is cancelled is looked at before the lock: the refund is paid twice.",
          Hooks(transition=_refund_each)),
    Fault("parallel-counts", "repeat/parallel-one-effect", "A sum is read, changed and written without a lock.",
          Hooks(transition=_prepaid_less_each)),
    Fault("parallel-comment-lost", "repeat/parallel-one-effect",
          "Of two cancels at once the one that waited saves the form again, without its comment.",
          Hooks(transition=_comment_lost)),
    Fault("parallel-lost", "repeat/parallel-final-state", "The last writer saves the whole row as it had read it.",
          Hooks(transition=_lost_update)),
    Fault("parallel-mixed", "repeat/parallel-own-answer",
          "The current appointment is kept in a variable that all threads share.",
          Hooks(transition=_shared_variable)),
    Fault("lost-answer-locks", "repeat/after-lost-answer", "A lock is not released when the caller has left.",
          Hooks(transition=_locked_for_ever)),
    Fault("lost-answer-half-done", "repeat/after-lost-answer",
          "The second half of the work is dropped with the connection, and a repeat returns early.",
          Hooks(transition=_half_done)),
    Fault("lost-answer-forgets", "repeat/after-lost-answer",
          "Who hangs up while the form is saved has sent only the half of its fields.",
          Hooks(transition=_after_lost(columns(client_birth_date=None)))),
    Fault("lost-answer-empties", "repeat/after-lost-answer",
          "A compensation runs for the answer that could not be delivered.",
          Hooks(transition=_after_lost(columns(prepaid_amount=0, settlement_amount=0)))),
)  # fmt: skip
"""In the order of the clauses that they break."""
