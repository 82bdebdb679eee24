"""Whose appointment an answer shows, and whether the request's body has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cancel_contract.clauses import identity
from cancel_contract.exchange.difference import Difference
from tests.unit.clauses.raw_findings import only_breach
from tests.unit.clauses.test_disclosure import OTHERS, OURS

if TYPE_CHECKING:
    from typing import Any

    from tests.unit.clauses.conftest import Judge, Maker

_ACCOUNT = "the account in the path"
_SAID = ", as the body of the request says"


@pytest.mark.parametrize(
    ("shown", "got"),
    [
        ({"account_id": 4}, "another id"),
        ({"account_id": "4"}, "a string"),
        ({"account_id": True}, "true"),
        ({"account_id": None}, "null"),
        ({"account_id": 1.5}, "1.5"),
        ({"account_id": 7_015_551_234.5}, "7015551234.5"),
        ({}, "missing"),
    ],
)
def test_a_wrong_account_is_told_by_what_stands_in_its_place(shown: dict[str, object], got: str) -> None:
    """Which other account it is differs from one cancel to the next; another type is told."""
    found = identity.wrong_account(shown, "wrong")

    assert found.differences == (Difference("field", "/account_id", got, _ACCOUNT),)
    assert str(found) == "wrong"


@pytest.mark.parametrize(
    ("body", "shown", "said"),
    [
        (b'{"account_id": 4}', {"account_id": 4}, _SAID),
        (b'{"account_id": 3}', {"account_id": 4}, ""),
        (b'{"account_id": null}', {"account_id": None}, ""),
        (b'{"other": 4}', {"account_id": 4}, ""),
        (b"[4]", {"account_id": 4}, ""),
        (b"{", {"account_id": 4}, ""),
        (None, {"account_id": 4}, ""),
        (b'{"account_id": 4}', {"body": []}, ""),
    ],
)
def test_a_value_of_the_requests_body_is_told_as_such(
    maker: Maker, body: bytes | None, shown: dict[str, Any], said: str
) -> None:
    """An answer that shows what its request has sent is told to do so, and no other one."""
    assert identity.sent_as(maker.cancel(case={"body": body}, **shown), "account_id") == said


def test_a_wrong_account_that_was_sent_is_told_with_its_origin(judge: Judge) -> None:
    """The clause about the account says where the wrong one comes from."""
    sent = {"body": b'{"account_id": 4}'}

    found = judge("answer/account-echo", lambda m: m.cancel(account_id=4, case=sent))

    assert found == (f"account_id is 4{_SAID}, not 3",)


@pytest.mark.parametrize(("beside", "place"), OTHERS)
def test_the_place_of_another_client_is_the_cause(maker: Maker, beside: dict[str, Any], place: str) -> None:
    """Another client is a leak of the field under which it stands."""
    found = only_breach("answer/nobody-else", maker.cancel(**OURS, **beside))

    assert found.differences == (Difference("leak", place, "another client's", "its own alone"),)
