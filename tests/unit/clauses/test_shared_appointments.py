"""What counts as done by a cancel in an appointment that others write, too."""

from typing import Any

import pytest

from cancel_contract.clauses.shared_appointments import cancelled_or_emptied
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import Maker


@pytest.mark.parametrize(
    ("became", "told"),
    [
        (
            {
                "client_comment": "Call back",
                "client_name": "Another",
                "status": "confirmed",
                "payment_status": "prepaid",
            },
            "",
        ),
        ({"service_amount": 9000, "starts_at": "2031-01-01T05:00:00Z"}, ""),
        ({"status": "cancelled"}, "status is 'cancelled', not 'completed'"),
        ({"payment_status": "cancelled"}, "payment_status is 'cancelled', not "),
        ({"service_amount": 0}, "service_amount is 0, not "),
        ({"payments": []}, "payments is an empty array, not "),
        ({"payments": 7}, "payments is "),
        ({"expense": None}, "expense is null, not an object"),
    ],
)
def test_others_may_write_all_but_what_a_cancel_does(maker: Maker, became: dict[str, Any], told: str) -> None:
    """It is cancelled, or money is lost; whatever else is their own work."""
    before = maker.before()[1].payload or {}
    after = maker.after(**{**before, **became})

    found = cancelled_or_emptied(load(), before, after[1], "later")

    assert (found.message if found else "").startswith(f"later, {told}" if told else "")
    assert bool(found) is bool(told)
