"""What may be shown of the ids of a request and of its answer."""

import pytest

from cancel_contract.redaction.headers import discreet_value
from cancel_contract.redaction.personal_data import discreet
from cancel_contract.redaction.request_ids import answered, is_own

OWN = "cancel-contract-3f9a01bc-12"
UUID = "5f0d0c1e-9c3a-4b8e-8f5d-1f2e3d4c5b6a"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (OWN, True), ("cancel-contract-3f9a01bc-0-12", True), (f"{OWN} ", False), (f"x{OWN}", False),
        ("cancel-contract-3f9a01bc", False), ("cancel-contract-3F9A01BC-12", False), (UUID, False), ("", False),
        ("$EXTRA_HEADER_X-Request-Id", False),
    ],
)  # fmt: skip
def test_an_own_id_has_one_form(text: str, own: bool) -> None:  # noqa: FBT001
    """Run, perhaps worker, and number: nothing that Rails would leave out."""
    assert is_own(text) is own


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Request-Id", UUID), ("x-request-id", OWN), ("X-Correlation-Id", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("Request-Id", f"req_{'0a' * 16}"), ("X-Amzn-RequestId", UUID), ("CF-Ray", "8f1b2c3d4e5f6a7b-ALA"),
        ("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1"),
        ("X-Request-Id", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        ("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ],
)  # fmt: skip
def test_ids_of_an_answer_are_shown(name: str, value: str) -> None:
    """What servers and gateways make to be found in a log is shown with its header."""
    assert answered([("Content-Type", "text/html"), (name, value)]) == f"{value} ({name})"
    assert discreet_value(name, value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Request-Id", "anna@clinic.example"), ("X-Request-Id", "Anna Smith"), ("X-Request-Id", "+7 701 123 45 67"),
        ("X-Request-Id", "77011234567"), ("X-Request-Id", "$ONELINK_API_TOKEN"), ("X-Request-Id", f"{OWN}; {UUID}"),
        ("X-Request-Id", "Bearer eyJhbGciOiJIUzI1NiJ9"), ("X-Correlation-Id", "Token7f3cA91e7Bb2D4860"),
        ("Traceparent", "anna"), ("CF-Ray", "8f1b2c3d4e5f6a7b-anna"), ("X-Amzn-Trace-Id", "Root=anna"),
        ("Authorization", UUID), ("X-Api-Key", UUID), ("Set-Cookie", UUID),
    ],
)  # fmt: skip
def test_no_name_and_no_token_is_shown_as_an_id(name: str, value: str) -> None:
    """A value of another form may be anything, and so may a header that is no request's id."""
    assert answered([(name, value)]) == ""
    assert discreet_value(name, value) == f"<string {len(value)}>"


def test_an_echo_is_no_id_of_the_answer() -> None:
    """What repeats the request's id says nothing new; one id under two names is told once."""
    pairs = [("X-Request-Id", OWN), ("X-Correlation-Id", UUID), ("Request-Id", UUID)]

    assert answered(pairs, OWN) == f"{UUID} (X-Correlation-Id)"
    assert answered(pairs[:1], OWN) == ""


def test_own_ids_stay_in_texts() -> None:
    """The run's own ids are never masked; what only looks like one is."""
    assert discreet(f"request {OWN} failed") == f"request {OWN} failed"
    assert discreet("request cancel-contract-3f9a-1793600000-7: failed").count("<string") == 0
    assert discreet(f"request {OWN}-anna failed") == f"request <string {len(OWN) + 5}> failed"
