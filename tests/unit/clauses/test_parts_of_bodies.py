"""What is no JSON, no envelope, no reason or no documented field: the parts of each breach."""

from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.clauses import NotApplicable, Terms, envelope, error_bodies, fields, money
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.exchange import Answer
from cancel_contract.fragment.document import load
from cancel_contract.fragment.schema_errors import SchemaError
from tests.unit.clauses.conftest import ACCOUNT, Judge, Maker

_TERMS: Final = Terms(load(), ACCOUNT)
_WHY: Final = Difference("error", "body", "without a text of the error", "an object with a text of the error")
_NONE_SHOWN: Final = NotApplicable(
    "this member is not shown service_amount, prepaid_amount, settlement_amount, payment_status, payments "
    "and expense of an appointment"
)


def _answer(m: Maker, body: bytes) -> Answer:
    answer = m.cancel(404, body=body).answer
    assert answer is not None
    return answer


_WITHOUT: Final = "a 404 without a JSON error"
_FIELD: Final = "the body of a 404 is an object of 1 field without a text of the error"
_SENTENCES: Final = {
    b"null": "the body of a 404 is null, not an object with a text of the error",
    b'{"id": 7}': _FIELD,
    b'{"id": 1, "id": 2}': _FIELD,
}
"""What is said of bodies that are JSON."""


def _json(got: str) -> Difference:
    return Difference("json", "body", got, "JSON that any parser takes")


@pytest.mark.parametrize(
    ("body", "found", "fault"),
    [
        (b"null", _WHY, "null"),
        (b'{"id": 7}', _WHY, None),
        (b'{"id": 1, "id": 2}', _WHY, "not strict JSON: the key 'id' stands twice in one object"),
        (b"", _json("empty"), "empty"),
        (b"<p>", _json("not JSON: Expecting value"), "not JSON"),
        (b"\xff", _json("not UTF-8"), "not UTF-8 from byte 0 on"),
    ],
)
def test_a_refusal_without_a_reason_says_what_it_is(maker: Maker, body: bytes, found: Any, fault: str | None) -> None:  # noqa: ANN401  a difference
    """Where in the body it fails is in the sentence alone."""
    answer = _answer(maker, body)
    broken = error_bodies.unexplained(answer, ", told")

    assert broken is not None
    assert (broken.differences, broken.message) == ((found,), f"{_SENTENCES.get(body, _WITHOUT)}, told")
    if fault:
        assert error_bodies.faulty(answer) == fault


@pytest.mark.parametrize(
    ("body", "got"),
    [(b"null", "null"), (b'{"a": NaN}', "NaN is not a JSON number"), (b"[1,", "not JSON: Expecting value")],
)
def test_a_body_that_no_strict_parser_takes_is_told_by_its_fault(maker: Maker, body: bytes, got: str) -> None:
    """The place of the fault is no part of it."""
    assert error_bodies.no_json(_answer(maker, body), "told").differences == (_json(got),)


def test_a_body_that_was_read_all_the_same_is_not_strict(maker: Maker) -> None:
    """Whatever the fault is, a lenient parser has taken it."""
    answer = replace(_answer(maker, b"{}"), json_fault="it is odd")

    assert error_bodies.faulty(answer) == "not strict JSON: it is odd"


@pytest.mark.parametrize("key", ["request_id", "trace-id", "Correlation-Id", "payload"])
def test_what_is_of_the_request_is_no_reason(maker: Maker, key: str) -> None:
    """However its key is spelled."""
    assert not error_bodies.says_why(_answer(maker, f'{{"{key}": "x"}}'.encode()))
    assert error_bodies.says_why(_answer(maker, f'{{"{key}": "x", "why": ["No"]}}'.encode()))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ([], Difference("body", "body", "an array", "an object with a payload")),
        ({}, Difference("body", "/payload", "missing", "an object")),
        ({"payload": "x"}, Difference("body", "/payload", "a string", "an object")),
    ],
)
def test_a_success_without_an_appointment_says_what_came(body: object, found: Difference) -> None:
    """The parts name the place and the type."""
    broken = envelope.no_payload(body)

    assert broken is not None
    assert broken.differences == (found,)


def test_an_error_of_the_fragment_becomes_a_difference() -> None:
    """Rows are one place, whichever it is."""
    error = SchemaError(
        ("payments", 1, "amount"), "type", "it is a text", is_null=False, got="a text", wanted="a number"
    )
    found = fields.difference(error)

    assert found == Difference("field", "/payments/*/amount", "a text", "a number")
    assert str(found) == "it is a text"


def test_money_that_a_member_may_not_see_is_not_missed(maker: Maker) -> None:
    """Amounts do not apply, and no field of them is missing; a refusal is not looked at."""
    hidden, refused = (
        maker.cancel(body={"payload": maker.payload(without=money.MONEY)}),
        maker.cancel(422, body={"payload": {"id": 7}}),
    )

    assert list(fields.whole_money(hidden, _TERMS)) == [_NONE_SHOWN]
    assert list(fields.documented(hidden, _TERMS)) == [None]
    assert list(fields.whole_money(refused, _TERMS)) == []
    assert list(fields.documented(refused, _TERMS)) == []


def test_each_answer_is_compared_with_the_fragment_by_itself(maker: Maker) -> None:
    """One that is whole says nothing of the next."""
    whole, partial = maker.cancel(), maker.cancel(without=["client_name"])

    assert list(fields.documented(whole, _TERMS)) == [None]
    assert [str(found) for found in fields.documented(partial, _TERMS)] == ["client_name is missing"]


@pytest.mark.parametrize(
    ("payments", "do"),
    [([{"amount": 1000}], True), ([{"amount": 999}], False), (None, False), (["x", {"amount": 1000}], False)],
)
def test_rows_add_up_where_each_tells_its_amount(payments: object, *, do: bool) -> None:
    """Of no list, and of rows that are no objects, nothing is known."""
    assert money.adds_up({"payments": payments, "prepaid_amount": 600, "settlement_amount": 400}) is do


@pytest.mark.parametrize("number", ["5555555555554444", "4000000000000903"])
def test_a_number_of_a_card_is_known_by_its_last_digit(judge: Judge, number: str) -> None:
    """Doubled fives and single nines count; another last digit makes it none."""
    found = judge("answer/inner-secrets", lambda m: m.cancel(pan=number))
    other = judge("answer/inner-secrets", lambda m: m.cancel(pan=number[:-1] + "1"))

    assert found == ("the number of a bank card is shown in the body, at /payload/pan",)
    assert other == (None,)
