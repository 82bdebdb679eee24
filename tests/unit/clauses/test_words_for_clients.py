"""Which keys are about clients and which about staff, and whose names and numbers stand under them."""

from typing import Any, Final

import pytest

from cancel_contract.clauses.other_clients import is_of_the_house, other_client, tail
from tests.unit.clauses.conftest import Judge, Maker

_OURS: Final = {"contact_id": None, "client_name": "Contract Test", "client_phone": "+7 000 000 00 00"}
_PHONE: Final = "+7 000 000 00 02"


@pytest.mark.parametrize(
    ("keys", "is_one"),
    [
        (("doctor",), True),
        (("doctor", "name"), True),
        (("created_by", "phone"), True),
        (("client", "doctor"), True),
        (("visit", "client", "doctor"), True),
        (("patient_coordinator",), False),
        (("stylist", "phone"), True),
        (("cancelled_by", "supervisor", "name"), True),
        (("doctor", "client"), False),
        (("doctor", "schedule", "name"), False),
    ],
)
def test_a_value_is_of_the_house_under_a_word_for_it(keys: tuple[str, ...], *, is_one: bool) -> None:
    """Directly under it, and not where a client stands."""
    assert is_of_the_house(keys) is is_one


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+7 701 000 00 81", "7010000081"),
        ("7010000081", "7010000081"),
        ("8 701 000-00-8", "8701000008"),
        ("701-81", ""),
    ],
)
def test_a_number_is_compared_by_its_last_ten_digits(text: str, digits: str) -> None:
    """A country's code comes before them; of fewer nothing is compared."""
    assert tail(text) == digits


@pytest.mark.parametrize(
    "visit",
    [
        # One of two names is ours.
        {"client_name": "Contract Test", "guest": "Another Person", "phone": _PHONE},
        # An initial says nothing.
        {"client_name": "A.", "phone": _PHONE},
        # A number and a day under other keys.
        {"client_name": "Another Person", "code": "12345678"},
        {"client_name": "Another Person", "phone": {"verified": "2026-11-02"}},
        # A key without letters.
        {"1": "Another Person", "phone": _PHONE},
    ],
)
def test_a_name_without_a_number_is_nobody_else(judge: Judge, visit: dict[str, Any]) -> None:
    """Both have to be another client's."""
    assert judge("answer/nobody-else", lambda m: m.cancel(**_OURS, visit=visit)) == (None,)


@pytest.mark.parametrize(
    ("key", "is_somebody"),
    [
        ("client_portal", False), ("patient_pharmacy", False), ("visit_lab", False), ("next_step", False),
        ("billing_contact", False), ("booking_line", False), ("guest_host", False), ("emergency_contact", False),
        ("visit", False), ("booking", False),
        ("next_client", True), ("clients_of_day", True), ("visitor", True), ("previousPatient", True),
        ("visits", True), ("next_visit", True),
    ],
)  # fmt: skip
def test_what_a_client_has_is_no_client(judge: Judge, key: str, *, is_somebody: bool) -> None:
    """The last word of a key says who or what stands there; a visit's own name is that of its kind."""
    found = judge("answer/nobody-else", lambda m: m.cancel(**_OURS, **{key: {"name": "City Line", "phone": _PHONE}}))

    assert (found != (None,)) is is_somebody


def test_an_account_has_a_contact_of_its_own(judge: Judge) -> None:
    """What stands around a contact says whose it is."""
    account = {"contact_name": "Head Office", "contact_phone": _PHONE}

    assert judge("answer/nobody-else", lambda m: m.cancel(**_OURS, account=account)) == (None,)


def test_the_appointment_itself_is_nobody_beside_it(maker: Maker) -> None:
    """Whose it is, other clauses say."""
    answer = maker.cancel(client_name="Another Person", client_phone=_PHONE, without=["id"]).answer

    assert answer is not None
    assert other_client(answer, {**_OURS, "id": 7}) is None
