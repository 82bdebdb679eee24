"""The workers of one run create appointments of their own, with markers and first days of their own."""

from __future__ import annotations

from cancel_contract.supply.booking_days import DAYS_APART
from cancel_contract.supply.journal import Journal
from cancel_contract.supply.slots import DAYS_ASKED


def test_no_two_workers_have_a_mark_in_common() -> None:
    """Under one marker, which is the idempotency key as well, two workers would be given the same appointment."""
    journals = [Journal("0000000a", "https://a.test", 1, None, worker) for worker in range(4)]
    marks = [journal.marker() for _ in range(5) for journal in journals]

    assert len(set(marks)) == len(marks)


def test_workers_begin_on_days_that_do_not_meet() -> None:
    """The days between two workers hold more than one look into the calendar."""
    assert DAYS_APART > 2 * DAYS_ASKED
