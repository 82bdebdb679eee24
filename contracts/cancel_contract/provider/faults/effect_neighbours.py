"""Faults of what a cancel does to other visits of its day: the one right after it, those of its client or its room."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.store.records import Appointment

_ZONE: Final = timedelta(hours=5)
_CLAUSE: Final = "effect/neighbour-untouched"

Related = Callable[[Appointment, Appointment], bool]


def _others(related: Related, change: Callable[[Appointment, datetime], Appointment] = cancelled) -> Hooks:
    """Change what is active, and related to what is cancelled for the first time."""
    return Hooks(
        transition=rows.to_neighbours(lambda done, row: not row.cancelled and related(done, row), change),
        when=lambda call: call.before is not None and not call.before.cancelled,
    )


def _same_room_and_day(done: Appointment, row: Appointment) -> bool:
    return row.resource_id == done.resource_id and _day(row) == _day(done)


def _day(row: Appointment) -> object:
    return (row.starts_at + _ZONE).date()


def _right_after(done: Appointment, row: Appointment) -> bool:
    return row.resource_id == done.resource_id and row.starts_at == done.ends_at


def _moved_up(row: Appointment, _: datetime) -> Appointment:
    length = row.ends_at - row.starts_at
    return replace(row, starts_at=row.starts_at - length, ends_at=row.starts_at)


def _confirmed_later(done: Appointment, row: Appointment) -> bool:
    return _same_room_and_day(done, row) and row.starts_at > done.starts_at and row.status == "scheduled"


def _owed(done: Appointment, row: Appointment) -> bool:
    return _same_room_and_day(done, row) and row.expense is not None and row.expense.status == "unpaid"


def _awaited(done: Appointment, row: Appointment) -> bool:
    return _same_room_and_day(done, row) and row.payment_status == "awaiting_payment"


def _of_client(done: Appointment, row: Appointment) -> bool:
    return done.client_phone is not None and row.client_phone == done.client_phone and _day(row) == _day(done)


def _without_a_number(done: Appointment, row: Appointment) -> bool:
    return row.client_phone is None and done.client_phone is None and row.created_by_id == done.created_by_id


def _without_a_service(done: Appointment, row: Appointment) -> bool:
    return row.service_id is None and done.service_id is None and row.client_phone is None


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("next-visit-cancelled", _CLAUSE, "A double slot is two rows: what follows without a gap is its second half.",
          _others(_right_after)),
    Fault("next-visit-moved-up", _CLAUSE, "The visit right after the cancelled one is moved up into the free slot.",
          _others(_right_after, _moved_up)),
    Fault("later-visits-confirmed", _CLAUSE, "Who comes next is asked to come earlier, and counts as confirmed.",
          _others(_confirmed_later, lambda row, _: replace(row, status="confirmed"))),
    Fault("clients-day-cancelled", _CLAUSE, "Whoever cancels one visit of a day cancels the day, by number and day.",
          _others(_of_client)),
    Fault("confirmed-of-contact-cancelled", _CLAUSE, "Whoever cancels is asked to confirm anew, and counts as gone.",
          _others(lambda done, row: done.contact_id == row.contact_id is not None and row.status == "confirmed")),
    Fault("expenses-of-day-gone", _CLAUSE, "Unpaid expenses are removed by resource and day.",
          _others(_owed, lambda row, _: replace(row, expense=None))),
    Fault("numberless-cancelled", _CLAUSE, "All visits of a number are cancelled, and those without one have none.",
          _others(_without_a_number)),
    Fault("serviceless-cancelled", _CLAUSE, "A series is what has one number and one service, or has neither.",
          _others(_without_a_service)),
    Fault("unpaid-of-day-let-go", _CLAUSE, "What is awaited of a room and day is let go, whoever is to pay it.",
          _others(_awaited, lambda row, _: replace(row, payment_status="cancelled"))),
)  # fmt: skip
"""Each shows in a visit that begins where the cancelled one ends."""
