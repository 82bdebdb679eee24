"""Faults so narrow that they break one promise and no other of its family."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api.answers import (
    Answer,
    Refused,
    failure,
    framework_error,
    refusal,
)
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults import rows
from cancel_contract.provider.faults.credentials import HEADER, owner_when
from cancel_contract.provider.faults.making import from_time, once
from cancel_contract.provider.store.records import Account, Appointment, Payload

LONGEST_TOKEN: Final = 255
"""Characters that a column for tokens holds."""
_LONG: Final = 3
"""Pauses that a request takes which is still under way when others have come."""
LONG_VISIT: Final = timedelta(minutes=45)
"""What the form of the new grid offers at the most."""


def _is_bare(call: Call) -> bool:
    request = call.request
    shown = any(request.header(name) for name in (HEADER, "authorization", "cookie"))
    return request.header(HEADER) is None and not shown and not request.parameters and not request.body


def _of_branch(call: Call, proceed: Stage[Account]) -> Account:
    return access.account(call) if min(call.caller.accounts) > to_i(call.route.account) else proceed(call)


async def _sharing_the_user(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep a token for as long as its request is under way, and lend it to those who have none."""
    under_way: list[str] = call.memory.setdefault("tokens", [])
    given = call.request.header(HEADER)
    if given is None:
        await rows.pause()
        lent = tuple((HEADER, token) for token in under_way[-1:])
        call.request = replace(call.request, headers=(*call.request.headers, *lent))
        return await proceed(call)
    under_way.append(given)
    for _ in range(_LONG):
        await rows.pause()
    under_way.remove(given)
    return await proceed(call)


def _early(call: Call, proceed: Stage[Account]) -> Account:
    row = call.store.appointments.get(to_i(call.route.appointment))
    return access.account(call) if row is not None and row.cancelled else proceed(call)


def _nothing_done() -> Refused:
    return Refused(failure(200, {"payload": None}))


def _nought_done(call: Call, proceed: Stage[int]) -> int:
    if call.route.appointment.isdecimal() and proceed(call) == 0:
        raise _nothing_done()
    return proceed(call)


def _cut_to_nought(call: Call, proceed: Stage[int]) -> int:
    number = proceed(call)
    if 0 < number < 2**63 and number % 2**32 == 0:
        raise framework_error(404, "Not Found", accepts_json=False)
    return number


def _malformed_account_done(call: Call, proceed: Stage[Account]) -> Account:
    if not call.route.account.lstrip("+-").isdecimal():
        raise _nothing_done()
    return proceed(call)


def _as_it_came(call: Call, payload: Payload) -> Payload:
    text = call.route.appointment
    return payload if text.isdecimal() else {**payload, "id": text}


def _is_unpaid(call: Call) -> bool:
    return not call.found.payments


def _in_part(row: Appointment) -> bool:
    return row.prepaid_amount > 0 and not row.settlement_amount


def _deposit_gone(found: Appointment, done: Appointment) -> Appointment:
    return replace(done, prepaid_amount=0) if _in_part(found) else done


def _deposit_method_lost(found: Appointment, done: Appointment) -> Appointment:
    return (
        rows.with_payments(lambda row: replace(row, payment_method="other"))(found, done) if _in_part(found) else done
    )


def _long_visit_shortened(found: Appointment, done: Appointment) -> Appointment:
    is_long = found.ends_at - found.starts_at > LONG_VISIT
    return replace(done, ends_at=found.starts_at + LONG_VISIT) if is_long else done


def _service_paid_for(found: Appointment, done: Appointment) -> Appointment:
    return rows.unexpensed(found, done) if found.service_id else done


def _unpaid_refused(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.cancelled and _is_unpaid(call):
        raise refusal(409, "Appointment is already cancelled", "ALREADY_CANCELLED")


def _unpaid_tried_too_often(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if from_time(3)(call) and _is_unpaid(call):
        raise refusal(409, "Too many attempts", "TOO_MANY_ATTEMPTS")


async def _deposit_paid_back(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    if call.found.cancelled and done.contact_id and _in_part(done):
        call.store.put(replace(done, prepaid_amount=0))
    return done


INPUT: Final = (
    Fault(
        "nought-succeeds",
        "input/boundary-id",
        "An update of the row nought changes none, and that is a success.",
        Hooks(identify=_nought_done),
    ),
    Fault(
        "cut-id-unworded",
        "input/unknown-id",
        "An id is cut to four bytes, and where nought is left the router answers with its page.",
        Hooks(identify=_cut_to_nought),
    ),
    Fault(
        "malformed-id-echoed",
        "input/malformed-id",
        "The answer repeats the id as it came instead of the one that was read.",
        Hooks(render=_as_it_came),
    ),
    Fault(
        "malformed-account-succeeds",
        "input/malformed-account",
        "An account that cannot be read is skipped in silence.",
        Hooks(enter=_malformed_account_done),
    ),
)
"""What is asked wrongly."""

ACCESS: Final = (
    Fault(
        "bare-call-let-in",
        "access/no-token",
        "A call without any credential is taken for one from inside the house.",
        Hooks(authenticate=owner_when(_is_bare)),
    ),
    Fault(
        "overlong-token-let-in",
        "access/wrong-token",
        "A token that its column cannot hold is looked up as nothing, and nothing finds the first user.",
        Hooks(authenticate=owner_when(lambda call: len(call.token or "") > LONGEST_TOKEN)),
    ),
    Fault(
        "user-of-another-thread",
        "access/no-token",
        "The current user is kept in a variable of all threads, and whoever brings no token finds somebody there.",
        Hooks(handle=_sharing_the_user),
    ),
    Fault(
        "branch-let-in",
        "access/foreign-token",
        "Accounts of a chain share their people, and whatever account was opened later counts as a branch.",
        Hooks(enter=_of_branch),
    ),
    Fault(
        "account-skipped-once-cancelled",
        "access/foreign-token",
        "What is cancelled already returns early, before the account is looked at, and shows the client to a stranger.",
        Hooks(enter=_early),
    ),
)
"""Who asks."""

EFFECT: Final = (
    Fault(
        "deposit-gone",
        "effect/amounts-kept",
        "A deposit is paid back by itself, also where the house keeps it.",
        Hooks(transition=once(_deposit_gone)),
    ),
    Fault(
        "deposit-method-lost",
        "effect/payments-kept",
        "Deposits move to another table that knows fewer methods.",
        Hooks(transition=once(_deposit_method_lost)),
    ),
    Fault(
        "long-visit-shortened",
        "effect/times-kept",
        "The record is saved through the form of a new grid, whose longest visit is shorter.",
        Hooks(transition=once(_long_visit_shortened)),
    ),
    Fault(
        "service-paid-for",
        "effect/unpaid-expense-gone",
        "Expenses of services are settled elsewhere, and nobody tells that place.",
        Hooks(transition=once(_service_paid_for)),
    ),
)
"""What a cancel leaves."""

REPEAT: Final = (
    Fault(
        "unpaid-repeat-refused",
        "repeat/answer",
        "Without money there is nothing to look up, and the early return is passed by.",
        Hooks(writable=_unpaid_refused),
    ),
    Fault(
        "unpaid-third-refused",
        "repeat/many",
        "A brake against double clicks counts attempts, where no payment has to be waited for.",
        Hooks(writable=_unpaid_tried_too_often),
    ),
    Fault(
        "deposit-paid-back-again",
        "repeat/no-side-effect",
        "Each cancel puts the refund of a contact's deposit into a queue, and it is booked after the answer.",
        Hooks(transition=_deposit_paid_back),
    ),
)
"""What a second cancel does."""

FAULTS: Final[tuple[Fault, ...]] = EFFECT + REPEAT + ACCESS + INPUT
"""Every narrow fault."""
