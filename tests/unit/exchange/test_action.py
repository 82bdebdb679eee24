"""What the action under contract makes of an appointment, and how it is known to be done."""

import pytest

from cancel_contract.exchange.action import ACTION, CANCEL
from cancel_contract.fragment.document import load


@pytest.mark.parametrize(
    ("expense", "left"),
    [({"id": 1, "status": "unpaid"}, None), ({"id": 1, "status": "paid"}, {"id": 1, "status": "paid"}), (None, None)],
)
def test_an_unpaid_expense_goes_and_a_paid_one_stays(expense: object, left: object) -> None:
    """What a cancel makes of an appointment, its expense included."""
    before = {"status": "completed", "payment_status": "paid", "expense": expense, "client_name": "A"}

    assert CANCEL.after(before) == {
        "status": "cancelled", "payment_status": "cancelled", "expense": left, "client_name": "A",
    }  # fmt: skip


def test_a_field_that_is_never_sent_is_not_foretold() -> None:
    """What the target does not show before, it need not show after."""
    assert CANCEL.after({"status": "confirmed"}) == {"status": "cancelled", "expense": None}


@pytest.mark.parametrize(
    ("payload", "done"),
    [
        ({"status": "cancelled"}, True),
        ({"status": "canceled"}, False),
        ({}, False),
        (None, False),
        ("cancelled", False),
    ],
)
def test_it_is_known_by_the_status(payload: object, done: object) -> None:
    """Whatever is no appointment with the word is not done."""
    assert CANCEL.is_done(payload) is done


def test_its_words_are_those_of_the_fragment() -> None:
    """Each field that the action changes, or that undoes it, is documented, with the value that it takes."""
    properties = load().resolve("/components/schemas/Appointment/properties")

    assert all(value in load().resolve(f"{properties[name]['$ref']}/enum") for name, value in ACTION.changes.items())
    assert all(value in load().resolve(f"{properties[name]['$ref']}/enum") for name, value in ACTION.undo.items())
    assert ACTION.done == ACTION.changes["status"]
    assert ACTION.path(3, "7 ") == "/api/v1/accounts/3/scheduling/appointments/7 /cancel"
