"""What a doctor says of other members' tokens."""

from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
import pytest

from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.finding import Finding
from cancel_contract.tools.doctor.members import members
from tests.unit.run.conftest import Memory, Opened

QUESTION = "are the other tokens good?"
NOBODYS = "NobodysTokenJ5m2kX83w6Rr1C9"
ONLY_UNPRIVILEGED = {
    "foreign_api_token": None,
    "foreign_account_id": None,
    "foreign_appointment_id": None,
    "second_api_token": None,
}
ONLY_FOREIGN = {"unprivileged_api_token": None, "second_api_token": None}
UNPRIVILEGED_REMEDY = (
    "set it to the token of a member of the account who may not cancel, or to none where there is no such member"
)
ONLY_SECOND = {**ONLY_FOREIGN, **ONLY_UNPRIVILEGED, "second_api_token": SEED.second_token}
SECOND_REMEDY = (
    "set it to the token of another member of the account who may cancel, or to none where there is no such member"
)
FOREIGN_REMEDY = "set it to the token of a member of the second account only, or to none where there is no such member"
Asked = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def asked(make_run: Opened, memory: Memory) -> Asked:
    """Look at the other members' tokens; nothing is ever written, and no token is reported."""

    def ask(**settings: Any) -> tuple[Finding, ...]:  # noqa: ANN401 - values of any setting
        with make_run(**settings) as run:
            findings = tuple(members(run.context))
        assert {request.method for request in memory.asked} <= {"GET"}
        return findings

    return ask


def _answering(memory: Memory, token: str, status: int, error: str) -> None:
    memory.before = lambda request: (
        httpx.Response(status, json={"error": error}) if request.header("api_access_token") == token else request
    )


def test_each_token_that_is_named_is_looked_at(asked: Asked) -> None:
    """One read each, beside one with a token that nobody has."""
    assert asked() == (
        Finding(
            QUESTION,
            "ONELINK_UNPRIVILEGED_API_TOKEN is known, and refused as that of a member (status is 401)",
        ),
        Finding(QUESTION, "ONELINK_FOREIGN_API_TOKEN is refused in account 3"),
        Finding(QUESTION, "ONELINK_SECOND_API_TOKEN opens account 3"),
    )


def test_without_other_tokens_nothing_is_asked(asked: Asked, memory: Memory) -> None:
    """Without other members' tokens, or with `none` for them, nothing is asked."""
    assert asked(**ONLY_UNPRIVILEGED, unprivileged_api_token="none") == ()
    assert memory.asked == []


def test_a_member_who_may_read_is_one(asked: Asked, memory: Memory) -> None:
    """Many may look at what they may not cancel."""
    _answering(memory, SEED.unprivileged_token, 200, "")

    assert asked(**ONLY_UNPRIVILEGED) == (
        Finding(QUESTION, "ONELINK_UNPRIVILEGED_API_TOKEN is a member's of account 3, who may read"),
    )


def test_a_token_that_nobody_has_is_told(asked: Asked) -> None:
    """A token that the target does not know is reported, because its refusal would prove nothing."""
    assert asked(unprivileged_api_token=NOBODYS, foreign_api_token=NOBODYS + "1", second_api_token=NOBODYS + "2") == (
        Finding(
            QUESTION,
            "ONELINK_UNPRIVILEGED_API_TOKEN is answered as a token that nobody has (status is 401)",
            UNPRIVILEGED_REMEDY,
        ),
        Finding(
            QUESTION,
            "ONELINK_FOREIGN_API_TOKEN is answered as a token that nobody has (status is 401)",
            FOREIGN_REMEDY,
        ),
        Finding(
            QUESTION,
            "ONELINK_SECOND_API_TOKEN is answered as a token that nobody has (status is 401)",
            SECOND_REMEDY,
        ),
    )


def test_a_stranger_is_no_member(asked: Asked) -> None:
    """A member's token whose owner is not in the account is reported: the refusal of a stranger says nothing about
    members.
    """
    assert asked(**ONLY_UNPRIVILEGED | {"unprivileged_api_token": SEED.foreign_token}) == (
        Finding(
            QUESTION,
            "ONELINK_UNPRIVILEGED_API_TOKEN is refused as that of a stranger to account 3 (status is 401)",
            UNPRIVILEGED_REMEDY,
        ),
    )


def test_a_member_of_both_accounts_is_no_stranger(asked: Asked, memory: Memory) -> None:
    """A stranger's token whose owner is in the account is reported: its correct cancel would look like a breach."""
    _answering(memory, SEED.foreign_token, 200, "")

    assert asked(**ONLY_FOREIGN) == (
        Finding(
            QUESTION,
            "ONELINK_FOREIGN_API_TOKEN opens account 3, too, so that its owner may cancel there",
            FOREIGN_REMEDY,
        ),
    )


def test_a_second_member_who_may_not_even_look_is_none(asked: Asked, memory: Memory) -> None:
    """A second member is one who may do what the first may."""
    _answering(memory, SEED.second_token, 403, "You are not authorized to do this action")

    assert asked(**ONLY_SECOND) == (
        Finding(QUESTION, "ONELINK_SECOND_API_TOKEN is refused in account 3 (status is 403)", SECOND_REMEDY),
    )


def test_an_error_of_the_server_says_nothing_of_a_token(asked: Asked, memory: Memory) -> None:
    """A server error during the question about a token is reported as such."""
    _answering(memory, SEED.foreign_token, 500, "Internal Server Error")

    assert asked(**ONLY_FOREIGN) == (
        Finding(QUESTION, "ONELINK_FOREIGN_API_TOKEN cannot be looked at: status is 500", "look into the server's log"),
    )


def test_refusals_of_another_form_are_told_apart(asked: Asked, memory: Memory) -> None:
    """By what they say, and not by a number that each has of its own."""
    number = count()
    texts = {NOBODYS: "Bad token", SEED.unprivileged_token: "Not allowed"}

    def refuse(request: Request) -> httpx.Response:
        text = texts.get(request.header("api_access_token") or "", "Bad token")
        return httpx.Response(401, json={"detail": text, "trace": f"t{next(number):04}"})

    memory.before = refuse

    assert [one.is_good for one in asked(**ONLY_UNPRIVILEGED)] == [True]
    assert [one.is_good for one in asked(**ONLY_UNPRIVILEGED | {"unprivileged_api_token": NOBODYS})] == [False]
