"""Faults of what a cancel does to the appointment and to what is around it."""

from dataclasses import replace
from typing import Final

from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults import rows
from cancel_contract.provider.faults.making import (
    columns,
    each_time,
    kept,
    once,
    was,
)

STATUS: Final = (
    Fault(
        "status-kept",
        "effect/status-cancelled",
        "The state machine's transition is guarded away and nobody looks at its result.",
        Hooks(transition=each_time(kept("status"))),
    ),
    Fault(
        "marked-no-show",
        "effect/status-cancelled",
        "Late cancels are turned into no-shows for a report.",
        Hooks(transition=each_time(columns(status="no_show"))),
    ),
    Fault(
        "payment-status-kept",
        "effect/payment-status-cancelled",
        "Finance is to be told by an event, and the event has no listener.",
        Hooks(transition=once(kept("payment_status"))),
    ),
    Fault(
        "payment-status-kept-when-prepaid",
        "effect/payment-status-cancelled",
        "Prepaid appointments take another branch.",
        Hooks(
            transition=once(
                lambda found, done: kept("payment_status")(found, done) if found.payment_status == "prepaid" else done
            )
        ),
    ),
    Fault(
        "not-saved",
        "effect/read-back",
        "The transaction is rolled back by a callback, after the answer was rendered.",
        Hooks(transition=rows.unsaved),
    ),
    Fault(
        "not-found-once-cancelled",
        "effect/read-back",
        "Cancelled rows fall out of the default scope.",
        Hooks(operations=frozenset({"read"}), locate=rows.vanished),
    ),
    Fault(
        "completed-refused",
        "effect/every-status",
        "A guard is added against cancelling the past.",
        Hooks(writable=rows.refusing("completed")),
    ),
    Fault(
        "no-show-refused",
        "effect/every-status",
        "A guard is added for the statistics of no-shows.",
        Hooks(writable=rows.refusing("no_show")),
    ),
    Fault(
        "confirmed-stays",
        "effect/status-cancelled",
        "Confirmed appointments wait for a manager's consent, and the answer is 200 all the same.",
        Hooks(
            transition=each_time(
                lambda found, done: found if found.status == "confirmed" else done,
            )
        ),
    ),
    Fault(
        "refusal-revives",
        "effect/any-order",
        "The refused request rolls back, and the transaction before it is still open on its connection.",
        Hooks(handle=rows.refused_and_revived),
    ),
    Fault(
        "not-lasting",
        "effect/lasting",
        "A synchronization with a calendar writes the old status back.",
        Hooks(operations=EVERY, handle=rows.passing),
    ),
)
"""The two statuses, and whether they stay."""

MONEY: Final = (
    Fault(
        "price-zeroed",
        "effect/amounts-kept",
        "The price is derived again, and without a service there is none (observed).",
        Hooks(
            transition=once(lambda found, done: done if found.service_id else replace(done, service_amount=0)),
        ),
    ),
    Fault(
        "prepayment-zeroed",
        "effect/amounts-kept",
        "What was received is reset, and the cashier's books no longer agree.",
        Hooks(transition=once(columns(prepaid_amount=0))),
    ),
    Fault(
        "settlement-zeroed",
        "effect/amounts-kept",
        "What was received is reset, but only where all was.",
        Hooks(transition=once(columns(settlement_amount=0))),
    ),
    Fault(
        "payments-deleted",
        "effect/payments-kept",
        "Dependent rows are destroyed together.",
        Hooks(transition=once(columns(payments=()))),
    ),
    Fault(
        "refund-recorded",
        "effect/payments-kept",
        "A refund is recorded that nobody paid out.",
        Hooks(transition=once(rows.refunded)),
    ),
    Fault(
        "payments-made-anew",
        "effect/payments-kept",
        "Rows are deleted and inserted again, with new ids.",
        Hooks(transition=once(rows.with_payments(lambda row: replace(row, id=row.id + 100_000)))),
    ),
    Fault(
        "payment-method-reset",
        "effect/payments-kept",
        "The default method is written over the real one.",
        Hooks(transition=once(rows.with_payments(lambda row: replace(row, payment_method="unknown")))),
    ),
    Fault(
        "unpaid-expense-stays",
        "effect/unpaid-expense-gone",
        "The accounting listener is gone, and the resource is paid for nothing.",
        Hooks(transition=once(rows.unexpensed)),
    ),
    Fault(
        "unpaid-expense-emptied",
        "effect/unpaid-expense-gone",
        "The expense is set to zero instead of removed.",
        Hooks(transition=once(rows.zero_expense)),
    ),
    Fault(
        "paid-expense-removed",
        "effect/paid-expense-kept",
        "All expenses are removed, and money that was paid out is forgotten (observed in a race).",
        Hooks(transition=once(columns(expense=None)), when=was("completed")),
    ),
    Fault(
        "paid-expense-unpaid",
        "effect/paid-expense-kept",
        "The expense is opened again, and will be paid twice.",
        Hooks(transition=once(rows.with_paid_expense(lambda it: replace(it, status="unpaid", paid_at=None)))),
    ),
    Fault(
        "paid-expense-emptied",
        "effect/paid-expense-kept",
        "The expense is computed again from a price that no longer counts.",
        Hooks(transition=once(rows.with_paid_expense(lambda it: replace(it, amount=0)))),
    ),
)
"""Money: what the cashier finds in the evening."""

RECORD: Final = (
    Fault(
        "times-shifted",
        "effect/times-kept",
        "Local times are saved as UTC.",
        Hooks(transition=once(rows.shifted)),
    ),
    Fault(
        "end-derived-again",
        "effect/times-kept",
        "The end follows from the service's duration of today (read in a later generation).",
        Hooks(transition=once(rows.shortened)),
    ),
    Fault(
        "client-anonymized",
        "effect/client-kept",
        "Personal data is to be forgotten with the appointment.",
        Hooks(transition=once(columns(client_name="Deleted"))),
    ),
    Fault(
        "phone-removed",
        "effect/client-kept",
        "Nobody is to be reminded, so the number is taken out.",
        Hooks(transition=once(columns(client_phone=None))),
    ),
    Fault(
        "birth-date-shifted",
        "effect/client-kept",
        "A date goes through a time zone.",
        Hooks(transition=once(rows.day_before)),
    ),
    Fault(
        "name-garbled",
        "effect/client-kept",
        "A connection to the database speaks Latin-1.",
        Hooks(transition=once(rows.garbled)),
    ),
    Fault(
        "name-cut",
        "effect/client-kept",
        "A history table has a shorter column, and the row is written back from it.",
        Hooks(transition=once(lambda _, done: replace(done, client_name=done.client_name[:40].strip()))),
    ),
    Fault(
        "reference-cleared",
        "effect/references-kept",
        "The external reference is cleared so that it can be used again.",
        Hooks(transition=once(columns(external_ref=None))),
    ),
    Fault(
        "key-cleared",
        "effect/references-kept",
        "The idempotency key is cleared, and a replayed create books again.",
        Hooks(transition=once(columns(idempotency_key=None))),
    ),
    Fault(
        "service-cleared",
        "effect/references-kept",
        "The service is released together with the slot.",
        Hooks(transition=once(columns(service_id=None))),
    ),
    Fault(
        "contact-cleared",
        "effect/references-kept",
        "A dependent association is nullified.",
        Hooks(transition=once(columns(contact_id=None))),
    ),
    Fault(
        "comment-overwritten",
        "effect/undocumented-kept",
        "The reason of the cancel is written where the client's comment was.",
        Hooks(transition=once(columns(client_comment="Cancelled through the API"))),
    ),
    Fault(
        "attributes-cleared",
        "effect/undocumented-kept",
        "Free attributes are reset to the column's default.",
        Hooks(transition=once(columns(custom_attributes={}))),
    ),
)
"""The rest of the record."""

FAULTS: Final[tuple[Fault, ...]] = STATUS + MONEY + RECORD
"""Every fault of the effect."""
