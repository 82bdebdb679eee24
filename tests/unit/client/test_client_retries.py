"""When a call is made again, after how long, and when never."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.client import AnswerLost, Conflict, Retries, ServerError, Throttled, TlsFailed, Unsent
from contracts.client.waiting import seconds_asked, send_again

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from contracts.client import CancelClient

    Envelope = Callable[..., dict[str, Any]]

URL = "https://one-link.test/api/v1/accounts/123/scheduling/appointments/123/cancel"
NOW = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
CHECK_ROAD = "nothing was sent, check the host and the road to it"
ASK = "ask what became of it before anything else"
CONFLICT = {"error": "no", "code": "ALREADY_CANCELLED"}


LOST = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("gone"),
    httpx.WriteError("gone"),
    httpx.CloseError("gone"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
]
UNSENT = [
    httpx.ConnectError("no"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
    httpx.ProxyError("no"),
]


@pytest.mark.parametrize("failure", [*LOST, *UNSENT], ids=repr)
def test_cancel_is_repeated_after_trouble(
    client: CancelClient, cancel: respx.Route, envelope: Envelope, waits: list[float], failure: httpx.HTTPError
) -> None:
    """A cancel that was not answered is sent again after a wait, and its second answer counts."""
    cancel.side_effect = [failure, httpx.Response(200, json=envelope())]

    assert client.cancel(123).status == "cancelled"
    assert (cancel.call_count, waits) == (2, [0.2])


@pytest.mark.parametrize("failure", LOST, ids=repr)
def test_lost_answer_is_told_where_repeating_is_unsafe(
    make_client: Callable[..., CancelClient], cancel: respx.Route, failure: httpx.HTTPError
) -> None:
    """Where repeating is not safe, a lost answer goes to the caller at once."""
    cancel.side_effect = failure

    with pytest.raises(AnswerLost):
        make_client(repeat_is_safe=False).cancel(123)

    assert cancel.call_count == 1


@pytest.mark.parametrize("failure", UNSENT, ids=repr)
def test_unsent_is_repeated_even_where_repeating_is_unsafe(
    make_client: Callable[..., CancelClient],
    cancel: respx.Route,
    envelope: Envelope,
    waits: list[float],
    failure: httpx.HTTPError,
) -> None:
    """What never arrived is sent again whatever it was."""
    cancel.side_effect = [failure, httpx.Response(200, json=envelope())]

    make_client(repeat_is_safe=False).cancel(123)

    assert (cancel.call_count, waits) == (2, [0.2])


def failing(failure: httpx.HTTPError, cause: OSError | None) -> tuple[httpx.MockTransport, list[str]]:
    """Return a transport that always fails, with the system's cause as httpx has it, and the calls it got.

    respx puts a cause of its own in that place.
    """
    calls: list[str] = []

    def fail(request: httpx.Request) -> httpx.Response:
        calls.append(request.method)
        raise failure from cause

    return httpx.MockTransport(fail), calls


@pytest.mark.parametrize(
    ("failure", "cause", "error", "message"),
    [
        (
            httpx.ConnectError("no"),
            ConnectionRefusedError(111, "Connection refused"),
            Unsent,
            f"no connection (ConnectError: Connection refused); {CHECK_ROAD}",
        ),
        (httpx.ConnectTimeout("slow"), None, Unsent, f"no connection (ConnectTimeout); {CHECK_ROAD}"),
        (
            httpx.ReadError("no"),
            ConnectionResetError(104, "Connection reset by peer"),
            AnswerLost,
            f"no whole answer came (ReadError: Connection reset by peer); {ASK}",
        ),
        (httpx.ReadTimeout("slow"), None, AnswerLost, f"no whole answer came (ReadTimeout); {ASK}"),
    ],
)
def test_trouble_that_lasts_is_told(  # noqa: PLR0913, PLR0917 - two of them are fixtures
    make_client: Callable[..., CancelClient],
    waits: list[float],
    failure: httpx.HTTPError,
    cause: OSError | None,
    error: type[Exception],
    message: str,
) -> None:
    """Trouble that outlasts the attempts is told with its kind and the system's word, after growing waits."""
    transport, calls = failing(failure, cause)

    with pytest.raises(error) as caught:
        make_client(transport=transport).cancel(123)

    assert type(caught.value) is error
    assert str(caught.value) == f"POST {URL}: {message}"
    assert (len(calls), waits) == (4, pytest.approx([0.2, 0.4, 0.8]))


def test_tls_failure_is_not_repeated(make_client: Callable[..., CancelClient], waits: list[float]) -> None:
    """A server that cannot prove who it is gets no second try."""
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    transport, calls = failing(httpx.ConnectError("tls"), cause)

    with pytest.raises(TlsFailed) as caught:
        make_client(transport=transport).cancel(123)

    assert str(caught.value) == (
        f"POST {URL}: no trusted connection (ConnectError: certificate verify failed); "
        "nothing was sent, check the host's certificate and the CA bundle"
    )
    assert (len(calls), waits) == (1, [])


def test_refusal_after_a_lost_answer_says_so(client: CancelClient, cancel: respx.Route, waits: list[float]) -> None:
    """A refused repeat carries a note that the first attempt may have been carried out."""
    cancel.side_effect = [httpx.ReadTimeout("slow"), httpx.Response(409, json=CONFLICT)]

    with pytest.raises(Conflict) as caught:
        client.cancel(123)

    assert caught.value.__notes__ == ["the answer to an earlier attempt was lost: ask what became of it"]
    assert waits == [0.2]


def test_plain_refusal_has_no_note(client: CancelClient, cancel: respx.Route) -> None:
    """A refusal of the only attempt carries no note."""
    cancel.respond(409, json=CONFLICT)

    with pytest.raises(Conflict) as caught:
        client.cancel(123)

    assert not hasattr(caught.value, "__notes__")


def test_server_error_then_success(
    client: CancelClient, cancel: respx.Route, envelope: Envelope, waits: list[float]
) -> None:
    """A cancel that failed in the server is sent again."""
    cancel.side_effect = [httpx.Response(500), httpx.Response(502), httpx.Response(200, json=envelope())]

    assert client.cancel(123).status == "cancelled"
    assert waits == [0.2, 0.4]


def test_server_error_for_ever(client: CancelClient, cancel: respx.Route, waits: list[float]) -> None:
    """A server that fails for ever is asked as often as the settings say, and then told."""
    cancel.respond(500, json={"status": 500, "error": "Internal Server Error"})

    with pytest.raises(ServerError) as caught:
        client.cancel(123)

    assert str(caught.value) == f"POST {URL}: status is 500; ask what became of it, or send it again"
    assert (cancel.call_count, len(waits)) == (4, 3)


def test_server_error_where_repeating_is_unsafe(make_client: Callable[..., CancelClient], cancel: respx.Route) -> None:
    """Where repeating is not safe, a 5xx goes to the caller at once."""
    cancel.respond(503)

    with pytest.raises(ServerError):
        make_client(repeat_is_safe=False).cancel(123)

    assert cancel.call_count == 1


@pytest.mark.parametrize(
    ("retry_after", "waited"),
    [("7", 7.0), ("0", 0.0), (None, 0.2), ("soon", 0.2), ("-3", 0.2), ("1.5", 0.2), ("", 0.2)],
    ids=["seconds", "zero", "nothing", "nonsense", "negative", "fraction", "blank"],
)
def test_throttling_is_waited_for(  # noqa: PLR0913, PLR0917 - four of them are fixtures
    make_client: Callable[..., CancelClient],
    cancel: respx.Route,
    envelope: Envelope,
    waits: list[float],
    retry_after: str | None,
    waited: float,
) -> None:
    """A 429 is waited for as long as it asks, or as usual if it asks nothing sensible; it is always safe to repeat."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    cancel.side_effect = [httpx.Response(429, headers=headers), httpx.Response(200, json=envelope())]

    make_client(repeat_is_safe=False).cancel(123)

    assert waits == [waited]


def test_throttling_until_a_date(
    client: CancelClient, cancel: respx.Route, envelope: Envelope, waits: list[float]
) -> None:
    """A 429 that names a date is waited for until then."""
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    cancel.side_effect = [httpx.Response(429, headers={"retry-after": then}), httpx.Response(200, json=envelope())]

    client.cancel(123)

    assert 15 < waits[0] <= 20


@pytest.mark.parametrize("status", [429, 503])
def test_too_long_a_wait_is_left_to_the_caller(
    client: CancelClient, cancel: respx.Route, waits: list[float], status: int
) -> None:
    """A server that asks for more than the longest wait is not asked again; the error says how long it wanted."""
    cancel.respond(status, headers={"retry-after": "31"})

    with pytest.raises((Throttled, ServerError)) as caught:
        client.cancel(123)

    assert caught.value.retry_after == 31.0
    assert (cancel.call_count, waits) == (1, [])


def test_throttling_for_ever(client: CancelClient, cancel: respx.Route, waits: list[float]) -> None:
    """A server that throttles for ever is told as throttling."""
    cancel.respond(429, headers={"retry-after": "3"})

    with pytest.raises(Throttled) as caught:
        client.cancel(123)

    assert str(caught.value) == f"POST {URL}: status is 429; nothing was changed, send it again later"
    assert waits == [3.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        (" 30 ", 30.0),
        ("Mon, 01 Mar 2027 12:00:30 GMT", 30.0),
        ("Mon, 01 Mar 2027 12:00:30 -0000", 30.0),
        ("Mon, 01 Mar 2027 17:00:30 +0500", 30.0),
        ("Mon, 01 Mar 2027 11:00:00 GMT", 0.0),
        ("Mon, 99 Mar 2027 11:00:00 GMT", None),
        ("1" * 5000, None),
        ("٣", None),
        (None, None),
    ],
)
def test_retry_after_is_read(text: str | None, seconds: float | None) -> None:
    """Retry-After is seconds or a date; a date gone by means at once, anything else nothing."""
    assert seconds_asked(text, NOW) == seconds


@given(st.text())
def test_no_retry_after_raises(text: str) -> None:
    """No text in Retry-After is more than nonsense."""
    seconds = seconds_asked(text, NOW)

    assert seconds is None or seconds >= 0


def test_other_errors_are_never_repeated() -> None:
    """What is no trouble of the road, such as a guard's refusal, is not tried again."""
    assert send_again(RuntimeError("refused"), Retries(), repeatable=True) is False
