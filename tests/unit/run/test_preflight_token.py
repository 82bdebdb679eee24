"""What the preflight finds about the token and the account."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.finding import Finding
from tests.unit.run.conftest import Examined, Memory

THERE = Finding("is the target there?", "it answers in 1 ms, without TLS")
API = Finding("is it this API?", "it answers 401 in JSON where no token is sent")
WRONG = "NobodysTokenQ7f3cA91e7Bb2D48"


@pytest.mark.parametrize(
    ("settings", "fact", "remedy"),
    [
        (
            {"api_token": WRONG},
            "401 (Invalid Access Token)",
            "take a fresh token from the profile page into ONELINK_API_TOKEN",
        ),
        (
            {"api_token": SEED.foreign_token, "foreign_api_token": None},
            "401 (You are not authorized to access this account)",
            "make the token's owner a member of ONELINK_ACCOUNT_ID",
        ),
        (
            {"api_token": SEED.unprivileged_token, "unprivileged_api_token": None},
            "401 (You are not authorized to do this action)",
            "give the token's owner the permission to use scheduling, or take another member's token",
        ),
        (
            {"account_id": SEED.suspended_account_id},
            "401 (Account is suspended)",
            "have the account of ONELINK_ACCOUNT_ID taken back into service, or name another",
        ),
        (
            {"account_id": SEED.disabled_account_id, "disabled_account_id": None},
            "the list of appointments answers 403",
            "switch scheduling on for the account, let the token's owner list appointments, or name another account",
        ),
        (
            {"account_id": 99},
            "the list of appointments answers 404",
            "correct ONELINK_ACCOUNT_ID: there is no such account, or the API is under another path",
        ),
    ],
    ids=["wrong", "stranger's", "unprivileged", "suspended", "scheduling-off", "no-account"],
)
def test_a_token_or_account_that_does_not_fit_is_told(
    examined: Examined, settings: dict[str, Any], fact: str, remedy: str
) -> None:
    """The refusal is reported in the target's words, with what to do about it, and nothing more is asked."""
    assert examined(**settings) == (
        THERE,
        API,
        Finding("is the token good, the account visible?", fact, remedy),
    )


def test_an_answer_that_no_remedy_is_known_for_is_told(examined: Examined, memory: Memory) -> None:
    """A list that fails points to the server's log."""
    memory.after = lambda _, response: response if response.status_code == 401 else httpx.Response(500)

    assert examined()[-1] == Finding(
        "is the token good, the account visible?",
        "the list of appointments answers 500",
        "look into the server's log for this request",
    )


def test_a_token_that_seems_never_to_come_is_told(examined: Examined, memory: Memory) -> None:
    """Where all are refused as if they showed none, the token may have been lost on its way."""
    memory.before = lambda _: httpx.Response(401, json={"errors": ["You need to sign in"]})

    assert examined()[-1] == Finding(
        "is the token good, the account visible?",
        "401 (as where no token is sent)",
        "take a fresh token from the profile page into ONELINK_API_TOKEN; if the same token works elsewhere, a proxy "
        "drops headers whose name has an underscore (nginx: underscores_in_headers on)",
    )


def _dropping_underscores(request: Request) -> Request:
    return replace(request, headers=tuple(pair for pair in request.headers if "_" not in pair[0]))


def test_a_proxy_that_drops_underscores_is_found_out(examined: Examined, memory: Memory) -> None:
    """A good token that only passes under a name with dashes points to the proxy, and to its switch."""
    memory.before = _dropping_underscores

    assert examined()[-1] == Finding(
        "is the token good, the account visible?",
        "401 with the header api_access_token, 200 with api-access-token",
        "a proxy drops headers whose name has an underscore: nginx needs underscores_in_headers on",
    )


def _failing_on_encodings(request: Request) -> Request | httpx.Response:
    failing = request.header("accept-encoding") == "gzip" and request.header("api_access_token")
    return httpx.Response(401, json={"error": "Invalid Access Token"}) if failing else request


def test_a_server_that_fails_on_encodings_is_found_out(examined: Examined, memory: Memory) -> None:
    """A good token that is only refused beside Accept-Encoding is no matter of tokens."""
    memory.before = _failing_on_encodings

    assert examined()[-1] == Finding(
        "is the token good, the account visible?",
        "401 with Accept-Encoding: gzip, 200 without",
        "the server fails on Accept-Encoding, which every client library sends: mend it, it is no matter of tokens",
    )


def test_a_refusal_without_a_word_is_told(examined: Examined, memory: Memory) -> None:
    """Where the target says nothing of the reason, the message says so."""
    silent = httpx.Response(401, json={"errors": []})
    memory.before = lambda asked: silent if asked.header("api_access_token") else httpx.Response(401, json={"e": "No"})

    assert examined()[-1].fact == "401 (as where no token is sent)"
