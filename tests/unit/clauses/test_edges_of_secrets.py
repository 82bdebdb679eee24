"""Secrets in answers are found in texts that are no UTF-8, in headers of any spelling, and beside others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.clauses.raw_findings import line, only_breach

if TYPE_CHECKING:
    from cancel_contract.exchange.exchange import Exchange
    from tests.unit.clauses.conftest import Judge, Maker

TOKEN = "ONELINK_API_TOKEN"
_PLAIN = "https://one-link.test/cancel"
_ASKED = f"{_PLAIN}?token=${TOKEN}"


def _echoed(m: Any, body: bytes, url: str = _ASKED, **answer: Any) -> Exchange:  # noqa: ANN401  the fixture's own class
    """Make a refusal in which a token was found."""
    one: Exchange = m.cancel(401, body=body, kind="text/plain", echoes=(TOKEN,), headers=(("X-A", "b"),))
    assert one.answer
    return replace(one, url=url, answer=replace(one.answer, **answer))


@pytest.mark.parametrize("body", [f"gone: ${TOKEN}".encode(), f"\udcff ${TOKEN}".encode(errors="surrogateescape")])
@pytest.mark.parametrize("url", [_ASKED, _PLAIN])
def test_a_token_beside_the_url_is_told(judge: Judge, body: bytes, url: str) -> None:
    """A token at the end of a body that repeats no URL was not put there by its caller."""
    assert judge("answer/no-token", lambda m: _echoed(m, body, url)) == (
        f"the answer holds the value of ${TOKEN} in the body",
    )


def test_of_two_tokens_each_has_its_own_encoding(judge: Judge) -> None:
    """The encoding of one secret is not told of the next."""
    found = judge(
        "answer/no-token",
        lambda m: _echoed(m, b"", _PLAIN, echoes=("ONELINK_A", "ONELINK_B"), encodings=("URL-encoded", "")),
    )

    assert found == ("the answer holds the value of $ONELINK_A URL-encoded; the answer holds the value of $ONELINK_B",)


def test_a_secret_in_a_page_that_is_no_utf_8_is_found(judge: Judge) -> None:
    """A body in any encoding is looked into."""
    body = b"\xff sk_live_" + b"a1B2c3D4e5"

    found = judge("answer/inner-secrets", lambda m: m.cancel(401, body=body, kind="text/plain"))

    assert found == ("a service's secret key is shown in the answer, at body",)


@pytest.mark.parametrize(
    ("body", "place"),
    [(b'{"error": "GET https://sms.test/send?api_key=a1B2c3D4e5F6 failed"}', "/error"),
     (b"GET https://sms.test/send?api_key=a1B2c3D4e5F6 failed", "body")],
    ids=["json", "text"],
)  # fmt: skip
def test_a_key_in_an_error_is_told_with_its_place(judge: Judge, body: bytes, place: str) -> None:
    """The address of a service that could not be reached holds it."""
    found = judge("answer/inner-secrets", lambda m: m.cancel(404, body=body))

    assert found == (f"the key of a service is shown in the answer, at {place}",)


@pytest.mark.parametrize("header", ["X-Api-Key", "X_Api_Key", "x-api_key", "XApiKey"])
def test_a_header_is_known_by_its_name_in_any_spelling(judge: Judge, header: str) -> None:
    """Dashes, underscores and capitals hide no header that is named after a secret."""
    found = judge("answer/inner-secrets", lambda m: m.cancel(headers=((header, "a1b2c3d4e5"),)))

    place = header.lower().replace("-", "_")
    assert found == (f"a secret by its name is shown in a header, at {place}",)


@pytest.mark.parametrize(
    ("parts", "is_secret"),
    [
        ({"map": {"yandex_api_key": "3f9a01bc-1c2d-4e5f-8a9b-0c1d2e3f4a5b"}}, False),
        ({"mapping": {"access_token": "pk.eyJ1IjoiY2xpbmljIn0.AbCdEfGh1JkL"}}, False),
        ({"results": {"pdf_password": "AB12cd34"}}, False),
        ({"guest_wifi": {"password": "AB12cd34"}}, False),
        ({"crm": {"api_key": "3f9a01bc-1c2d-4e5f-8a9b-0c1d2e3f4a5b"}}, True),
        ({"guest": {"password": "AB12cd34"}}, True),
    ],
)
def test_what_browsers_and_guests_are_given_is_no_secret(
    judge: Judge, parts: dict[str, Any], *, is_secret: bool
) -> None:
    """The words around a key say for whom it is."""
    found = judge("answer/inner-secrets", lambda m: m.cancel(**parts))

    assert (found != (None,)) is is_secret


def test_all_tokens_of_an_answer_are_its_cause(maker: Maker) -> None:
    """A breach by two tokens is of another cause than that by one of them."""
    echoed = _echoed(maker, b"", _PLAIN, echoes=("ONELINK_A", "ONELINK_B"))

    found = only_breach("answer/no-token", echoed)

    assert line(found.cause) == "leak token: $ONELINK_A, $ONELINK_B, not none in an answer"
