"""An appointment in a few words: what may set broken cases apart, and nothing of a person."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cancel_contract.exchange.described import described, standing, traits

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (None, ""),
        ({}, ""),
        ({"status": "confirmed", "payment_status": "paid"}, "status confirmed, payment_status paid"),
        ({"status": "Anna Karenina", "payment_status": 7, "client_name": "Anna"}, ""),
        ({"service_amount": 0, "prepaid_amount": None}, "service_amount 0"),
        ({"service_amount": "0", "service_id": 31, "contact_id": None}, "with a service"),
        ({"expense": {"status": "paid"}}, "an expense that is paid"),
        ({"expense": {"status": "Anna"}}, ""),
        ({"starts_at": "2026-11-23T13:30:00Z", "ends_at": "2026-11-23T14:00:00Z"}, "30 minutes, begins in 90 minutes"),
        ({"starts_at": "2026-11-26T13:00:00Z", "ends_at": "2026-11-26T14:00:00Z"}, "60 minutes, begins in 3 days"),
        (
            {"starts_at": "2026-11-23T11:30:00Z", "ends_at": "2026-11-23T12:30:00Z"},
            "60 minutes, began 30 minutes ago, is under way",
        ),
        ({"starts_at": "2025-11-23T11:30:00Z", "ends_at": "2025-11-23T12:00:00Z"}, "30 minutes, began 365 days ago"),
        ({"starts_at": "2026-11-23T13:30:00", "ends_at": "soon"}, ""),
    ],
)
def test_an_appointment_is_described(payload: dict[str, Any] | None, expected: str) -> None:
    """By the API's own words and numbers; what is no such word is left out."""
    assert described(payload, NOW) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"payments": [{"payment_method": "card", "payment_kind": "prepaid"}]},
         {"1 payment", "with payments", "a payment by card", "a payment by card with payment_kind prepaid"}),
        ({"payments": [{"payment_method": "Anna K", "payment_kind": "prepaid"}, "x"]}, {"2 payments", "with payments"}),
        ({"payments": [{"payment_method": "card", "payment_kind": None}]},
         {"1 payment", "with payments", "a payment by card"}),
        ({"payments": []}, {"0 payments", "without payments"}),
        ({"expense": {"status": "paid"}}, {"an expense that is paid"}),
        ({"expense": {"status": "Anna Karenina"}}, {"an expense"}),
        ({"expense": None}, {"without an expense"}),
        ({"external_ref": "x" * 64}, {"external_ref of 64 characters"}),
        ({"appointment_type": "secondary"}, {"appointment_type secondary"}),
        ({"appointment_type": "Anna Karenina"}, set()),
        ({"client_birth_date": "1956-02-29"}, {"client_birth_date is given", "client_birth_date before 1970"}),
        ({"client_birth_date": "2024-03-01"}, {"client_birth_date is given", "client_birth_date in or after 1970"}),
        ({"client_birth_date": "soon"}, {"client_birth_date is given"}),
        ({"client_name": "\u00e9"}, {"client_name with letters beyond ASCII"}),
        ({"client_name": "e\u0301"},
         {"client_name with letters beyond ASCII", "client_name in decomposed letters"}),
        ({"client_name": "x" * 41}, {"client_name longer than 40 characters"}),
        ({"client_name": "x  "}, {"client_name with several blanks in a row"}),
        ({"custom_attributes": {}}, {"custom_attributes empty"}),
        ({"custom_attributes": {"a": 1}}, {"custom_attributes given"}),
        ({"custom_attributes": {"a": {}}}, {"custom_attributes given", "custom_attributes with an object in them"}),
        ({"client_comment": "x"}, {"client_comment is given"}),
        ({"id": 2**53 + 1}, {"an id that a floating-point number cannot hold"}),
        ({"id": 2**53 + 2}, set()),
        ({"id": 10**400 + 1}, set()),
        ({"starts_at": "2026-11-23T13:30:00Z", "ends_at": "2026-11-23T14:20:00Z", "duration_min": 60},
         {"50 minutes", "more than 30 minutes", "more than 45 minutes", "less than 60 minutes", "less than 90 minutes",
          "a duration_min that differs from its times"}),
        ({"prepaid_amount": 32767}, {"prepaid_amount above 0"}),
        ({"prepaid_amount": 32768}, {"prepaid_amount above 0", "prepaid_amount above 32767"}),
    ],
)  # fmt: skip
def test_traits_are_words_of_the_api_and_numbers(payload: dict[str, Any], expected: set[str]) -> None:
    """How it was paid, what is owed for it, and how long its reference is."""
    assert {*traits(payload)} - {*traits({})} == expected


def test_whether_a_name_is_one_word_is_a_trait() -> None:
    """Who parts a name into two finds no second part."""
    told = "client_name of one word"

    assert [told in traits({"client_name": name}) for name in ("Contract", "Contract Test")] == [True, False]


def test_of_what_is_cancelled_no_status_is_told() -> None:
    """It is that of everything that is cancelled; where the status is nobody knows, there is no trait."""
    assert [*standing({"status": "cancelled", "payment_status": "cancelled"})] == [
        "the appointment was cancelled already"
    ]
    assert [*standing({"status": "no_show"})] == ["the appointment was active", "status no_show"]
    assert [*standing({"status": "Anna Karenina"})] == [*standing({})] == []
