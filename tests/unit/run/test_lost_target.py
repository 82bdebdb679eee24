"""A target that stops, hangs or forgets the token midway."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.exchange import Trouble
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Verdict
from tests.unit.run.conftest import PLAIN, code

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened


def _dies_after(number: int) -> Callable[[Request], Request | Exception]:
    count = iter(range(10**6))
    return lambda request: request if next(count) < number else httpx.ConnectError("Connection refused")


@pytest.mark.parametrize("number", [0, 1, 7, 20, 36, 37])
def test_a_target_that_dies_midway_breaks_nothing(make_run: Opened, memory: Memory, named: Named, number: int) -> None:
    """Whenever the target goes, the run has no verdict, no clause is broken, and what may stand is listed."""
    memory.before = _dies_after(number)

    with make_run() as run:
        for scenario in named():
            run.play(scenario)
        run.finish()

    assert run.lost
    assert run.ledger.inconclusive == [
        (
            f"http://127.0.0.1:9 cannot be reached (Connection refused), {6 if number else 3} times in a row: see that "
            "it is up and that "
            "ONELINK_BASE_URL, proxy and certificates are right"
        )
    ]
    assert code(run) is Exit.INCONCLUSIVE
    assert [row.clause.id for row in run.ledger.rows.values() if row.broken] == []
    # What a cancel has done whose answer was not waited for nobody could read any more.
    active = memory.provider.audit.active(PREFIX)
    unknown = {one.case.appointment for one in run.exchanges if one.case.abandoned} - {*active}
    assert tuple(one for one in run.statistics.still_active if one not in unknown) == active


def test_what_may_have_been_made_active_again_is_listed(make_run: Opened, memory: Memory, named: Named) -> None:
    """A revive whose answer never came may have been done: the appointment counts as active, and is named."""
    revived: list[str] = []

    def die(request: Request) -> Request | Exception:
        is_revive = request.method == "PATCH" and b'"scheduled"' in request.body
        revived.extend([request.path.rpartition("/")[2]] if is_revive else [])
        return httpx.ConnectError("Connection refused") if revived else request

    memory.before = die
    with make_run() as run:
        for scenario in named():
            run.play(scenario)
        run.finish()

    assert int(revived[0]) in run.statistics.still_active
    assert set(memory.provider.audit.active(PREFIX)) <= set(run.statistics.still_active)


def _is_cancel(request: Request) -> bool:
    return request.path.endswith("/cancel")


def test_a_cancel_under_which_an_idle_connection_was_closed_is_sent_again(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Once, where a read shows that nothing was done; the clause that needs it holds."""
    closing = iter([True])
    memory.before = lambda request: (
        httpx.RemoteProtocolError("gone") if _is_cancel(request) and next(closing, False) else request
    )

    with make_run() as run:
        run.play(named("access/second-member")[0])
        run.finish()

    assert [it.trouble for it in run.exchanges if "#second member" in it.case.key] == [Trouble.LOST, None]
    assert run.ledger.rows["access/second-member"].verdict is Verdict.HELD


def test_a_cancel_that_was_done_before_its_connection_ended_is_not_sent_again(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """What a repeat would show is not what the first would have shown."""
    closing = iter([True])

    def close(request: Request, response: httpx.Response) -> httpx.Response:
        if _is_cancel(request) and next(closing, False):
            raise httpx.RemoteProtocolError("gone")
        return response

    memory.after = close
    with make_run() as run:
        run.play(named("access/second-member")[0])
        run.finish()

    assert [it.trouble for it in run.exchanges if "#second member" in it.case.key] == [Trouble.LOST]
    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("number", [0, 20, 60])
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_server_that_is_taken_down_midway_breaks_nothing(
    make_run: Opened, memory: Memory, named: Named, number: int, status: int
) -> None:
    """Where a gateway answers for a server that is not there, reads too, the run has no verdict and no breach."""
    answers = iter(range(number))
    memory.before = lambda request: request if next(answers, None) is not None else httpx.Response(status, html="<p>")

    with make_run() as run:
        for scenario in named():
            run.play(scenario)
        run.finish()

    assert run.ledger.inconclusive == [
        (
            f"http://127.0.0.1:9 answered a read {status}, 4 times in a row: see that it is up and that "
            "ONELINK_BASE_URL, proxy and certificates are right"
        )
    ]
    assert code(run) is Exit.INCONCLUSIVE
    assert tuple(run.statistics.still_active) == memory.provider.audit.active(PREFIX)


def test_a_breach_seen_outranks_a_target_that_dies(make_run: Opened, memory: Memory, named: Named) -> None:
    """What broke before the target went closes the gate."""
    memory.provider.switch(["created-201"])
    with make_run() as run:
        run.play(named(PLAIN)[0])
        memory.before = lambda _: httpx.ConnectError("Connection refused")
        run.play(named("readonly/")[0])

    assert run.lost
    assert code(run) is Exit.BROKEN


def test_a_target_that_is_too_slow_is_given_up(make_run: Opened, memory: Memory, named: Named) -> None:
    """After five answers that stayed out the run ends, instead of costing the time limit for each request."""
    memory.before = lambda _: httpx.ReadTimeout("timed out")

    with make_run(time_limit=2.5) as run:
        for scenario in named():
            run.play(scenario)

    assert run.ledger.inconclusive[0] == (
        "http://127.0.0.1:9 gave no answer in time (timed out), 3 times in a row: see that it is up and that "
        "ONELINK_BASE_URL, proxy and certificates are right"
    )


def test_cancels_that_are_never_answered_end_the_run(make_run: Opened, memory: Memory, named: Named) -> None:
    """Where only the endpoint under test is too slow, its timeouts are breaches, and five of them are enough."""
    memory.before = lambda request: httpx.ReadTimeout("timed out") if request.path.endswith("/cancel") else request

    with make_run(time_limit=2.5) as run:
        for scenario in named("effect/"):
            run.play(scenario)

    assert run.ledger.inconclusive == ["http://127.0.0.1:9 gave 5 times no answer within 2.5 s"]
    assert run.ledger.rows["answer/time-limit"].broken > 0


@pytest.mark.parametrize("played", ["effect/slot", "input/malformed-ids"])
def test_a_target_that_hangs_midway_breaks_nothing(make_run: Opened, memory: Memory, named: Named, played: str) -> None:
    """A target that answers nobody any more is lost, whatever it was asked when it fell silent."""
    with make_run(time_limit=2.5) as run:
        run.context.victim()
        memory.before = lambda _: httpx.ReadTimeout("timed out")
        run.play(named(played)[0])
        run.finish()

    assert run.lost
    assert code(run) is Exit.INCONCLUSIVE
    assert run.ledger.rows["answer/time-limit"].broken == 0


def test_a_target_that_hangs_on_some_cancels_alone_is_there(make_run: Opened, memory: Memory, named: Named) -> None:
    """At the end it is looked at once more: it has broken its promise, and what was made there is cleaned up."""

    def hang(request: Request) -> Request | Exception:
        text = request.path.removesuffix("/cancel").rpartition("/")[2]
        odd = request.path.endswith("/cancel") and not text.isdigit()
        return httpx.ReadTimeout("timed out") if odd else request

    with make_run(time_limit=2.5) as run:
        run.context.victim()
        run.context.fresh()
        memory.before = hang
        run.play(named("input/malformed-ids")[0])
        run.finish()

    assert run.lost
    assert run.ledger.inconclusive == ["http://127.0.0.1:9 gave 5 times no answer within 2.5 s"]
    # Those that were under way with the fifth hang as well.
    assert 5 <= run.ledger.rows["answer/time-limit"].broken <= 5 + run.budget.limits.parallel
    assert memory.provider.audit.active(PREFIX) == ()


def test_a_token_that_is_withdrawn_midway_breaks_nothing(make_run: Opened, memory: Memory, named: Named) -> None:
    """A 401 on reading one's own data ends the run, with what to do about it."""
    memory.before = lambda request: (
        httpx.Response(401, json={"error": "Invalid Access Token"})
        if len(memory.asked) > 10 and request.method == "GET"
        else request
    )

    with make_run() as run:
        for scenario in named("effect/"):
            run.play(scenario)

    (told,) = run.ledger.inconclusive
    assert re.sub(r"\d{4}", "N", told) == (
        "http://127.0.0.1:9 no longer knows the token: status is 401 for /api/v1/accounts/3/scheduling/appointments/N, "
        "though reads with the same token were answered 200 before; see whether it was revoked meanwhile, or the "
        "refusal of somebody else is kept in a cache"
    )


def test_a_token_that_was_never_known_is_told_so(make_run: Opened, memory: Memory, named: Named) -> None:
    """There is no more to say than where it comes from."""
    memory.before = lambda request: (
        httpx.Response(401, json={"error": "Invalid Access Token"}) if request.method == "GET" else request
    )

    with make_run() as run:
        run.play(named("effect/")[0])

    assert run.ledger.inconclusive == [
        (
            "http://127.0.0.1:9 does not know the token: status is 401 when the account's own data is asked for; check "
            "ONELINK_API_TOKEN and ONELINK_ACCOUNT_ID with `cancel-contract doctor`"
        )
    ]
