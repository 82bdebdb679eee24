"""The evidence shows the API's words, and of personal data only type and length."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble
from cancel_contract.fragment.document import load
from cancel_contract.ledger.evidence import (
    LONGEST,
    answered,
    breach_of,
)
from cancel_contract.ledger.masked import known, masked
from cancel_contract.ledger.memory import Memory
from tests.unit.ledger.conftest import of_a_status

Made = Callable[..., Exchange]
PERSON = {
    "client_name": "Анна Каренина",
    "client_phone": "+7 701 555 12 34",
    "client_identifier": "890101300123",
    "client_birth_date": "1989-01-01",
    "client_gender": "female",
    "client_comment": "allergic",
}


def test_persons_data_print_as_type_and_length() -> None:
    """Personal fields appear by type and length only."""
    assert masked(PERSON) == {
        "client_name": "<string 13>",
        "client_phone": "<string 16>",
        "client_identifier": "<string 12>",
        "client_birth_date": "<string 10>",
        "client_gender": "<string 6>",
        "client_comment": "<string 8>",
    }


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("status", "no_show", "no_show"),
        ("starts_at", "2026-11-02T09:00:00Z", "2026-11-02T09:00:00Z"),
        ("id", 5001, 5001),
        ("contact_id", 2**62, 2**62),
        ("service_amount", 15_000_000, 15_000_000),
        ("service_amount", "15000000.00", "15000000.00"),
        ("amount", "870717400123", "<string 12>"),
        ("prepaid_amount", "8 707 174 001 23", "<string 16>"),
        ("expense", None, None),
        ("is_imported", True, True),
        ("external_ref", "cancel-contract-3f9c-1793600000-7", "cancel-contract-3f9c-1793600000-7"),
        ("external_ref", "crm-890101300123", "<string 16>"),
        ("external_ref", "cancel-contract-AnnaKarenina", "<string 28>"),
        ("source", "medelement", "medelement"),
        ("medelement_cancellation_mode", "local_only", "local_only"),
        ("source", "anna", "<string 4>"),
        ("client_phone", 77015551234, "<number>"),
        ("iin", 890101300123, "<number>"),
        ("note", "Anna", "<string 4>"),
        ("tags", ["Anna", 1], ["<string 4>", 1]),
        ("error", "Anna Karenina (+7 701 555 12 34) has it", "<string 4> <string 8> (<string 16>) has it"),
        ("starts_at", "x" * 41, "x" * 40 + "..."),
    ],
)
def test_only_the_apis_own_words_are_told(name: str, value: Any, shown: Any) -> None:  # noqa: ANN401  any JSON
    """Words, moments, ids and amounts of the API are reported, all else by type and length."""
    assert masked({name: value}) == {name: shown}


def test_an_answer_is_told_in_one_line(exchange: Made) -> None:
    """An answer appears in one line: status, content type and masked body."""
    body = {"payload": {"id": 7, "status": "cancelled", **PERSON, "payments": [{"amount": 1000}]}}

    assert answered(exchange(body=body)) == (
        '200 application/json {"payload": {"id": 7, "status": "cancelled", "client_name": "<string 13>", '
        '"client_phone": "<string 16>", "client_identifier": "<string 12>", "client_birth_date": "<string 10>", '
        '"client_gender": "<string 6>", "client_comment": "<string 8>", "payments": [{"amount": 1000}]}}'
    )


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b"<html>Anna</html>", "text/html", "500 text/html b'<html><string 4></html>' (17 bytes)"),
        (b"", None, "500 no content type <0 bytes>"),
        (b'{"a": NaN}', "application/json", '500 application/json {"a": NaN}'),
        ("Anna", "application/json", '500 application/json "<string 4>"'),
    ],
)
def test_what_is_no_json_is_shown_by_its_first_bytes(exchange: Made, body: object, kind: str | None, told: str) -> None:
    """A page, and JSON that not every parser takes, may hold anything."""
    assert answered(exchange(500, body, kind=kind)) == told


def test_an_appointment_is_told_to_its_end(exchange: Made) -> None:
    """What broke may be in the last field: payments and the expense stand there."""
    payload = load().resolve("/components/examples/FullAppointment/value")["payload"]

    told = answered(exchange(body={"payload": {**payload, "client_comment": "x" * 900, "expense": {"status": "paid"}}}))

    assert '"expense": {"status": "paid"}' in told
    assert not told.endswith("...")


def test_a_long_answer_is_shortened(exchange: Made) -> None:
    """A long answer is shortened to one line of a report."""
    told = answered(exchange(body={"payload": [{"id": 7}] * 1000}))

    assert len(told) == len("200 application/json ") + LONGEST + len("...")


def test_no_answer_is_told_by_its_trouble(exchange: Made) -> None:
    """Where nothing came, what went wrong stands in its place."""
    lost = Exchange(
        1, exchange().case, "https://one-link.test/", (), b"", exchange().started, 0.1, None, Trouble.LOST, "x"
    )

    assert answered(lost) == "no answer came (lost: x)"


def test_an_error_does_not_repeat_a_persons_data(exchange: Made) -> None:
    """What the appointment is known to hold is masked in the sentence of an error, too."""
    seen = exchange(body={"payload": PERSON})
    refusal = exchange(404, {"error": "Анна Каренина is not yours"})

    breach = breach_of(
        Episode(Kind.REFUSAL, ((Role.BEFORE, seen), (Role.CANCEL, refusal))), of_a_status("the refusal tells a name")
    )

    assert breach.answer == '404 application/json {"error": "<string 13> is not yours"}'


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("анна каренина is not yours", "<string 13> is not yours"),
        ("taken by каренина already", "taken by <string 8> already"),
        ("annulled for ANNA", "annulled for <string 4>"),
        ("a contract is no person", "a contract is no person"),
    ],
)
def test_a_name_is_known_in_small_letters_and_in_part(exchange: Made, said: str, told: str) -> None:
    """A lower-case word passes for one of a sentence; one of the person's name does not."""
    seen = exchange(body={"payload": {"client_name": "Анна Каренина"}})
    ours = exchange(body={"payload": {"client_name": "Contract test, Anna"}})
    refusal = exchange(404, {"error": said})

    breach = breach_of(
        Episode(Kind.REFUSAL, ((Role.BEFORE, seen), (Role.AFTER, ours), (Role.CANCEL, refusal))),
        of_a_status("it tells"),
    )

    assert breach.answer == f'404 application/json {{"error": "{told}"}}'


def test_the_headers_of_an_answer_are_told(exchange: Made) -> None:
    """What broke may stand there: words of HTTP as they are, all else by its length."""
    answer = Answer(
        200,
        (
            ("Content-Type", "application/json"),
            ("Cache-Control", "public, max-age=60"),
            ("X-Trace", "Anna at cancel.rb:42"),
            ("X-890101300123", "x"),
        ),
        b"{}",
    )

    told = breach_of(replace(exchange(), answer=answer), of_a_status("shared caches may keep it")).headers

    assert told == "Cache-Control: public, max-age=60\nX-Trace: <string 20>\n<header 14>: <string 1>"


def test_whoever_the_run_has_seen_is_known(exchange: Made) -> None:
    """A refusal that stands alone may name the client of an appointment that was read before."""
    seen = exchange(body={"payload": {"client_name": "Анна Каренина"}})
    refusal = exchange(404, {"error": "анна is not yours"})

    assert (
        breach_of(refusal, of_a_status("it tells"), Memory(known(seen))).answer
        == '404 application/json {"error": "<string 4> is not yours"}'
    )


def test_a_long_message_is_shortened(exchange: Made) -> None:
    """A server that answers an id of a thousand digits does not fill the screen."""
    assert breach_of(exchange(), of_a_status("x" * 1000)).message == "x" * 300 + "..."


def test_a_breach_has_the_differences_that_make_its_cause(exchange: Made) -> None:
    """The first is its cause; what they quote of a server is as discreet as the message, and not longer."""
    first = Difference("body", "/error", "'Anna is not yours'", "'it is not there'")
    second = Difference("field", "/status", "'scheduled'", "'cancelled'")

    breach = breach_of(exchange(), Broken((first, second), "it differs"))

    assert (breach.what, breach.where) == ("body", "/error")
    assert (breach.got, breach.wanted) == ("'<string 4> is not yours'", "'it is not there'")
    assert breach.more == (Difference("field", "/status", "'scheduled'", "'cancelled'"),)


def test_only_so_many_differences_are_kept(exchange: Made) -> None:
    """A hostile answer has thousands, each of any length."""
    many = tuple(Difference("field", f"/{number}", "x" * 1000, "y") for number in range(1000))

    breach = breach_of(exchange(), Broken(many, "it differs"))

    assert len(breach.more) == 49
    assert breach.got == "x" * 300 + "..."


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b'{"client_name": "Contract test"}', "client_name is taken from the request: "),
        (b"client_name=Contract+test", "client_name is taken from the request: "),
        (b'{"reason": ["Contract"]}', "what the request says is written into client_name: "),
        (b'{"client_name": "Another"}', ""),
        (b'{"reason": "test"}', ""),
    ],
)
def test_what_was_taken_from_the_request_is_told(exchange: Made, sent: bytes, told: str) -> None:
    """Its length alone would not say where it comes from."""
    taken = exchange(200, {"payload": {"client_name": "Contract test"}}, sent=sent)
    length = Difference("field", "/client_name", "another one", "as it was", "client_name is 13 characters long, not 7")

    message = breach_of(taken, Broken((length,), f"in the answer, {length}")).message

    assert message == f"{told}in the answer, client_name is 13 characters long, not 7"


def test_what_stood_there_before_was_not_said_by_the_request(exchange: Made) -> None:
    """Whoever sends back what was read has not written what a server adds to it."""
    was, now = ({"payload": {"external_ref": f"RS-1234567{end}"}} for end in ("", "-cancelled"))
    cancel = exchange(200, now, sent=b'{"payload": {"external_ref": "RS-1234567"}}')
    episode = Episode(Kind.FIRST_CANCEL, ((Role.BEFORE, exchange(200, was)), (Role.CANCEL, cancel)))
    longer = Difference("field", "/external_ref", "another one", "as it was", "external_ref is longer")

    message = breach_of(episode, Broken((longer,), f"in the answer, {longer}", cancel)).message

    assert message == "in the answer, external_ref is longer"
