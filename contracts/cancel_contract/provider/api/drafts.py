"""Builds an appointment from the body of a create or an update, and checks that its fields agree (sibling)."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from cancel_contract.provider.api import values
from cancel_contract.provider.api.answers import invalid, not_found
from cancel_contract.provider.api.values import Parser
from cancel_contract.provider.store.records import (
    APPOINTMENT_TYPES,
    PAYMENT_STATUSES,
    STATUSES,
    Appointment,
    Payload,
)
from cancel_contract.provider.store.store import Directory

REQUIRED: Final = ("resource_id", "starts_at", "ends_at", "client_name")
"""What a create must name (sibling)."""

DURATIONS: Final = range(5, 721)
"""The minutes that an appointment may take (observed in the table's definition)."""

_FIELDS: Final[dict[str, Parser]] = {
    "resource_id": values.whole,
    "contact_id": values.whole,
    "service_id": values.whole,
    "company_id": values.whole,
    "conversation_id": values.whole,
    "created_by_id": values.whole,
    "starts_at": values.instant,
    "ends_at": values.instant,
    "status": values.one_of(*STATUSES),
    "appointment_type": values.one_of(*APPOINTMENT_TYPES),
    "client_name": values.text,
    "client_phone": values.text,
    "client_identifier": values.identifier,
    "client_birth_date": values.day,
    "client_gender": values.text,
    "client_comment": values.text,
    "external_ref": values.text,
    "idempotency_key": values.text,
    "service_amount": values.amount,
    "prepaid_amount": values.amount,
    "prepaid_payment_method": values.text,
    "settlement_amount": values.amount,
    "settlement_payment_method": values.text,
    "custom_attributes": values.attributes,
}


def drafted(directory: Directory, body: Payload, account: int, user: int, now: datetime) -> Appointment:
    """Return the appointment that a create asks for at a time; its id is not yet given."""
    found = _read(body, REQUIRED)
    found = {"created_by_id": user, **{name: value for name, value in found.items() if value is not None}}
    for name in REQUIRED:
        if name not in found:
            raise invalid(f"{name} can't be blank", details={"field": name})
    draft = Appointment(id=0, account_id=account, created_at=now, updated_at=now, **found)
    draft = _with_snapshots(directory, draft, priced="service_amount" not in found)
    return _agreed(directory, draft, body)


def changed(directory: Directory, before: Appointment, body: Payload) -> Appointment:
    """Return the appointment that an update asks for."""
    found = _read(body, ())
    for name in REQUIRED:
        if name in found and found[name] is None:
            raise invalid(f"{name} can't be blank", details={"field": name})
    draft = replace(before, **found)
    if draft.minutes != before.minutes:
        draft = replace(draft, given_minutes=None)
    if draft.service_id != before.service_id or draft.resource_id != before.resource_id:
        draft = _with_snapshots(directory, draft, priced=False)
    return _agreed(directory, draft, body)


def _read(body: Payload, required: tuple[str, ...]) -> dict[str, Any]:
    if "payment_status" in body:
        values.one_of(*PAYMENT_STATUSES)(body["payment_status"], "payment_status")
    return {name: parser(body.get(name), name) for name, parser in _FIELDS.items() if name in body or name in required}


def _with_snapshots(directory: Directory, draft: Appointment, *, priced: bool) -> Appointment:
    resource = directory.resource(draft.account_id, draft.resource_id)
    if resource is None:
        raise not_found()
    draft = replace(draft, compensation_percent_snapshot=resource.compensation_percent)
    if draft.service_id is None:
        return replace(draft, service_name_snapshot=None, service_type_snapshot=None, service_duration_snapshot=None)
    service = directory.service(draft.account_id, draft.service_id)
    if service is None:
        raise not_found()
    return replace(
        draft,
        service_name_snapshot=service.name,
        service_type_snapshot=service.kind,
        service_duration_snapshot=service.duration_min,
        service_amount=service.price if priced else draft.service_amount,
    )


def _agreed(directory: Directory, draft: Appointment, body: Payload) -> Appointment:
    _refuse_strange_references(directory, draft)
    if draft.ends_at <= draft.starts_at:
        raise invalid("ends_at must be after starts_at", details={"field": "ends_at"})
    # What is given is taken beside the range, and shown as it was given (observed).
    given = values.whole(body.get("duration_min"), "duration_min")
    if draft.minutes not in DURATIONS or (given is not None and given not in DURATIONS):
        raise invalid("Duration min is not included in the list", details={"field": "duration_min"})
    if given is not None:
        draft = replace(draft, given_minutes=None if given == draft.minutes else given)
    if draft.prepaid_amount + draft.settlement_amount > draft.service_amount:
        raise invalid("received amounts exceed service_amount", details={"field": "service_amount"})
    return replace(
        draft,
        prepaid_payment_method=(draft.prepaid_payment_method or "cash") if draft.prepaid_amount else None,
        settlement_payment_method=(draft.settlement_payment_method or "cash") if draft.settlement_amount else None,
    )


def _refuse_strange_references(directory: Directory, draft: Appointment) -> None:
    account = draft.account_id
    tables = (
        (draft.contact_id, directory.contacts),
        (draft.company_id, directory.companies),
        (draft.conversation_id, directory.conversations),
    )
    if any(number is not None and (account, number) not in table for number, table in tables):
        raise not_found()
    if draft.created_by_id is not None and not directory.member(account, draft.created_by_id):
        raise invalid("Created by must belong to the current account", details={"field": "created_by_id"})
