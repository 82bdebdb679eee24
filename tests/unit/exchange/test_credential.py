"""The ways a request carries, or mis-carries, the token."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancel_contract.exchange.credential import (
    MEMBER,
    SHOWINGS,
    Credential,
    Holder,
    secrets,
)
from cancel_contract.redaction.secrets import Redactor, forms
from tests.unit.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from cancel_contract.exchange.case import Case
    from tests.unit.bench import Bench

NAMES = ("api_access_token", "access_token", "token", "api_key")
ODD = r"""To&k=e%n/"\+;3#?"""


@pytest.fixture
def arrives(bench: Bench, server: respx.MockRouter, case: Callable[..., Case]) -> Callable[[str], respx.models.Call]:
    """Show the member's token in some way; gives the call that arrives."""
    route = server.route().respond(401)

    def show(showing: str) -> respx.models.Call:
        bench.sender.send(case(credential=Credential(showing=showing)))
        return route.calls.last

    return show


HEADERS = {
    "right": [TOKEN],
    "dashes": [],
    "none": [],
    "empty": [""],
    "wrong": ["a" * 22],
    "long": ["x" * 5000],
    "non-ascii": ["tökén-ключ"],
    "prefix": [TOKEN[:-1]],
    "suffix": [TOKEN + "0"],
    "tail": [TOKEN[1:]],
    "case": [TOKEN.swapcase()],
    "inner-blank": ["Token7f3cA9 1e7Bb2D4860"],
    "query": [],
    "bearer": [],
    "basic": [],
    "cookie": [],
    "body": [],
    "other-header": [],
    "wildcard": ["%"],
    "null": ["null"],
    "undefined": ["undefined"],
    "true": ["true"],
    "zero": ["0"],
    "quote": ["x' OR '1'='1"],
    "underscores": ["_" * 22],
    "star": ["*"],
    "expression": [".*"],
    "half": [TOKEN[:11]],
    "start": [TOKEN[:11] + "a" * 11],
    "other-half": [TOKEN[11:]],
    "cookie-and-query": [],
    "both-wrong": ["a" * 22, "a" * 22 + "c"],
    "right-first": [TOKEN, "a" * 22],
    "twice": ["a" * 22, TOKEN],
}


def test_every_showing_is_expected() -> None:
    """The table of this test names every way of showing a token."""
    assert set(HEADERS) == set(SHOWINGS)


@pytest.mark.parametrize("showing", SHOWINGS)
def test_tokens_arrive_as_meant(arrives: Callable[[str], respx.models.Call], showing: str) -> None:
    """The token's header arrives right, wrong or not at all, as the showing says."""
    request = arrives(showing).request
    values = [value.decode() for name, value in request.headers.raw if name.lower() == b"api_access_token"]

    assert values == HEADERS[showing]


def test_tokens_arrive_elsewhere(arrives: Callable[[str], respx.models.Call]) -> None:
    """A token that is shown elsewhere than in its header arrives there."""
    assert parse_qs(arrives("query").request.url.query.decode()) == {name: [TOKEN] for name in NAMES}
    assert arrives("dashes").request.headers["api-access-token"] == TOKEN
    assert arrives("bearer").request.headers["authorization"] == f"Bearer {TOKEN}"
    scheme, _, encoded = arrives("basic").request.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(encoded).decode()) == ("Basic", f"{TOKEN}:{TOKEN}")
    assert arrives("cookie").request.headers["cookie"] == "; ".join(f"{name}={TOKEN}" for name in NAMES)
    others = arrives("other-header").request.headers
    assert {others[name] for name in ("authorization", "access-token", "x-api-key")} == {TOKEN}
    body = arrives("body").request
    assert json.loads(body.content) == dict.fromkeys(NAMES, TOKEN)
    assert body.headers["content-type"] == "application/json"


@pytest.mark.parametrize("showing", [name for name in SHOWINGS if name != "right"])
def test_near_misses_are_no_tokens(showing: str) -> None:
    """No other showing than the right one puts the token alone into its header."""
    headers = Credential(showing=showing).show(TOKEN).headers

    assert [value for name, value in headers if name == "api_access_token"] != [TOKEN.encode()]


def test_odd_tokens_are_escaped_where_they_stand() -> None:
    """A token of any characters stays one value in a query, a cookie and a JSON body."""
    assert parse_qs(Credential(showing="query").show(ODD).query) == {name: [ODD] for name in NAMES}
    assert json.loads(Credential(showing="body").show(ODD).body or b"") == dict.fromkeys(NAMES, ODD)
    assert Credential(showing="cookie").show(ODD).headers[0][1].count(b";") == len(NAMES) - 1


def test_digits_have_no_other_case() -> None:
    """A token without letters becomes a wrong one all the same."""
    assert Credential(showing="case").show("1234567890").headers[0][1] == b"1234567890x"


def test_credentials_are_told_without_the_token() -> None:
    """A credential says whose token is shown, and how."""
    assert [str(MEMBER), str(Credential(Holder.FOREIGN, "tail"))] == ["right", "foreign:tail"]
    assert str(Credential(showing="bearer", over=Holder.UNPRIVILEGED)) == "bearer over unprivileged"


def test_one_token_is_carried_over_another(
    make_bench: Callable[..., Bench], server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """The other member's token stands in its documented place, and the member's own where it does not belong."""
    route = server.route().respond(401)
    bench = make_bench(unprivileged_api_token="Viewer6r2tV84s1Nn5J")

    for showing in ("bearer", "cookie-and-query"):
        shown = Credential(showing=showing, over=Holder.UNPRIVILEGED)
        bench.sender.send(case(credential=shown))
        assert shown.is_right is False

    bearer, both = (call.request for call in route.calls)
    assert [one.headers["api_access_token"] for one in (bearer, both)] == ["Viewer6r2tV84s1Nn5J"] * 2
    assert bearer.headers["authorization"] == f"Bearer {TOKEN}"
    assert f"api_access_token={TOKEN}" in both.headers["cookie"]
    assert parse_qs(both.url.query.decode()) == {name: [TOKEN] for name in NAMES}
    assert MEMBER.is_right
    assert not Credential(Holder.FOREIGN).is_right
    assert not Credential(showing="tail").is_right


def test_near_misses_are_secrets() -> None:
    """What is nearly the token is kept out of sight like the token, unless it is too short to tell."""
    named = secrets({Holder.MEMBER: TOKEN})

    assert named["ONELINK_API_TOKEN"] == TOKEN
    assert {name.removeprefix("ONELINK_API_TOKEN") for name in named} == {
        "", "_PREFIX", "_TAIL", "_CASE", "_UPPER", "_LOWER", "_HALF", "_OTHER_HALF",
    }  # fmt: skip
    assert set(secrets({Holder.FOREIGN: "abcdefgh"})) == {
        "ONELINK_FOREIGN_API_TOKEN", "ONELINK_FOREIGN_API_TOKEN_CASE", "ONELINK_FOREIGN_API_TOKEN_UPPER",
        "ONELINK_FOREIGN_API_TOKEN_LOWER",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("token", "hint"),
    [
        ("TestMemberQ7f3cA91e7Bb2D4860", "TestMemberQ7"),
        ("9f8e7d6c5b4a39281706f5e4d3c2b1a0", "9f8e7d6c5b4a"),
        ("crm1_staging_9f8e7d6c5b4a3928", None),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.sig", None),
        ("9f8e7d6c5b4a3928", None),
    ],
)
def test_a_hint_at_a_long_token_is_a_secret(token: str, hint: str | None) -> None:
    """A beginning that others have as well tells nothing, and of a short token it is the half anyway."""
    assert secrets({Holder.MEMBER: token}).get("ONELINK_API_TOKEN_BEGINNING") == hint


def test_the_longest_secret_is_named() -> None:
    """Where one secret is part of another, the whole one is reported; equal ones are reported by the first name."""
    redactor = Redactor(secrets({Holder.MEMBER: "abcdefgh01"}))

    assert redactor.clean(b"<abcdefgh01> <abcdefgh0> <ABCDEFGH01>") == (
        b"<$ONELINK_API_TOKEN> <$ONELINK_API_TOKEN_PREFIX> <$ONELINK_API_TOKEN_CASE>"
    )
    assert redactor.found(b"abcdefgh01, abcdefgh0") == ("ONELINK_API_TOKEN", "ONELINK_API_TOKEN_PREFIX")


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=8), st.text("abc", max_size=30))
def test_of_secrets_that_begin_alike_the_longest_is_found(tokens: list[str], text: str) -> None:
    """Whatever secrets have in common, none is taken for a shorter one, and none is overlooked."""
    expected, rest = [], text
    while rest:
        longest = max((token for token in tokens if rest.startswith(token)), key=len, default="")
        expected.append(f"<{longest}>" if longest else rest[0])
        rest = rest[max(len(longest), 1) :]

    cleaned = Redactor({f"<{token}>": token for token in tokens}).clean_text(text)

    assert cleaned.replace("$<", "<") == "".join(expected)


def test_nothing_to_hide() -> None:
    """Without secrets every text stays as it is, and an empty value is no secret."""
    for redactor in (Redactor({}), Redactor({"EMPTY": ""})):
        assert redactor.clean_text("a\udcff b") == "a\udcff b"
        assert redactor.found(b"anything") == ()


def test_header_names_are_cleaned_too() -> None:
    """A secret is taken out of a header's name as well as out of its value."""
    assert Redactor({"T": TOKEN}).clean_pairs([(f"x-{TOKEN}", f"a {TOKEN}")]) == (("x-$T", "a $T"),)


def test_short_secrets_have_no_parts_in_base64() -> None:
    """A short secret is looked for as a whole only, so that it masks no ordinary words."""
    assert base64.b64encode(b"abc") not in forms("abc")
    assert b"616263" in forms("abc")


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40),
    st.binary(max_size=5),
    st.binary(max_size=5),
)
def test_no_encoding_hides_a_token(token: str, before: bytes, after: bytes) -> None:
    """A token is found in base64 whatever stands before and after it, and in every other encoding."""
    redactor = Redactor({"T": token})
    whole = before + token.encode() + after

    for encoded in (base64.b64encode(whole), base64.urlsafe_b64encode(whole), whole, whole.hex().encode()):
        assert redactor.found(encoded)
        assert not redactor.found(redactor.clean(encoded)) or len(set(token)) < 3
    assert redactor.found(json.dumps({"a": token}).encode())


@pytest.mark.parametrize("showing", ["query", "cookie", "body", "other-header", "cookie-and-query"])
def test_a_token_in_several_places_is_sent_in_one_at_a_time(showing: str) -> None:
    """All of them together are what the whole is; each carries the token once."""
    whole = Credential(showing=showing)
    each = [replace(whole, part=part).show(TOKEN) for part in whole.parts]

    told = [str((one.headers, one.query, one.body)) for one in each]
    shown = whole.show(TOKEN)
    assert len(each) == str((shown.headers, shown.query, shown.body)).count(TOKEN) > 1
    assert all(text.count(TOKEN) == 1 for text in told)


@pytest.mark.parametrize("showing", ["right", "bearer", "twice", "none", "half"])
def test_a_token_in_one_place_has_no_parts(showing: str) -> None:
    """There is nothing to narrow down."""
    assert Credential(showing=showing).parts == ()
