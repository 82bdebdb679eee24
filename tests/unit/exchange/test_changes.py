"""What an appointment has become is told from what is known of it."""

from typing import Any

import pytest

from cancel_contract.exchange.changes import changes
from cancel_contract.fragment.document import load

CASH = {"id": 1, "amount": 1000, "payment_method": "cash", "payment_kind": "prepaid"}
CARD = {"id": 2, "amount": 4000, "payment_method": "card", "payment_kind": "payment"}
EXPENSE = {"id": 9, "amount": 2000, "status": "paid"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"payments": [CASH, CARD]}, {"payments": [CARD, CASH]}, []),
        ({"avatar_url": "https://a.test/?sig=1"}, {"avatar_url": "https://a.test/?sig=2"}, []),
        # Of two builds one may show what no page documents.
        ({"payments": [CASH]}, {"payments": [{**CASH, "recorded_by_id": 5}]}, []),
        ({"expense": {**EXPENSE, "paid_by_id": 4}}, {"expense": EXPENSE}, []),
        (
            {"payments": [{**CASH, "recorded_by_id": 4}]},
            {"payments": [{**CASH, "recorded_by_id": 5}]},
            ["payments is another one: 'recorded_by_id' is another one"],
        ),
        (
            {"created_at": "2026-11-02T05:00:00Z"},
            {"created_at": "2026-11-02T05:00:01Z"},
            ["created_at is '2026-11-02T05:00:01Z' (1 second later), not '2026-11-02T05:00:00Z'"],
        ),
        ({"updated_at": "2026-11-02T05:00:00Z"}, {"updated_at": "2026-11-02T05:00:01Z"}, []),
        ({"custom_attributes": {}, "client_comment": "x"}, {"custom_attributes": None}, []),
        ({"client_comment": "x"}, {"client_comment": None}, ["client_comment is null, not a text of 1 character"]),
        ({"contact_id": None, "conversation_id": None}, {"contact_id": 51, "conversation_id": 71}, []),
        ({"contact_id": 51}, {"contact_id": 52}, ["contact_id is 52, not 51"]),
        ({"conversation_id": 71}, {"conversation_id": None}, ["conversation_id is null, not 71"]),
        ({"status": "scheduled"}, {"status": "cancelled"}, ["status is 'cancelled', not 'scheduled'"]),
        (
            {"payments": [{**CASH, "receipt_url": "?sig=1"}], "expense": {**EXPENSE, "days_overdue": 1}},
            {"payments": [{**CASH, "receipt_url": "?sig=2"}], "expense": {**EXPENSE, "days_overdue": 2}},
            [],
        ),
        (
            {"expense": {**EXPENSE, "paid_by_id": None}},
            {"expense": {**EXPENSE, "paid_by_id": 4}},
            ["expense is another one: 'paid_by_id' is an integer, not null"],
        ),
        ({"payments": [CASH]}, {"payments": None}, ["payments is null, not an array of 1 entry"]),
        ({"payments": 1}, {"payments": 2}, ["payments is 2, not 1"]),
    ],
)
def test_a_change_is_one_of_what_is_known(before: dict[str, Any], after: dict[str, Any], told: list[str]) -> None:
    """Documented and observed fields count.

    The order of payments, fields that nobody knows, when a row was written, and what is found later do not.
    """
    assert list(map(str, changes(load(), before, after))) == told
