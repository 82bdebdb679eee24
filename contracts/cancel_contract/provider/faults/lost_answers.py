"""Faults of cancels whose answer is lost; they need the socket."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults import rows
from cancel_contract.provider.faults.making import Change, columns
from cancel_contract.provider.store.records import Appointment


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


FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        "lost-answer-locks",
        "repeat/after-lost-answer",
        "A lock is not released when the caller has left.",
        Hooks(transition=_locked_for_ever),
    ),
    Fault(
        "lost-answer-half-done",
        "repeat/after-lost-answer",
        "The second half of the work is dropped with the connection, and a repeat returns early.",
        Hooks(transition=_half_done),
    ),
    Fault(
        "lost-answer-forgets",
        "repeat/after-lost-answer",
        "Who hangs up while the form is saved has sent only the half of its fields.",
        Hooks(transition=_after_lost(columns(client_birth_date=None))),
    ),
    Fault(
        "lost-answer-empties",
        "repeat/after-lost-answer",
        "A compensation runs for the answer that could not be delivered.",
        Hooks(transition=_after_lost(columns(prepaid_amount=0, settlement_amount=0))),
    ),
)
"""Every fault of a lost answer."""
