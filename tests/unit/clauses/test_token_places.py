"""Where a token stands in an answer is told, and never its value."""

from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.redaction.secrets import Redactor
from tests.unit.clauses.conftest import Judge

TOKEN = "the answer holds the value of $ONELINK_API_TOKEN"
HELD = "to $ONELINK_API_TOKEN now"


@pytest.mark.parametrize(
    ("body", "header", "encoding", "told"),
    [
        ({"payload": {"echo": HELD}}, ("X-A", "b"), "", f"{TOKEN} in the body at /payload/echo"),
        ({"payload": {"links": [{"next": HELD}]}}, ("X-A", "b"), "", f"{TOKEN} in the body at /payload/links/next"),
        ({"payload": {"Анна": HELD}}, ("X-A", "b"), "", f"{TOKEN} in the body at /payload/<key 4>"),
        ({"error": "no"}, ("X-Echo", HELD), "URL-encoded", f"{TOKEN} in header X-Echo, URL-encoded"),
        ({"error": HELD}, ("X-Echo", HELD), "", f"{TOKEN} in header X-Echo, in the body at /error"),
        # What is left of a base64 text after the token's own letters.
        (
            {"error": "no"},
            ("Set-Cookie", "session=$ONELINK_API_TOKENA==; HttpOnly"),
            "base64-encoded",
            f"{TOKEN} in header Set-Cookie, base64-encoded",
        ),
        (HELD.encode(), ("X-A", "b"), "", f"{TOKEN} in the body"),
        ({"error": "$ONELINK_API_TOKEN_UPPER"}, ("X-A", "b"), "", TOKEN),
    ],
)
def test_a_token_is_told_with_its_place(
    judge: Judge,
    body: object,
    header: tuple[str, str],
    encoding: str,
    told: str,
) -> None:
    """In which header or field, and in which encoding; a near miss of a token is another secret."""

    def echoed(make: Any) -> Any:  # noqa: ANN401  the maker of evidence
        one = make.cancel(401, body=body, echoes=("ONELINK_API_TOKEN",))
        answer = replace(one.answer, headers=(*one.answer.headers, header), encodings=(encoding,))
        return replace(one, answer=answer)

    assert [str(one) for one in judge("answer/no-token", echoed)] == [told]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"a+b/c=d%2Fe", {}),
        (b"s3cret%2Ftoken", {"A": "URL-encoded"}),
        (b"s3cret%2ftoken and s3cret%252Ftoken", {"A": "URL-encoded"}),
        (b"s3cret\\/token", {"A": "JSON-encoded"}),
        (b"s3cret/token and s3cret%2Ftoken", {}),
        (b"s3cret%2Ftoken and s3cret\\/token", {}),
    ],
)
def test_an_encoding_is_told_where_there_is_one(data: bytes, found: dict[str, str]) -> None:
    """None where the secret stands as it is, too, or in two encodings."""
    assert Redactor({"A": "s3cret/token"}).encodings(data) == found
