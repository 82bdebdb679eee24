"""What a breach shows of a body that is not JSON, and of the run's own numbers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.compare import spelled
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.ledger.evidence import answered, breach_of
from cancel_contract.ledger.memory import Memory

OWN = "/api/v1/accounts/3/scheduling/appointments/87654321/cancel"
NO_JSON = broken("json", "body", "no JSON", "JSON that any parser takes", "the body is not JSON")


def _exchange(answer: Answer) -> Exchange:
    case = Case("effect/x#first", Intent.FIRST, OWN, appointment=87654321)
    return Exchange(1, case, f"https://one-link.test{OWN}", (), b"", datetime(2026, 11, 2, tzinfo=UTC), 0.1, answer)


def _page(body: bytes) -> Exchange:
    return _exchange(Answer(200, (("content-type", "text/html"),), body, None, "it is not JSON: Expecting value"))


def test_a_body_that_is_no_json_is_shown_by_its_first_bytes() -> None:
    """In the sentence and in the answer, escaped, with size and type."""
    breach = breach_of(_page(b"<html>\r\n<body>Please wait</body>"), NO_JSON)

    assert breach.message == r"the body is not JSON: b'<html>\r\n<body>Please wait</body>' (32 bytes, text/html)"
    assert breach.answer == r"200 text/html b'<html>\r\n<body>Please wait</body>' (32 bytes)"


def test_the_first_bytes_show_neither_token_nor_person() -> None:
    """A token was replaced when the answer was recorded; a person who was seen before is known in small letters."""
    breach = breach_of(_page(b"$ONELINK_API_TOKEN of anna karenina, Moscow"), NO_JSON, Memory({"anna karenina"}))

    shown = "b'$ONELINK_API_TOKEN of <string 13>, <string 6>'"
    assert breach.message == f"the body is not JSON: {shown} (43 bytes, text/html)"
    assert breach.answer == f"200 text/html {shown} (43 bytes)"


def test_of_what_is_wrong_far_behind_no_beginning_is_shown() -> None:
    """It would be that of any appointment."""
    fault = "the body is not JSON: Invalid control character at character {}"
    page = _page(b'{"payload": {"id": 7')

    near, far = (replace(NO_JSON, message=fault.format(place)) for place in (60, 61))

    assert breach_of(page, near).message.endswith(" (20 bytes, text/html)")
    assert "payload" in breach_of(page, near).message
    assert breach_of(page, far).message == f"{far.message} (20 bytes, text/html)"


def test_an_empty_body_has_no_first_bytes() -> None:
    """Its size says all."""
    assert answered(_page(b"")) == "200 text/html <0 bytes>"


def test_what_was_sent_back_is_masked_as_an_answer_is() -> None:
    """A request that holds an appointment as it was read holds what the server has put there."""
    sent = b'{"payload": {"id": 87654321, "status": "scheduled", "client_name": "Anna Karenina", "iin": 890417350128}}'
    page = _page(b"<p>")
    envelope = replace(page, case=replace(page.case, intent=Intent.ENVELOPE), request_body=sent)

    shown = '{"payload": {"id": 87654321, "status": "scheduled", "client_name": "<string 13>", "iin": "<number>"}}'
    assert shown in breach_of(envelope, NO_JSON).curl


def _json(body: object) -> Exchange:
    return _exchange(Answer(404, (("content-type", "application/json"),), b"{}", body))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"error": "No appointment 87654321 here"}, '{"error": "no appointment 87654321 here"}'),
        ({"payload": {"id": "87654321"}}, '{"payload": {"id": "87654321"}}'),
        ({"appointment": 87654321}, '{"appointment": 87654321}'),
        ({"error": "no appointment 87654322 here"}, '{"error": "no appointment <string 8> here"}'),
        ({"phone": "87654321234"}, '{"phone": "<string 11>"}'),
    ],
)
def test_numbers_that_the_request_names_are_shown(body: object, shown: str) -> None:
    """They stand in its curl line; any other of seven digits may be a telephone."""
    told = breach_of(_json(body), broken("status", "status", "404", "200")).answer

    assert told.lower() == f"404 application/json {shown}".lower()


def test_an_own_number_in_a_sentence_is_shown() -> None:
    """A server that answers its id as a text has told nobody's telephone."""
    told = Broken(NO_JSON.differences, "id is '87654321', not 87654321; name is '87654322'")

    assert breach_of(_json({}), told).message == "id is '87654321', not 87654321; name is '<string 8>'"


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ({}, "missing"),
        ({"status": None}, "null"),
        ({"status": "null"}, "'null'"),
        ({"status": "missing"}, "'missing'"),
        ({"status": True}, "true"),
        ({"status": 5}, "5"),
        ({"status": []}, "an empty array"),
    ],
)
def test_missing_null_and_a_text_are_told_apart(view: dict[str, object], told: str) -> None:
    """A text stands in quotes; what is not there and null do not."""
    assert spelled(view, "status") == told
