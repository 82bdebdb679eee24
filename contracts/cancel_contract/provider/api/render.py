"""Renders records as the API's payloads, in the documented order, with the fields that were observed beyond it."""

from datetime import UTC, date, datetime

from cancel_contract.provider.store.records import (
    Appointment,
    Expense,
    Payload,
    Payment,
)


def instant(moment: datetime | None) -> str | None:
    """Spell an instant as observed: UTC, whole seconds, `Z`."""
    return None if moment is None else f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def appointment_payload(it: Appointment) -> Payload:
    """Return the payload of an appointment: the documented fields first, then the undocumented ones."""
    return {**_documented(it), **_undocumented(it)}


def _documented(it: Appointment) -> Payload:
    return {
        "id": it.id,
        "account_id": it.account_id,
        "resource_id": it.resource_id,
        "contact_id": it.contact_id,
        "service_id": it.service_id,
        "company_id": it.company_id,
        "conversation_id": it.conversation_id,
        "created_by_id": it.created_by_id,
        "starts_at": instant(it.starts_at),
        "ends_at": instant(it.ends_at),
        "duration_min": it.duration_min,
        "status": it.status,
        "appointment_type": it.appointment_type,
        "client_name": it.client_name,
        "client_phone": it.client_phone,
        "client_identifier": it.client_identifier,
        "client_birth_date": _day(it.client_birth_date),
        "client_gender": it.client_gender,
        "payment_status": it.payment_status,
        "service_amount": it.service_amount,
        "prepaid_amount": it.prepaid_amount,
        "settlement_amount": it.settlement_amount,
        "external_ref": it.external_ref,
        "idempotency_key": it.idempotency_key,
        "payments": [_payment(it, row) for row in it.payments],
        "expense": _expense(it, it.expense) if it.expense else None,
    }


def _undocumented(it: Appointment) -> Payload:
    return {
        "client_comment": it.client_comment,
        "source": it.source,
        "custom_attributes": it.custom_attributes,
        "service_name_snapshot": it.service_name_snapshot,
        "service_type_snapshot": it.service_type_snapshot,
        "service_duration_snapshot": it.service_duration_snapshot,
        "prepaid_payment_method": it.prepaid_payment_method,
        "settlement_payment_method": it.settlement_payment_method,
        "compensation_type_snapshot": "percent" if it.compensation_percent_snapshot else None,
        "compensation_value_snapshot": it.compensation_percent_snapshot or None,
        "created_at": instant(it.created_at),
        "updated_at": instant(it.updated_at),
    }


def _payment(it: Appointment, row: Payment) -> Payload:
    return {
        "id": row.id,
        "amount": row.amount,
        "payment_method": row.payment_method,
        "payment_kind": row.payment_kind,
        "account_id": it.account_id,
        "appointment_id": it.id,
        "recorded_by_id": row.recorded_by_id,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }


def _expense(it: Appointment, row: Expense) -> Payload:
    return {
        "id": row.id,
        "amount": row.amount,
        "status": row.status,
        "account_id": it.account_id,
        "appointment_id": it.id,
        "resource_id": row.resource_id,
        "paid_at": instant(row.paid_at),
        "paid_by_id": row.paid_by_id,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
