"""Where the token goes, and where it never shows."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from contracts.client import CancelClient, ClientError
from contracts.client.origin import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

TOKEN = "t0ken-of-the-tests"


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("", "the base URL is no address of a server; give one such as https://one-link.kz"),
        ("one-link.kz", "the base URL is no address of a server; give one such as https://one-link.kz"),
        ("ftp://one-link.kz", "the base URL is no address of a server; give one such as https://one-link.kz"),
        ("https://[broken", "the base URL is no address of a server; give one such as https://one-link.kz"),
        ("https://one-link.kz:port", "the base URL is no address of a server; give one such as https://one-link.kz"),
        (
            "https://me:secret@one-link.kz",
            "the base URL holds a user, a query or a fragment; give scheme, host, port and path only",
        ),
        (
            "https://one-link.kz?token=secret",
            "the base URL holds a user, a query or a fragment; give scheme, host, port and path only",
        ),
        ("http://one-link.kz", "the base URL would carry the token to one-link.kz in plain text; use https"),
        (
            "http://localhost.one-link.kz",
            "the base URL would carry the token to localhost.one-link.kz in plain text; use https",
        ),
    ],
)
def test_unsafe_origins_are_refused(base_url: str, message: str) -> None:
    """A base URL that is none, or that would show the token to others, is refused before anything is sent."""
    with pytest.raises(ValueError, match="base URL") as caught:
        CancelClient(base_url, 1, TOKEN)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False), ("x", False)],
)
def test_loopback_is_this_machine(host: str, *, expected: bool) -> None:
    """Only this machine's own addresses and name are loopback."""
    assert is_loopback(host) is expected


@pytest.mark.parametrize("token", ["", "a b", "a\n", "a\r\nX: y", "тайна", "a\t"])
def test_broken_tokens_are_refused_unseen(token: str) -> None:
    """A token that no header carries is refused without being shown."""
    with pytest.raises(ValueError, match="token") as caught:
        CancelClient("https://one-link.test", 1, token)

    assert str(caught.value) == "the token is empty or holds a character that no header carries; copy it again"


@pytest.mark.parametrize("value", [0, -12, 2**63])
def test_numbers_that_are_no_ids_are_refused(client: CancelClient, value: int) -> None:
    """A number that no row can have is refused before anything is sent."""
    with pytest.raises(ValueError, match="appointment_id") as caught:
        client.cancel(value)

    assert str(caught.value) == (
        f"appointment_id is {value}, not a number from 1 to 9223372036854775807; give an id that the server gave"
    )


@pytest.mark.parametrize("value", ["12abc", "12", 12.0, True, None])
def test_other_types_are_no_ids(client: CancelClient, value: Any) -> None:  # noqa: ANN401 - wrong on purpose
    """A value that is no whole number is refused: the server would read `12abc` as 12."""
    with pytest.raises(TypeError) as caught:
        client.cancel(value)

    assert str(caught.value) == (
        f"appointment_id is of type {type(value).__name__}, not int; convert it where it comes from"
    )


def test_base_url_may_have_a_path(respx_mock: respx.MockRouter, transport: httpx.HTTPTransport) -> None:
    """A path in the base URL, as of a gateway, comes before the operation's own."""
    route = respx_mock.get("https://gate.test/onelink/api/v1/accounts/1/scheduling/appointments/2").respond(404)
    client = CancelClient("https://gate.test/onelink/", 1, SecretStr(TOKEN), transport=transport)

    assert client.what_became_of(2).state == "unknown"
    assert route.called


def test_plain_http_uses_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over plain http to this machine, a proxy of the environment is passed by: it would see the token."""
    monkeypatch.setenv("http_proxy", "http://proxy.test:3128")

    with CancelClient("http://127.0.0.1:1", 1, TOKEN) as client:
        assert client._http._mounts == {}
        assert repr(client) == "<CancelClient http://127.0.0.1:1/ account 1>"

    assert client._http.is_closed


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout(TOKEN),
        httpx.ConnectError(TOKEN),
        httpx.RemoteProtocolError(f"illegal status line: {TOKEN}"),
        httpx.Response(401, json={"error": TOKEN, "code": TOKEN}),
        httpx.Response(500, text=TOKEN),
        httpx.Response(302, headers={"location": f"https://evil.test/?t={TOKEN}"}),
        httpx.Response(200, text=TOKEN, headers={"content-type": "application/json"}),
        httpx.Response(200, json={"payload": {"id": TOKEN}}),
    ],
    ids=["timeout", "connect", "protocol", "401", "500", "302", "no-json", "schema"],
)
@pytest.mark.usefixtures("waits")
def test_token_shows_nowhere(client: CancelClient, cancel: respx.Route, answer: httpx.Response | Exception) -> None:
    """No error shows the token: not in its text, its traceback's locals, or what it was raised from."""
    if isinstance(answer, httpx.Response):
        cancel.return_value = answer
    else:
        cancel.side_effect = answer

    with pytest.raises(ClientError) as caught:
        client.cancel(123)

    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    # The first frame is this test's own, which knows the token.
    shown.stack = traceback.StackSummary.from_list(shown.stack[1:])
    assert TOKEN not in "".join(shown.format())
    assert TOKEN not in f"{client!r}{vars(client)}{caught.value!r}{vars(caught.value)}"
    assert caught.value.__context__ is None


def test_other_failures_pass_through(make_client: Callable[..., CancelClient]) -> None:
    """What a transport raises on its own, as a guard does, is not taken for trouble of the road."""

    def refuse(_request: httpx.Request) -> httpx.Response:
        raise PermissionError("not owned")

    with pytest.raises(PermissionError, match=r"^not owned$"):
        make_client(transport=httpx.MockTransport(refuse)).cancel(123)
