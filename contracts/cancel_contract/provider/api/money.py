"""Computes an appointment's payment fields from its three amounts (documented by the create endpoint, and observed)."""

from dataclasses import replace
from datetime import datetime

from cancel_contract.provider.store.records import Appointment, Expense, Payment
from cancel_contract.provider.store.store import Store


def payment_status(service_amount: int, received: int) -> str:
    """Derive the payment status: nothing received, a part, or all (sibling)."""
    if received <= 0:
        return "awaiting_payment"
    return "paid" if received >= service_amount else "prepaid"


def settled(store: Store, appointment: Appointment, by: int, now: datetime) -> Appointment:
    """Return the appointment with status, rows and expense as its amounts ask for."""
    received = appointment.prepaid_amount + appointment.settlement_amount
    status = "cancelled" if appointment.cancelled else payment_status(appointment.service_amount, received)
    with_rows = replace(appointment, payment_status=status, payments=_rows(store, appointment, by, now))
    return replace(with_rows, expense=_expense(store, with_rows, now))


def _rows(store: Store, appointment: Appointment, by: int, now: datetime) -> tuple[Payment, ...]:
    wanted = (
        ("prepaid", appointment.prepaid_amount, appointment.prepaid_payment_method),
        ("adjustment", appointment.settlement_amount, appointment.settlement_payment_method),
    )
    kept = {row.payment_kind: row for row in appointment.payments}
    return tuple(
        _row(store, kept.get(kind), Payment(0, amount, method or "cash", kind, by, now, now))
        for kind, amount, method in wanted
        if amount > 0
    )


def _row(store: Store, kept: Payment | None, wanted: Payment) -> Payment:
    if kept is None:
        return replace(wanted, id=store.next_row_id())
    if (kept.amount, kept.payment_method) == (wanted.amount, wanted.payment_method):
        return kept
    return replace(kept, amount=wanted.amount, payment_method=wanted.payment_method, updated_at=wanted.updated_at)


def _expense(store: Store, appointment: Appointment, now: datetime) -> Expense | None:
    kept = appointment.expense
    if kept and kept.status == "paid":
        return kept
    if appointment.payment_status != "paid" or not appointment.compensation_percent_snapshot:
        return None
    amount = appointment.service_amount * appointment.compensation_percent_snapshot // 100
    if kept:
        return replace(kept, amount=amount)
    return Expense(store.next_row_id(), amount, "unpaid", appointment.resource_id, now, now)
