"""Faults of fields that come with a cancel in a JSON body, and are assigned or obeyed."""

from collections.abc import Awaitable
from typing import Any, Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts.assigned import bringing
from cancel_contract.provider.store.records import STATUSES, Appointment


def _columns(*names: str) -> Hooks:
    return bringing(lambda call: {name: call.body[name] for name in names if call.body.get(name) is not None})


def _of_document(call: Call) -> dict[str, Any]:
    data = call.body.get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    status = attributes.get("status") if isinstance(attributes, dict) else None
    return {"status": status} if status in STATUSES else {}


def _fee(call: Call) -> dict[str, Any]:
    fee = call.body.get("cancellation_fee") or call.body.get("fee")
    return {"service_amount": fee} if isinstance(fee, int) else {}


def _reason(call: Call) -> dict[str, Any]:
    said = call.body.get("cancellation_reason") or call.body.get("comment") or call.body.get("note")
    return {"client_comment": said} if isinstance(said, str) and not call.found.cancelled else {}


def _missed(call: Call) -> dict[str, Any]:
    return {"status": "no_show"} if call.body.get("no_show") is True else {}


async def _deleted(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    answer = await proceed(call)
    if answer.status == 200 and True in (call.body.get("delete"), call.body.get("destroy")):
        call.store.appointments.pop(call.found.id, None)
    return answer


async def _postponed(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    was, done = call.found, await proceed(call)
    return call.store.put(was) if call.body.get("cancelled_at") else done


def _status_asked_for(call: Call) -> dict[str, Any]:
    status = call.request.parameters.get("status")
    return {"status": status} if status in STATUSES and not call.found.cancelled else {}


def _payment_kept(call: Call) -> dict[str, Any]:
    return {"payment_status": "paid"} if call.body.get("keep_payment") is True else {}


ASSIGNED: Final = (
    Fault("body-service-assigned", "input/body-ignored",
          "The service is a permitted parameter of all actions, and another one is billed.", _columns("service_id")),
    Fault("body-contact-assigned", "input/body-ignored",
          "The contact is a permitted parameter, and the history moves to another person.", _columns("contact_id")),
    Fault("body-key-assigned", "input/body-ignored",
          "A key in the body is taken for that of the appointment, and its maker's retry books again.",
          _columns("idempotency_key")),
    Fault("body-methods-assigned", "input/body-ignored",
          "How it was paid may be corrected by every request, and the cash desk counts wrong.",
          _columns("prepaid_payment_method", "settlement_payment_method")),
    Fault("reason-over-comment", "input/body-ignored",
          "The reason has many names, and one column: that of the client's own words.", bringing(_reason)),
    Fault("json-api-assigned", "input/body-ignored",
          "A middleware unwraps documents of JSON:API, and their attributes are assigned.", bringing(_of_document)),
)  # fmt: skip
"""What is assigned."""

OBEYED: Final = (
    Fault("fee-obeyed", "input/switches", "The body may bring a fee, which becomes the price.", bringing(_fee)),
    Fault("no-show-obeyed", "input/switches",
          "The desk's button for a client who did not come is a field of the same request.", bringing(_missed)),
    Fault("query-status-decides", "input/switches",
          "The status that it ends with may be asked for, and is a cancelled one by default.",
          bringing(_status_asked_for)),
    Fault("payment-kept-as-asked", "input/switches", "The desk may keep what was paid, by a field of the same request.",
          bringing(_payment_kept)),
    Fault("delete-obeyed", "input/switches",
          "Nested attributes may ask that a record is destroyed, and every body has them.", Hooks(handle=_deleted)),
    Fault("later-cancel-awaited", "input/switches",
          "A cancel may have a date: it is answered as if it were done, and awaits that day.",
          Hooks(transition=_postponed)),
)  # fmt: skip
"""What is obeyed."""

FAULTS: Final[tuple[Fault, ...]] = ASSIGNED + OBEYED
"""What is assigned, and what is obeyed."""
