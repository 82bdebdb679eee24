"""The errors that the fragment reports for invalid values."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.fragment import document as fragment
from cancel_contract.fragment.schema_errors import SchemaError
from cancel_contract.fragment.yaml_loader import parsed

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT = fragment.load()


def changed(**fields: object) -> dict[str, Any]:
    """Return the full example's payload with some fields set."""
    example = copy.deepcopy(SUBJECT.resolve("/components/examples/FullAppointment/value"))
    payload: dict[str, Any] = example["payload"]
    return payload | fields


def test_extra_fields_are_allowed() -> None:
    """Fields beyond the documented ones are no error, however deep, and whatever numbers they hold."""
    deep: Any = {}
    for _ in range(200):
        deep = {"below": [deep]}

    assert SUBJECT.payload_errors(changed(source="manual", ratio=1.5, whole=2.0, deep=deep)) == ()


def test_huge_id_is_allowed() -> None:
    """The largest number of 64 bits is an id."""
    assert SUBJECT.payload_errors(changed(id=2**63 - 1)) == ()


@pytest.mark.parametrize(
    ("fields", "keyword", "message"),
    [
        ({"account_id": None}, "type", "account_id is null, not integer"),
        ({"status": None}, "type", "status is null, not string"),
        ({"id": 100.0}, "type", "id is 100.0, not integer"),
        ({"id": 100.5}, "type", "id is 100.5, not integer"),
        ({"id": "12"}, "type", "id is a string of 2 characters, not integer"),
        ({"service_id": 1.0}, "type", "service_id is 1.0, not integer"),
        ({"service_id": True}, "type", "service_id is true, not null or integer"),
        ({"id": 0}, "minimum", "id is 0, not >= 1"),
        ({"id": 2**63}, "maximum", "id is 9223372036854775808, not <= 9223372036854775807"),
        ({"id": 10**4000}, "maximum", "id is an integer of 13288 bits, not <= 9223372036854775807"),
        ({"duration_min": 721}, "maximum", "duration_min is 721, not <= 720"),
        ({"appointment_type": "third"}, "enum", "appointment_type is 'third', not one of primary, secondary, other"),
        (
            {"status": "No-Show"},
            "enum",
            "status is 'No-Show', not one of scheduled, confirmed, completed, cancelled, no_show",
        ),
        (
            {"status": "canceled"},
            "enum",
            "status is 'canceled', not one of scheduled, confirmed, completed, cancelled, no_show",
        ),
        (
            {"status": "не отменена"},
            "enum",
            "status is a string of 10 Cyrillic letters, not one of scheduled, confirmed, completed, cancelled, no_show",
        ),
        (
            {"status": "отменена 2"},
            "enum",
            "status is a string of 10 characters, not one of scheduled, confirmed, completed, cancelled, no_show",
        ),
        (
            {"starts_at": "2027-03-01T01:00:00"},
            "format",
            "starts_at is a string of 19 characters (0000-00-00T00:00:00), not a date-time",
        ),
        (
            {"client_birth_date": "2027-02-30"},
            "format",
            "client_birth_date is a string of 10 characters (0000-00-00), not a date",
        ),
        (
            {"client_birth_date": "0000-01-01"},
            "pattern",
            (
                "client_birth_date is a string of 10 characters (0000-00-00), "
                "not of the pattern ^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}$"
            ),
        ),
        ({"client_phone": 77}, "type", "client_phone is a number, not null or string"),
        ({"client_name": ["Иванов"]}, "type", "client_name is an array of 1 entry, not string"),
        ({"expense": False}, "type", "expense is false, not null or object"),
    ],
)
def test_what_is_wrong_with_a_field(fields: dict[str, Any], keyword: str, message: str) -> None:
    """Each kind of disagreement is reported once, with its place, its keyword and a message free of personal data."""
    ((field, value),) = fields.items()

    assert SUBJECT.payload_errors(changed(**fields)) == (SchemaError((field,), keyword, message, value is None),)


@pytest.mark.parametrize(
    ("part", "keyword", "message"),
    [
        ({"amount": -3}, "minimum", "payments/1/amount is -3, not >= 1"),
        ({"amount": 3.0}, "type", "payments/1/amount is 3.0, not integer"),
        ({"payment_kind": None}, "type", "payments/1/payment_kind is null, not string"),
    ],
)
def test_what_is_wrong_with_a_payment(part: dict[str, Any], keyword: str, message: str) -> None:
    """An error in an array is reported with the index of the element it is in."""
    payload = changed()
    payload["payments"][1] |= part

    ((name, value),) = part.items()
    expected = SchemaError(("payments", 1, name), keyword, message, value is None)

    assert SUBJECT.payload_errors(payload) == (expected,)


def test_what_an_expense_lacks() -> None:
    """A missing nested field is shown by the whole way to it."""
    expected = SchemaError(("expense", "status"), "required", "expense/status is missing", is_null=False)

    assert SUBJECT.payload_errors(changed(expense={"id": 1, "amount": 0})) == (expected,)


def test_text_that_is_no_unicode() -> None:
    """A property name with a lone surrogate, which no UTF-8 can hold, is an error and no crash."""
    message = "payload holds text that is no Unicode: a lone surrogate"

    assert SUBJECT.payload_errors(changed(**{"\ud800": 1})) == (SchemaError((), "encoding", message, is_null=False),)


@pytest.mark.parametrize(("value", "keyword"), [("2027-03-01t01:00:00", "format"), ("2016-12-31T23:59:60Z", "pattern")])
def test_one_error_at_each_place(value: str, keyword: str) -> None:
    """A text that breaks format and pattern alike is reported once, by its format."""
    assert [error.keyword for error in SUBJECT.payload_errors(changed(starts_at=value))] == [keyword]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, [], "body is an array of 0 entries, not object"),
        (200, None, "body is null, not object"),
        (200, {}, "payload is missing"),
        (
            401,
            {"error": "no", "errors": ["no"]},
            "body is an object of 2 fields, not exactly one of the promised shapes",
        ),
        (401, {"errors": []}, "errors is an array of 0 entries, not of 1 or more"),
        (401, {"error": {"type": "no"}}, "error is an object of 1 field, not string"),
        (401, {"fault": "no"}, "body is an object of 1 field, not exactly one of the promised shapes"),
        (404, {"error": None}, "error is null, not string"),
        (422, {"error": "no"}, "code is missing"),
    ],
)
def test_what_is_wrong_with_an_answer(status: int, body: object, expected: str) -> None:
    """A whole body is judged by the answer its status names."""
    assert [error.message for error in SUBJECT.answer_errors(status, body)] == [expected]


def test_places_in_an_answer_begin_at_the_body() -> None:
    """The place of an error in a whole answer leads through the envelope."""
    (error,) = SUBJECT.answer_errors(200, {"payload": changed(id=None)})

    assert (error.path, error.message) == (("payload", "id"), "payload/id is null, not integer")


def test_status_that_is_not_named_has_no_shape() -> None:
    """An answer whose status the fragment does not name has no schema to break."""
    assert SUBJECT.answer_errors(500, "anything") == ()


@pytest.mark.parametrize("field", SUBJECT.documented_fields)
def test_every_field_is_required(field: str) -> None:
    """A payload without one documented field is shown by that field's name."""
    payload = changed()
    del payload[field]

    assert SUBJECT.payload_errors(payload) == (SchemaError((field,), "required", f"{field} is missing", is_null=False),)


@pytest.mark.parametrize("field", SUBJECT.documented_fields)
def test_null_is_allowed_exactly_where_named(field: str) -> None:
    """Null in a field is an error unless the field is nullable."""
    errors = SUBJECT.payload_errors(changed(**{field: None}))

    assert [error.is_null for error in errors] == ([] if field in SUBJECT.nullable_fields else [True])


def test_keyword_without_a_phrase_is_named(tmp_path: Path) -> None:
    """A keyword that the fragment does not use today is shown by its name."""
    document = parsed(SUBJECT.path.read_text())
    document["components"]["schemas"]["Money"]["multipleOf"] = 5
    path = tmp_path / "fragment.yaml"
    path.write_text(json.dumps(document))

    (error,) = fragment.load(path).payload_errors(changed(service_amount=7))

    assert (error.keyword, error.message) == ("multipleOf", "service_amount is 7, not as 'multipleOf' has it")
