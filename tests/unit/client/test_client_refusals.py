"""What each answer means that is no success; whole messages, because people act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.client import (
    BadRequest,
    ClientError,
    Conflict,
    Forbidden,
    NotFound,
    NoTokenSeen,
    Redirected,
    Refusal,
    Retries,
    ServerError,
    Throttled,
    Unauthorized,
    Unprocessable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from contracts.client import CancelClient

URL = "https://one-link.test/api/v1/accounts/123/scheduling/appointments/123/cancel"
CHECK_TOKEN = "nothing was changed, check the token and that its owner is a member of the account"
CHECK_IDS = "nothing was changed, check both ids"


@pytest.fixture
def once(make_client: Callable[..., CancelClient]) -> CancelClient:
    """Give a client that asks once."""
    return make_client(retries=Retries(attempts=1))


@pytest.mark.parametrize(
    ("status", "body", "error", "fact"),
    [
        (400, {"status": 400, "error": "Bad Request"}, BadRequest, "400; nothing was changed, correct the request"),
        (401, {"error": "Invalid Access Token"}, Unauthorized, f"401; {CHECK_TOKEN}"),
        (
            401,
            {"errors": ["You need to sign in or sign up before continuing."]},
            NoTokenSeen,
            "401; nothing was changed, check for a proxy that drops headers with underscores",
        ),
        (
            403,
            {"error": "off", "code": "FEATURE_DISABLED"},
            Forbidden,
            "403 FEATURE_DISABLED; nothing was changed, have scheduling switched on for the account",
        ),
        (404, {"error": "Resource could not be found"}, NotFound, f"404; {CHECK_IDS}"),
        (
            404,
            {"error": "gone", "code": "APPOINTMENT_NOT_FOUND"},
            NotFound,
            f"404 APPOINTMENT_NOT_FOUND; {CHECK_IDS}",
        ),
        (
            409,
            {"error": "no", "code": "MEDELEMENT_BOOKING_REQUIRES_VERIFICATION"},
            Conflict,
            "409 MEDELEMENT_BOOKING_REQUIRES_VERIFICATION; nothing was changed, read the appointment and decide again",
        ),
        (
            422,
            {"error": "no", "code": "VALIDATION_ERROR"},
            Unprocessable,
            "422 VALIDATION_ERROR; nothing was changed, the code says why",
        ),
        (429, {"error": "slow down"}, Throttled, "429; nothing was changed, send it again later"),
        (405, {"error": "Method Not Allowed"}, Refusal, "405; nothing was changed, correct the request"),
        (500, {"error": "oops"}, ServerError, "500; ask what became of it, or send it again"),
        (503, {"error": "oops", "code": 7}, ServerError, "503; ask what became of it, or send it again"),
    ],
)
def test_status_and_code_are_told(  # noqa: PLR0913, PLR0917 - two of them are fixtures
    once: CancelClient,
    cancel: respx.Route,
    status: int,
    body: dict[str, Any],
    error: type[ClientError],
    fact: str,
) -> None:
    """Each status is an error of its own, whose message holds the request, the status, the code and a remedy."""
    cancel.respond(status, json=body)

    with pytest.raises(ClientError) as caught:
        once.cancel(123)

    assert type(caught.value) is error
    assert str(caught.value) == f"POST {URL}: status is {fact}"
    assert (caught.value.method, caught.value.url, caught.value.status) == ("POST", URL, status)
    assert caught.value.code == (body.get("code") if isinstance(body.get("code"), str) else None)
    assert cancel.call_count == 1


@pytest.mark.parametrize(("code", "is_read_only"), [("APPOINTMENT_READ_ONLY", True), ("VALIDATION_ERROR", False)])
def test_read_only_is_told_apart(once: CancelClient, cancel: respx.Route, code: str, *, is_read_only: bool) -> None:
    """An imported appointment's 422 is told apart from other ones by its code."""
    cancel.respond(422, json={"error": "no", "code": code})

    with pytest.raises(Unprocessable) as caught:
        once.cancel(123)

    assert caught.value.is_read_only is is_read_only
    assert caught.value.code == code


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Gateway</html>", b'{"error": "cut of', b"[1]", b'"text"', b"\xff\xfe\xfd", b"[" * 100_000],
    ids=["empty", "html", "truncated", "array", "string", "no-text", "deep"],
)
def test_status_speaks_without_a_body(once: CancelClient, cancel: respx.Route, content: bytes) -> None:
    """A refusal whose body cannot be read is still what its status says."""
    cancel.respond(404, content=content, content_type="text/html")

    with pytest.raises(NotFound) as caught:
        once.cancel(123)

    assert str(caught.value) == f"POST {URL}: status is 404; {CHECK_IDS}"


@pytest.mark.parametrize("code", ["Иванов Иван", "t0ken-of-the-tests", "A" * 65, "", None, ["X"], 12])
def test_code_that_is_none_is_not_told(once: CancelClient, cancel: respx.Route, code: object) -> None:
    """A code that has not the form of one is left out: it may be a name, or the token."""
    cancel.respond(409, json={"error": "no", "code": code})

    with pytest.raises(Conflict) as caught:
        once.cancel(123)

    assert caught.value.code is None
    assert str(caught.value) == (
        f"POST {URL}: status is 409; nothing was changed, read the appointment and decide again"
    )


@pytest.mark.parametrize(
    ("status", "location", "fact"),
    [
        (301, "/elsewhere", "status is 301 to the same host"),
        (302, "https://one-link.test/login?token=secret", "status is 302 to the same host"),
        (307, "https://evil.test/api?token=secret", "status is 307 to another host"),
        (308, "//user:secret@evil.test:8443/", "status is 308 to another host"),
        (308, "http://one-link.test/api", "status is 308 to plain http"),
        (303, "https://one-link.test:port/", "the answer redirects to an unreadable address"),
    ],
)
def test_redirects_are_not_followed(  # noqa: PLR0913, PLR0917 - three of them are fixtures
    client: CancelClient, cancel: respx.Route, server: respx.MockRouter, status: int, location: str, fact: str
) -> None:
    """A redirect ends the call, wherever it points; its address is told in kind only."""
    cancel.respond(status, headers={"location": location})

    with pytest.raises(Redirected) as caught:
        client.cancel(123)

    assert str(caught.value) == f"POST {URL}: {fact}; correct the base URL, redirects are not followed"
    assert len(server.calls) == 1


def test_redirect_to_nowhere(client: CancelClient, cancel: respx.Route) -> None:
    """A redirect that names no address is told by its status."""
    cancel.respond(304)

    with pytest.raises(Redirected) as caught:
        client.cancel(123)

    assert str(caught.value) == f"POST {URL}: status is 304; correct the base URL, redirects are not followed"
