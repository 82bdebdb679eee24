"""Clauses effect/... where no money is shown, or no expense is made."""

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.clauses.money import MONEY
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge
from tests.unit.clauses.test_effect import _first

OF_MONEY = [
    "effect/payment-status-cancelled", "effect/money-shown", "effect/amounts-kept", "effect/payments-kept",
    "effect/unpaid-expense-gone", "effect/paid-expense-kept",
]  # fmt: skip


@pytest.mark.parametrize("clause", OF_MONEY)
def test_of_hidden_money_nothing_is_said(judge: Judge, clause: str) -> None:
    """A member who is shown no money before the cancel is promised none after it."""
    found = judge(clause, lambda m: _first(m, {"without": MONEY}, without=MONEY))

    assert {type(finding) for finding in found} == {NotApplicable}


@pytest.mark.parametrize("clause", ["effect/unpaid-expense-gone", "effect/paid-expense-kept"])
def test_a_target_that_makes_no_expense_shows_so(judge: Judge, clause: str) -> None:
    """What was paid without an expense shows that there are none; what is not paid shows nothing."""
    paid, unpaid = (
        judge(clause, lambda m, status=status: _first(m, {"payment_status": status, "expense": None}, expense=None))
        for status in ("paid", "prepaid")
    )

    assert set(paid) == {NotApplicable("an appointment was accepted as paid, and no expense was made")}
    assert unpaid == ()


def test_of_a_recorded_cancel_that_shows_no_money_nothing_is_said_either(judge: Judge) -> None:
    """What the appointment was before is not known."""
    found = judge(OF_MONEY[0], lambda m: Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, m.cancel(200, without=MONEY)),)))

    assert {type(finding) for finding in found} == {NotApplicable}
