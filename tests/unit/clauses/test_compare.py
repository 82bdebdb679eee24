"""Differences between two views of an appointment are described without personal data."""

from typing import Any

import pytest

from cancel_contract.exchange import compare
from cancel_contract.exchange.difference import Difference, broken_by

CASH = {"id": 1, "amount": 1000, "payment_method": "cash", "payment_kind": "prepaid"}
CARD = {"id": 2, "amount": 4000, "payment_method": "card", "payment_kind": "payment"}
EXPENSE = {"id": 9, "amount": 2000, "status": "paid"}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"contact_id": None}, {}, ["contact_id is null, not missing"]),
        ({}, {"contact_id": None}, ["contact_id is missing, not null"]),
        ({}, {}, []),
        ({"contact_id": 1}, {"contact_id": True}, ["contact_id is 1, not true"]),
    ],
)
def test_a_field_that_is_null_is_not_missing(one: dict[str, Any], other: dict[str, Any], told: list[str]) -> None:
    """Null, a missing field, a number and a boolean are four things."""
    assert list(map(str, compare.differences(["contact_id"], one, other))) == told


def test_what_a_server_adds_is_told_discreetly() -> None:
    """A person's number may stand in a field of another name, or in the place of a name."""
    one = {"iin": 890101300123, "Анна Каренина": 1, "contact_id": 2**62}

    assert list(map(str, compare.differences(sorted(one), one, {}))) == [
        f"contact_id is {2**62}, not missing",
        "iin is a number, not missing",
        "<key 13> is 1, not missing",
    ]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"payments": [CASH, CARD]}, {"payments": [CARD, CASH]}, []),
        ({}, {"payments": [CASH]}, ["payments is missing, not an array of 1 entry"]),
        ({"payments": [CASH]}, {}, ["payments is an array of 1 entry, not missing"]),
        ({"payments": None}, {"payments": [CASH]}, ["payments is null, not an array of 1 entry"]),
        ({"payments": [5]}, {"payments": []}, ["payments is an array of 1 entry, not an empty array"]),
        ({}, {}, []),
        ({"payments": None}, {"payments": None}, []),
        ({"payments": [CASH]}, {"payments": [CASH, CARD]},
         ["there is 1 payment, not 2 (without one of 4000, payment_kind 'payment')"]),
        ({"payments": [CASH, CARD, {**CARD, "id": 3, "amount": -1, "payment_kind": "refund"}]},
         {"payments": [CASH, CARD]}, ["there are 3 payments, not 2 (one more of -1, payment_kind 'refund')"]),
        ({"payments": [CASH, CASH]}, {"payments": [CASH]}, ["there are 2 payments, not 1"]),
        ({"payments": []}, {"payments": [CASH, CARD]}, ["there are 0 payments, not 2"]),
        ({"payments": [CASH, {**CARD, "amount": 1}]}, {"payments": [CARD, CASH]},
         ["a payment's amount is 1, not 4000"]),
    ],
)  # fmt: skip
def test_payments_are_compared_row_by_row(one: dict[str, Any], other: dict[str, Any], told: list[str]) -> None:
    """Rows are compared whatever their order; what is no list of rows is shown by its kind."""
    assert list(map(str, compare.payments_differ(one, other))) == told


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"expense": EXPENSE}, {"expense": None}, ["expense is an object of 3 fields, not null"]),
        ({"expense": None}, {"expense": EXPENSE}, ["expense is null, not an object of 3 fields"]),
        ({"expense": EXPENSE}, {"expense": {**EXPENSE, "status": "unpaid"}},
         ["the expense's status is 'paid', not 'unpaid'"]),
        ({"expense": None}, {}, []),
    ],
)  # fmt: skip
def test_expenses_are_compared_field_by_field(one: dict[str, Any], other: dict[str, Any], told: list[str]) -> None:
    """An expense that is gone, that is new, and that is another one are told apart."""
    assert list(map(str, compare.expense_differs(one, other))) == told


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([], None),
        (["a"], "a"),
        (["a", "b", "c"], "a; b; c"),
        (["a", "b", "c", "d", "e"], "a; b; c; and 2 more"),
    ],
)
def test_a_message_tells_three_differences(found: list[str], message: str | None) -> None:
    """The first three are reported, the others counted; of none nothing is said."""
    made = broken_by(Difference("field", f"/{word}", "1", "2", word) for word in found)

    assert (str(made) if made else None) == message
