"""From case to exchange: waiting, retrying and giving up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import httpcore
import httpx
import pytest

from cancel_contract.errors import Overspent, Unreachable
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.exchange import Answer, Trouble
from cancel_contract.guard.budget import Limits
from cancel_contract.guard.sender import retry_after

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from tests.unit.bench import Bench

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def asked(header: str | None) -> float:
    """Return the seconds that a Retry-After makes us wait."""
    return retry_after(Answer(429, (("Retry-After", header),) if header is not None else (), b""), NOW)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7), (" 7 ", 7), ("0", 0), ("3600", 60), ("9" * 400, 60), (None, 1), ("", 1), ("soon", 1), ("-5", 1),
        ("²", 1), ("1.5", 1), (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=1), usegmt=True), 60),
        ("Mon, 23 Nov 2026 12:00:09 -0000", 9), ("Mon, 01 Jan 99999999999 00:00:00 GMT", 1),
    ],
)  # fmt: skip
def test_retry_after(header: str | None, seconds: float) -> None:
    """Seconds and dates are waited for within bounds; whoever does not say when is waited for a second."""
    assert asked(header) == seconds
    assert retry_after(None, NOW) == 1


@pytest.mark.parametrize(("behind", "seconds"), [(2, 3), (-2, 3), (900, 3), (-900, 3)])
def test_a_date_is_read_by_the_clock_of_whoever_wrote_it(behind: int, seconds: float) -> None:
    """The answer's own date says what time it was there; in seconds."""
    there = NOW - timedelta(seconds=behind)
    headers = {"Date": there, "Retry-After": there + timedelta(seconds=seconds)}
    answer = Answer(429, tuple((name, format_datetime(when, usegmt=True)) for name, when in headers.items()), b"")

    assert retry_after(answer, NOW) == seconds


def test_a_date_that_was_not_written_then_is_passed_over() -> None:
    """One machine may write the date, and another one when to come again."""
    headers = {"Date": NOW - timedelta(hours=1), "Retry-After": NOW + timedelta(seconds=3)}
    answer = Answer(429, tuple((name, format_datetime(when, usegmt=True)) for name, when in headers.items()), b"")

    assert retry_after(answer, NOW) == 3


def test_a_throttled_case_is_sent_again(bench: Bench, server: respx.MockRouter, case: Callable[..., Case]) -> None:
    """A 429 is waited for and counted, and every exchange is kept; the same request is sent again."""
    throttled = httpx.Response(429, headers={"Retry-After": "3"})
    route = server.route().mock(side_effect=[throttled, httpx.Response(429), httpx.Response(200, json={})])

    assert bench.sender.send(case()).status == 200
    assert bench.waits == [3, 2]
    assert (bench.budget.throttled, bench.budget.requests) == (2, 3)
    assert [exchange.number for exchange in bench.exchanges] == [1, 2, 3]
    assert len({call.request.url.raw_path for call in route.calls}) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_no_wait_is_given_more_time_each_time(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], status: int
) -> None:
    """Another request may hold what this one waits for, a moment longer than a resend takes."""
    busy = httpx.Response(status, headers={"Retry-After": "0"})
    server.route().mock(side_effect=[busy, busy, busy, httpx.Response(200, json={})])

    assert bench.sender.send(case(intent=Intent.CREATE, appointment=None)).status == 200
    assert [one for one in bench.waits if one] == [0.25, 0.5]


def test_a_target_that_throttles_for_ever_is_lost(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """After some waits the target counts as not reachable, with what to do about it."""
    server.route().respond(429, headers={"Retry-After": "2"})

    with pytest.raises(Unreachable) as caught:
        bench.sender.send(case())

    assert str(caught.value) == (
        "http://127.0.0.1:9 answered 6 times 429 (too many requests) in a row: "
        "try when it is less busy, or set ONELINK_MAX_RATE lower"
    )
    assert bench.waits == [2] * 5


def test_who_throttles_failed_attempts_alone_is_told_as_such(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """A lower rate would not help: it is the tokens that are counted."""
    server.route().respond(429, headers={"Retry-After": "2"})

    with pytest.raises(Unreachable, match="in a row to somebody without a good token: it may take"):
        bench.sender.send(case(credential=Credential(showing="wrong"), intent=Intent.REFUSED))


@pytest.mark.parametrize(("status", "intent"), [(429, Intent.FIRST), (503, Intent.CREATE), (503, Intent.FIRST)])
def test_what_refuses_again_soon_and_passes_after_a_wait_is_asked_more_slowly(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], status: int, intent: Intent
) -> None:
    """A limiter refuses whatever is too much; whether a 503 to a cancel is one's, the wait shows."""
    bench.budget.clock = lambda: 2.0 * bench.budget.requests
    server.route().mock(side_effect=[httpx.Response(it) for it in (200, 200, 200, status, 200) * 2])

    for number in range(8):
        bench.sender.send(case(intent=intent if number % 4 == 3 else Intent.READ, appointment=None))

    assert bench.budget.pace > 0


def test_what_the_endpoint_refuses_by_itself_is_not_asked_more_slowly(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """Each cancel is answered 503, however long it is waited for, and all else is answered."""
    bench.budget.clock = lambda: 2.0 * bench.budget.requests
    server.route().mock(side_effect=lambda request: httpx.Response(503 if request.method == "POST" else 200, json={}))

    for number in range(8):
        parts = {} if number % 4 == 3 else {"intent": Intent.READ, "method": "GET"}
        bench.sender.send(case(appointment=None, **parts))

    assert (bench.budget.pace, bench.budget.throttled) == (0, 6)


def test_the_last_wait_may_help(bench: Bench, server: respx.MockRouter, case: Callable[..., Case]) -> None:
    """An answer after the last wait is an answer like any other."""
    server.route().mock(side_effect=[httpx.Response(429)] * 5 + [httpx.Response(404)])

    assert bench.sender.send(case()).status == 404


@pytest.mark.parametrize(
    "error",
    [httpcore.ConnectError("[Errno 111] refused"), httpcore.ConnectError("TLS"), httpcore.ConnectTimeout("slow")],
)
def test_no_connection_is_tried_again(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], error: Exception
) -> None:
    """What never arrived may be sent again, whatever it is; after some tries the target counts as not reachable."""
    server.route().mock(side_effect=[error, httpx.Response(200)])
    assert bench.sender.send(case()).status == 200
    assert bench.waits == [0.2]

    # It has answered, and may be restarting.
    server.route().mock(side_effect=error)
    with pytest.raises(Unreachable) as caught:
        bench.sender.send(case())

    assert str(caught.value) == (
        f"http://127.0.0.1:9 cannot be reached ({error}), 6 times in a row: "
        "see that it is up and that ONELINK_BASE_URL, proxy and certificates are right"
    )
    assert [exchange.trouble for exchange in bench.exchanges] == [Trouble.UNREACHABLE, None, *[Trouble.UNREACHABLE] * 6]
    assert bench.waits[1:] == [0.2, 0.4, 0.8, 1.6, 3.2]


def test_a_target_that_was_never_there_is_given_up_soon(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """Nobody waits for a wrong port, nor for a proxy that knows of no target."""
    server.route().mock(side_effect=httpcore.ConnectError("refused"))

    with pytest.raises(Unreachable, match="3 times in a row"):
        bench.sender.send(case())


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (httpcore.ReadError("reset"), Trouble.LOST),
        (httpcore.RemoteProtocolError("Server disconnected without sending a response."), Trouble.LOST),
        (httpcore.ReadTimeout("slow"), Trouble.TIMEOUT),
        (httpcore.WriteTimeout("slow"), Trouble.TIMEOUT),
    ],
)
def test_a_lost_answer_is_asked_for_again_only_where_that_is_safe(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], error: Exception, trouble: Trouble
) -> None:
    """The call under test is never sent again silently; a case that says that it is safe is."""
    route = server.route().mock(side_effect=[error, error, httpx.Response(200)])

    assert bench.sender.send(case()).trouble is trouble
    assert route.call_count == 1

    route.mock(side_effect=[error, error, httpx.Response(200)])
    assert bench.sender.send(case(repeatable=True)).status == 200
    assert route.call_count == 4


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpcore.ReadError("reset"), "ended the connection without an answer (reset)"),
        (httpcore.ReadTimeout("slow"), "gave no answer in time (slow)"),
    ],
)
def test_a_read_that_is_never_answered_ends_the_run(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], error: Exception, told: str
) -> None:
    """Where even what may be repeated gets no answer, the target is lost."""
    server.route().mock(side_effect=error)

    with pytest.raises(Unreachable) as caught:
        bench.sender.send(case(repeatable=True))

    assert str(caught.value) == (
        f"http://127.0.0.1:9 {told}, 3 times in a row: "
        "see that it is up and that ONELINK_BASE_URL, proxy and certificates are right"
    )


def test_an_abandoned_case_has_no_patience(bench: Bench, server: respx.MockRouter, case: Callable[..., Case]) -> None:
    """A case whose answer is to be lost waits no time for it; others wait as long as the time limit."""
    route = server.route().respond(200)
    bench.sender.send(case(abandoned=True))
    bench.sender.send(case())

    assert [call.request.extensions["timeout"]["read"] for call in route.calls] == [1e-6, 10.0]


def test_budgets_end_a_case(
    make_bench: Callable[..., Bench], server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """Tries and waits are spent from the same budget as everything else."""
    bench = make_bench(limits=Limits(2, 1, 8, None))
    server.route().respond(429)

    with pytest.raises(Overspent, match="2 of 2 requests are spent: set ONELINK_MAX_REQUESTS higher"):
        bench.sender.send(case())


def test_a_case_may_set_the_usual_headers(bench: Bench, server: respx.MockRouter, case: Callable[..., Case]) -> None:
    """Headers that every request has come once: the case's own value goes first."""
    route = server.route().respond(200)
    bench.sender.send(case(headers=(("Accept", b"text/html"), ("X-A", b"1"))))

    headers = route.calls.last.request.headers
    assert (headers.get_list("accept"), headers["user-agent"], headers["x-a"]) == (
        ["text/html"],
        "cancel-contract",
        "1",
    )
    assert headers["content-length"] == "0"


def test_tokens_that_nobody_named_are_a_mistake(bench: Bench, case: Callable[..., Case]) -> None:
    """A case that asks for a token which the settings do not name is an error of the suite, as are two bodies."""
    with pytest.raises(AssertionError, match="test asks for a token that the settings do not name"):
        bench.sender.send(case(credential=Credential(Holder.FOREIGN)))
    with pytest.raises(AssertionError, match="test has a body and shows its token in one"):
        bench.sender.send(case(credential=Credential(showing="body"), body=b"{}"))


def test_no_token_needs_no_setting(bench: Bench, server: respx.MockRouter, case: Callable[..., Case]) -> None:
    """To show nothing, nothing has to be named."""
    route = server.route().respond(401)
    bench.sender.send(case(intent=Intent.REFUSED, credential=Credential(Holder.FOREIGN, "none")))

    assert "api_access_token" not in route.calls.last.request.headers
