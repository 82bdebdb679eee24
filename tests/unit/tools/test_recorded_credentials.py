"""Finding out who sent a recorded request."""

import pytest

from cancel_contract.tools.judge.credentials import RecordedCredentials, is_mask, shown
from cancel_contract.tools.judge.har_entry import Pair, Request

TOKEN = "TestMemberQ7f3cA91e7Bb2D4860"
URL = "https://staging.example/api/v1/accounts/3/scheduling/appointments/12/cancel"
HOST = Pair(name="Host", value="staging.example")


def topic(*headers: tuple[str, str], status: int = 200, query: str = "", host: bool = True, known: bool = True) -> str:
    """Name the credential of a request in a recording where a token has been let in before."""
    pairs = tuple(Pair(name=name, value=value) for name, value in headers)
    request = Request(method="POST", url=URL + query, headers=(HOST, *pairs) if host else pairs)
    return RecordedCredentials([TOKEN] if known else []).topic(shown(request), status)


@pytest.mark.parametrize(
    ("token", "named"),
    [
        (TOKEN, "right"),
        (TOKEN[:-1], "prefix"),
        (TOKEN + "0", "suffix"),
        (TOKEN[1:], "tail"),
        (TOKEN.swapcase(), "case"),
        (f"{TOKEN[:9]} {TOKEN[9:]}", "inner-blank"),
        ("$ONELINK_API_TOKEN", "right"),
        ("$ONELINK_API_TOKEN_PREFIX", "prefix"),
        ("$ONELINK_API_TOKEN0", "suffix"),
        ("$ONELINK_FOREIGN_API_TOKEN", "foreign:right"),
        ("$ONELINK_UNPRIVILEGED_API_TOKEN", "unprivileged:right"),
    ],
)
def test_near_misses_are_known_by_the_right_token(token: str, named: str) -> None:
    """A token is compared with one that was let in, whatever the answer; the suite's own recordings name theirs."""
    assert topic(("api_access_token", token)) == named
    assert topic(("API_ACCESS_TOKEN", token), status=404) == named


def test_a_refused_stranger_is_unknown() -> None:
    """A token that was refused may have been wrong, expired or somebody else's."""
    assert topic(("api_access_token", "SomebodyElses77"), status=401) == "unknown"
    assert topic(("api_access_token", "SomebodyElses77"), status=404) == "right"


def test_a_page_says_nothing_of_a_token_that_was_never_let_in() -> None:
    """What stands before an application may have taken it for an attack; one that was let in is right all the same."""

    def of_page(token: str) -> str:
        request = Request(method="POST", url=URL, headers=(HOST, Pair(name="api_access_token", value=token)))
        return RecordedCredentials([TOKEN]).topic(shown(request), 406, is_page=True)

    assert [of_page(token) for token in ("***", "x' OR", TOKEN, "$ONELINK_API_TOKEN")] == [
        "unknown", "unknown", "right", "right",
    ]  # fmt: skip


def test_none_is_certain_only_where_tokens_were_seen() -> None:
    """A request shows no token for certain where the recorder keeps them and its headers are all there."""
    assert topic() == "none"
    assert topic(known=False) == "right"
    assert topic(known=False, status=401) == "unknown"
    assert topic(host=False) == "right"


@pytest.mark.parametrize(
    "header",
    [("access-token", "x1"), ("Cookie", "_session=1"), ("Authorization", "Bearer other"), ("uid", "a@b.example")],
)
def test_a_session_may_sign_in(header: tuple[str, str]) -> None:
    """Whoever bears a session of another kind is not without a credential."""
    assert topic(header) == "right"
    assert topic(header, status=401) == "unknown"


def test_tokens_in_other_places() -> None:
    """The right token elsewhere than in its header is named by its place."""
    assert topic(query=f"?api_access_token={TOKEN}") == "query"
    assert topic(("Authorization", f"Bearer {TOKEN}")) == "bearer"
    assert topic(("Cookie", f"api_access_token={TOKEN}")) == "cookie"
    assert topic(("Cookie", f"api_access_token={TOKEN}; _session=1")) == "cookie"


@pytest.mark.parametrize(
    "value", ["", "***", "xxxx", "[REDACTED]", "<api-key>", "{{token}}", "${TOKEN}", "abc***", "•••"]
)
def test_masks(value: str) -> None:
    """A text that stands for a token is recognised as a mask."""
    assert is_mask(value)
    assert topic(("api_access_token", value), status=401) == "unknown"


def test_tokens_are_no_masks() -> None:
    """A real token is not taken for a mask."""
    assert not is_mask(TOKEN)


def test_only_what_was_let_in_is_learnt() -> None:
    """A token is right once it was let in; one that nearly is it is not learnt beside it."""
    askers = RecordedCredentials()
    for token, status in ((TOKEN, 404), (TOKEN, 200), (TOKEN[:-1], 200), ("***", 200)):
        pairs = (HOST, Pair(name="api_access_token", value=token))
        askers.learn(shown(Request(method="POST", url=URL, headers=pairs)), status)

    assert askers.right == [TOKEN]
