"""What each endpoint does, written over the stages (sibling, observations 1, 4 and 11).

Whatever is read and written between two awaits is one transaction.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api import queries as reading
from cancel_contract.provider.api.answers import (
    Answer,
    Refused,
    invalid,
    not_found,
    refusal,
    success,
)
from cancel_contract.provider.api.calls import Call, Stages
from cancel_contract.provider.api.drafts import changed, drafted
from cancel_contract.provider.api.hours import refuse_unavailable
from cancel_contract.provider.api.money import settled
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.api.routes import OperationName
from cancel_contract.provider.api.values import text
from cancel_contract.provider.store.records import Appointment

Operation = Callable[[Call, Stages], Awaitable[Answer]]


def cancelled(it: Appointment, now: datetime) -> Appointment:
    """Return the cancelled appointment: both statuses, an unpaid expense gone, a paid one kept, all else as it was."""
    kept = it.expense if it.expense and it.expense.status == "paid" else None
    if (it.status, it.payment_status, it.expense) == ("cancelled", "cancelled", kept):
        return it
    return replace(it, status="cancelled", payment_status="cancelled", expense=kept, updated_at=now)


async def transition(call: Call) -> Appointment:
    """Cancel the appointment that was found; a repeated cancel follows the policy."""
    row = call.store.appointments.get(call.found.id)
    if row is None:
        # Another request deleted it, after this one had found it.
        raise not_found()
    if row.cancelled and call.policy == "rejected":
        raise access.rejected()
    return call.store.put(cancelled(row, call.store.now()))


def render(call: Call) -> dict[str, object]:
    """Return the payload of the appointment as it now is."""
    return appointment_payload(call.after or call.found)


async def cancel(call: Call, stages: Stages) -> Answer:
    """Answer `POST …/appointments/{id}/cancel`."""
    _locate(call, stages)
    _count(call)
    stages.writable(call)
    call.after = await stages.transition(call)
    return success(200, {"payload": stages.render(call)})


async def read(call: Call, stages: Stages) -> Answer:
    """Answer `GET …/appointments/{id}`; with its entity tag again, 304."""
    _locate(call, stages)
    answer = success(200, {"payload": stages.render(call)})
    if answer.header("etag") == call.request.header("if-none-match"):
        return replace(answer, status=304, body=b"").without_header("content-type")
    return answer


async def create(call: Call, stages: Stages) -> Answer:
    """Answer `POST …/appointments`; an idempotency key seen before gives the first appointment."""
    account, store = _enter(call, stages), call.store
    key = text(call.body.get("idempotency_key"), "idempotency_key")
    made = store.by_key(account, key) if key else None
    if made is None:
        draft = drafted(store.directory, call.body, account, call.caller.id, store.now())
        _refuse_taken(call, draft)
        numbered = replace(draft, id=store.next_id())
        call.after = store.put(settled(store, numbered, call.caller.id, draft.created_at))
        return success(201, {"payload": stages.render(call)})
    call.before = made
    return success(200, {"payload": stages.render(call)})


async def update(call: Call, stages: Stages) -> Answer:
    """Answer `PATCH …/appointments/{id}`; the status `scheduled` revives, the status `cancelled` cancels."""
    before = _locate(call, stages)
    stages.writable(call)
    draft = changed(call.store.directory, before, call.body)
    if (draft.status, before.cancelled) == ("cancelled", False):
        call.after = call.store.put(cancelled(draft, call.store.now()))
        return success(200, {"payload": stages.render(call)})
    if _occupies(draft) != _occupies(before) or draft.external_ref != before.external_ref:
        _refuse_taken(call, draft)
    now = call.store.now()
    after = settled(call.store, draft, call.caller.id, now)
    if before.payment_status == "cancelled" and "payment_status" not in call.body:
        kept = after.expense if after.expense and after.expense.status == "paid" else None
        after = replace(after, payment_status="cancelled", expense=kept)
    call.after = before if after == before else call.store.put(replace(after, updated_at=now))
    return success(200, {"payload": stages.render(call)})


async def delete(call: Call, stages: Stages) -> Answer:
    """Answer `DELETE …/appointments/{id}`; only a cancelled appointment can go."""
    found = _locate(call, stages)
    stages.writable(call)
    if not found.cancelled:
        raise invalid("Only cancelled appointments can be deleted", "APPOINTMENT_DELETE_REQUIRES_CANCELLED")
    call.store.remove(found.id)
    return Answer(204, (("Cache-Control", "no-cache"),))


async def listing(call: Call, stages: Stages) -> Answer:
    """Answer `GET …/appointments`."""
    account = _enter(call, stages)
    rows = []
    for row in reading.selected(call.store, account, call.request.parameters):
        call.before = row
        rows.append(stages.render(call))
    return success(200, {"payload": rows, "meta": {"count": len(rows)}})


async def calendar(call: Call, stages: Stages) -> Answer:
    """Answer `GET …/calendar`."""
    account = _enter(call, stages)
    return success(200, {"payload": reading.calendar(call.store, account, call.request.parameters)})


OPERATIONS: Final[dict[OperationName, Operation]] = {
    "create": create,
    "list": listing,
    "calendar": calendar,
    "read": read,
    "update": update,
    "cancel": cancel,
    "delete": delete,
}


async def dispatch(call: Call, stages: Stages) -> Answer:
    """Do what the call asks for; a refusal is an answer like any other."""
    try:
        return await OPERATIONS[call.route.operation](call, stages)
    except Refused as refused:
        return refused.answer


def _enter(call: Call, stages: Stages) -> int:
    call.token = stages.token(call)
    call.user = stages.authenticate(call)
    call.account = stages.enter(call)
    stages.permit(call)
    return call.account.id


def _locate(call: Call, stages: Stages) -> Appointment:
    _enter(call, stages)
    call.before = stages.locate(call)
    return call.before


def _count(call: Call) -> None:
    cancels = call.store.cancels
    call.times = cancels[call.found.id] = cancels.get(call.found.id, 0) + 1 if call.found.cancelled else 1
    call.turn = call.memory["turn"] = call.memory.get("turn", 0) + 1


def _refuse_taken(call: Call, draft: Appointment) -> None:
    store = call.store
    twin = store.by_reference(draft.account_id, draft.external_ref) if draft.external_ref else None
    if twin and twin.id != draft.id:
        raise refusal(409, "external_ref is already taken", "DUPLICATE_EXTERNAL_REF")
    resource = store.directory.resource(draft.account_id, draft.resource_id)
    if resource and not draft.cancelled:
        refuse_unavailable(store, resource, draft)


def _occupies(it: Appointment) -> tuple[object, ...]:
    return (it.resource_id, it.starts_at, it.ends_at, it.cancelled)
