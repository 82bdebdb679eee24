"""Faults of a cancel that goes by what an appointment was earlier: when it was made, or when it was first cancelled."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import columns, crash, kept
from cancel_contract.provider.store.records import Appointment

Changed = Callable[[Call, Appointment, Appointment], Appointment]
"""Takes the row as it was made, and as the honest cancel left it."""


def _as_made(change: Changed) -> Hooks:
    """Change what a first cancel leaves, by what the appointment was when it was made."""

    async def making(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        if call.route.operation == "create" and answer.status == 201 and call.after:
            call.memory.setdefault("made", {})[call.after.id] = call.after
        return answer

    async def cancelling(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        was_cancelled, done = call.found.cancelled, await proceed(call)
        made = call.memory.get("made", {}).get(done.id)
        return done if was_cancelled or made is None else call.store.put(change(call, made, done))

    return Hooks(frozenset({"create", "cancel"}), handle=making, transition=cancelling)


def _was_moved(made: Appointment, done: Appointment) -> bool:
    return made.starts_at != done.starts_at


def _slot_of_making(call: Call, made: Appointment, done: Appointment) -> Appointment:
    if _was_moved(made, done):
        held = replace(done, id=-done.id, account_id=-1, status="scheduled", external_ref=None, idempotency_key=None)
        call.store.put(held)
    return done


def _columns_of_making(*names: str) -> Changed:
    return lambda _, made, done: kept(*names)(made, done)


def _money_of_making(_: Call, made: Appointment, done: Appointment) -> Appointment:
    return kept("prepaid_amount", "settlement_amount", "payments")(made, done)


def _failing_if_moved(_: Call, made: Appointment, done: Appointment) -> Appointment:
    if _was_moved(made, done):
        raise crash()
    return done


async def _first_row(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Write the row of the first cancel once more."""
    known: dict[int, Appointment] = call.memory.setdefault("first rows", {})
    was_cancelled, done = call.found.cancelled, await proceed(call)
    if not was_cancelled:
        known[done.id] = done
    return call.store.put(known.get(done.id, done))


def _by_another(change: Callable[[Call, Appointment], Appointment]) -> Hooks:
    """Change what a repeated cancel leaves that comes from another member than the first."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        first: dict[int, int] = call.memory.setdefault("cancelled by", {})
        was_cancelled, done = call.found.cancelled, await proceed(call)
        if not was_cancelled:
            first[done.id] = call.caller.id
        is_another = was_cancelled and first.get(done.id, call.caller.id) != call.caller.id
        return call.store.put(change(call, done)) if is_another else done

    return Hooks(transition=hook)


def _paid_back(_: Call, done: Appointment) -> Appointment:
    return replace(done, payments=(*done.payments, *done.payments[:1]))


def _conflict(_: Call, __: Appointment) -> Appointment:
    raise rows.conflict("Cancelled by another member")


MADE: Final = (
    Fault("moved-slot-held", "effect/slot-free", "What was moved frees the slot that it was made in, not its own.",
          _as_made(_slot_of_making)),
    Fault("moved-back", "effect/times-kept", "What was moved goes back to the time for which it was made.",
          _as_made(_columns_of_making("starts_at", "ends_at"))),
    Fault("moved-fails", "answer/status-200", "What was moved has two rows of slots, and the cancel expects one.",
          _as_made(_failing_if_moved)),
    Fault("client-as-made", "effect/client-kept", "Corrections of the client are lost: the first version is saved.",
          _as_made(_columns_of_making("client_name", "client_birth_date"))),
    Fault("number-as-made", "effect/client-kept", "The client is joined by the number that the visit was made with.",
          _as_made(_columns_of_making("client_identifier"))),
    Fault("visit-as-made", "effect/references-kept", "The type of a visit is read from the slot of its making.",
          _as_made(_columns_of_making("appointment_type"))),
    Fault("money-as-made", "effect/payments-kept", "Payments that were corrected after the making are as they were.",
          _as_made(_money_of_making)),
)  # fmt: skip
"""By what it was when it was made."""

REPEATED: Final = (
    Fault("first-row-again", "effect/any-order", "A repeat saves the first row: what was corrected since is lost.",
          Hooks(transition=_first_row)),
    Fault("colleague-conflicts", "repeat/many", "A colleague's cancel of what is cancelled is a conflict.",
          _by_another(_conflict)),
    Fault("colleague-pays-back-again", "repeat/no-side-effect",
          "Each member's cancel opens a drawer of its own, and pays back from it.", _by_another(_paid_back)),
    Fault("colleague-becomes-maker", "repeat/no-side-effect", "A colleague's repeated cancel becomes the maker.",
          _by_another(lambda call, done: columns(created_by_id=call.caller.id)(done, done))),
)  # fmt: skip
"""By what its first cancel was."""

FAULTS: Final[tuple[Fault, ...]] = MADE + REPEATED
"""In the order of what they go by."""
