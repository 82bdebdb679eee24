"""Faults of what a cancel does to money: amounts, payments, the expense."""

import struct
from dataclasses import replace
from typing import Final

from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import columns, drop, in_part, kept, once, recast, was
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.variants.rules import MONEY


def _in_four_bytes(amount: int) -> int:
    """Return the nearest number that a float of four bytes holds."""
    held: tuple[float] = struct.unpack("f", struct.pack("f", amount))
    return int(held[0])


def _deposit_gone(found: Appointment, done: Appointment) -> Appointment:
    return replace(done, prepaid_amount=0) if in_part(found) else done


def _deposit_method_lost(found: Appointment, done: Appointment) -> Appointment:
    return rows.with_payments(lambda row: replace(row, payment_method="other"))(found, done) if in_part(found) else done


def _service_paid_for(found: Appointment, done: Appointment) -> Appointment:
    return rows.unexpensed(found, done) if found.service_id else done


def _other_visit_paid_for(found: Appointment, done: Appointment) -> Appointment:
    return rows.unexpensed(found, done) if found.appointment_type == "other" else done


def _prepaid_status_kept(found: Appointment, done: Appointment) -> Appointment:
    return kept("payment_status")(found, done) if found.payment_status == "prepaid" else done


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("payment-status-kept", "effect/payment-status-cancelled",
          "Finance is to be told by an event, and the event has no listener.",
          Hooks(transition=once(kept("payment_status")))),
    Fault("payment-status-kept-when-prepaid", "effect/payment-status-cancelled",
          "Prepaid appointments take another branch.",
          Hooks(transition=once(_prepaid_status_kept))),
    Fault("money-hidden-by-cancel", "effect/money-shown",
          "The cancel's serializer is the one for members who may not see finance.",
          Hooks(render=drop(*MONEY))),
    Fault("price-zeroed", "effect/amounts-kept",
          "The price is derived again, and without a service there is none (observed).",
          Hooks(transition=once(lambda found, done: done if found.service_id else replace(done, service_amount=0)))),
    Fault("prepayment-zeroed", "effect/amounts-kept",
          "What was received is reset, and the cashier's books no longer agree.",
          Hooks(transition=once(columns(prepaid_amount=0)))),
    Fault("settlement-zeroed", "effect/amounts-kept", "What was received is reset, but only where all was.",
          Hooks(transition=once(columns(settlement_amount=0)))),
    Fault("price-rounded", "effect/amounts-kept",
          "Prices are rounded to what can be paid in notes, the stored ones too.",
          Hooks(transition=once(lambda _, done: replace(done, service_amount=round(done.service_amount, -2))))),
    Fault("large-amount-imprecise", "effect/amounts-kept",
          "A library of charts makes amounts floats of four bytes, and large ones lose their last digits.",
          Hooks(render=recast("service_amount", _in_four_bytes))),
    Fault("deposit-gone", "effect/amounts-kept", "A deposit is paid back by itself, also where the house keeps it.",
          Hooks(transition=once(_deposit_gone))),
    Fault("payments-deleted", "effect/payments-kept", "Dependent rows are destroyed together.",
          Hooks(transition=once(columns(payments=())))),
    Fault("refund-recorded", "effect/payments-kept", "A refund is recorded that nobody paid out.",
          Hooks(transition=once(rows.refunded))),
    Fault("payments-made-anew", "effect/payments-kept", "Rows are deleted and inserted again, with new ids.",
          Hooks(transition=once(rows.with_payments(lambda row: replace(row, id=row.id + 100_000))))),
    Fault("payment-method-reset", "effect/payments-kept", "The default method is written over the real one.",
          Hooks(transition=once(rows.with_payments(lambda row: replace(row, payment_method="unknown"))))),
    Fault("deposit-method-lost", "effect/payments-kept", "Deposits move to another table that knows fewer methods.",
          Hooks(transition=once(_deposit_method_lost))),
    Fault("unpaid-expense-stays", "effect/unpaid-expense-gone",
          "The accounting listener is gone, and the resource is paid for nothing.",
          Hooks(transition=once(rows.unexpensed))),
    Fault("unpaid-expense-emptied", "effect/unpaid-expense-gone", "The expense is set to zero instead of removed.",
          Hooks(transition=once(rows.zero_expense))),
    Fault("service-paid-for", "effect/unpaid-expense-gone",
          "Expenses of services are settled elsewhere, and nobody tells that place.",
          Hooks(transition=once(_service_paid_for))),
    Fault("other-visit-paid-for", "effect/unpaid-expense-gone",
          "Expenses are removed by the type of the visit, and nobody thought of the third.",
          Hooks(transition=once(_other_visit_paid_for))),
    Fault("paid-expense-removed", "effect/paid-expense-kept",
          "All expenses are removed, and money that was paid out is forgotten (observed in a race).",
          Hooks(transition=once(columns(expense=None)), when=was("completed"))),
    Fault("paid-expense-unpaid", "effect/paid-expense-kept", "The expense is opened again, and will be paid twice.",
          Hooks(transition=once(rows.with_paid_expense(lambda it: replace(it, status="unpaid", paid_at=None))))),
    Fault("paid-expense-of-another", "effect/paid-expense-kept",
          "What was paid out moves to the resource that is the account's default.",
          Hooks(transition=once(rows.with_paid_expense(lambda it: replace(it, resource_id=it.resource_id + 1))))),
    Fault("paid-expense-emptied", "effect/paid-expense-kept",
          "The expense is computed again from a price that no longer counts.",
          Hooks(transition=once(rows.with_paid_expense(lambda it: replace(it, amount=0))))),
)  # fmt: skip
"""In the order of the clauses that they break."""
