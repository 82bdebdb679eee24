"""Differences between two views of an appointment are described without personal data."""

from typing import Any

import pytest

from cancel_contract.exchange import compare
from cancel_contract.exchange.difference import Difference, broken_by
from cancel_contract.fragment.document import load

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
        ({"payments": [CASH]}, {"payments": [CASH, CARD]}, ["there are 1 payments, not 2"]),
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


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"payments": [CASH, CARD]}, {"payments": [CARD, CASH]}, []),
        ({"avatar_url": "https://a.test/?sig=1"}, {"avatar_url": "https://a.test/?sig=2"}, []),
        ({"payments": [CASH]}, {"payments": [{**CASH, "recorded_by_id": 5}]}, ["payments is another one"]),
        (
            {"created_at": "2026-11-02T05:00:00Z"},
            {"created_at": "2026-11-02T05:00:01Z"},
            ["created_at is '2026-11-02T05:00:01Z', not '2026-11-02T05:00:00Z' (1 second later)"],
        ),
        ({"updated_at": "2026-11-02T05:00:00Z"}, {"updated_at": "2026-11-02T05:00:01Z"}, []),
        ({"contact_id": None, "conversation_id": None}, {"contact_id": 51, "conversation_id": 71}, []),
        ({"contact_id": 51}, {"contact_id": 52}, ["contact_id is 52, not 51"]),
        ({"conversation_id": 71}, {"conversation_id": None}, ["conversation_id is null, not 71"]),
        ({"status": "scheduled"}, {"status": "cancelled"}, ["status is 'cancelled', not 'scheduled'"]),
        ({"payments": [CASH]}, {"payments": None}, ["payments is null, not an array of 1 entry"]),
        ({"payments": 1}, {"payments": 2}, ["payments is 2, not 1"]),
    ],
)
def test_a_change_is_one_of_what_is_known(before: dict[str, Any], after: dict[str, Any], told: list[str]) -> None:
    """Documented and observed fields count.

    The order of payments, fields that nobody knows, when a row was written, and what is found later do not.
    """
    assert list(map(str, compare.changes(load(), before, after))) == told
