"""Whose doing a gateway's answer was is decided when the run ends."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.ledger.exit_code import Exit
from tests.unit.run.conftest import code
from tests.unit.run.test_gateway import PAGE, broken_clauses, gateway_at, is_cancel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cancel_contract.provider.api.requests import Request
    from cancel_contract.run.run import Run
    from cancel_contract.run.scenarios import Scenario
    from tests.unit.run.conftest import Memory, Named, Opened


def _play_whole(run: Run, scenarios: Iterable[Scenario]) -> None:
    """Play scenarios, and end the run."""
    for scenario in scenarios:
        run.play(scenario)
    run.finish()


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_cancel_that_only_a_gateway_answers_is_a_breach_of_one_clause(
    make_run: Opened, memory: Memory, named: Named, status: int
) -> None:
    """While reads are answered it is the case's doing; it is reported when the run ends, and by no other clause."""
    memory.before = gateway_at(status, range(10**4))
    with make_run() as run:
        _play_whole(run, named())

    assert broken_clauses(run) == ["answer/given"]
    breach = run.ledger.rows["answer/given"].breach
    assert breach
    assert breach.message.startswith(f"status is {status}, not an answer of the application, ")
    assert code(run) is Exit.BROKEN
    assert not run.lost
    assert run.statistics.requests <= 455
    assert run.statistics.appointments <= 36


def test_one_case_that_only_the_application_itself_can_refuse_so_is_a_breach(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """A documented 503 of one kind of cancel: the other cases of its scenario are asked and judged all the same."""
    odd = gateway_at(
        503, range(10**4), lambda request: request.header("content-type") == "application/merge-patch+json"
    )
    memory.before = odd
    with make_run() as run:
        run.play(named("input/odd-bodies")[0])
        keys = [exchange.case.key for exchange in run.exchanges]
        run.finish()

    breach = run.ledger.rows["answer/given"].breach
    assert breach
    assert (broken_clauses(run), breach.case) == (["answer/given"], "input/odd-bodies#merge-patch")
    assert "input/odd-bodies#multipart" in keys
    assert run.ledger.excuses == {
        "input/odd-bodies": "a gateway answered input/odd-bodies#merge-patch instead: status is 503",
    }


def test_a_cancel_that_kills_its_worker_is_a_breach(make_run: Opened, memory: Memory, named: Named) -> None:
    """The gateway answers the cancel, and the next reads, 502; that is the cancel's doing, not the gateway's."""
    wake: list[int] = []

    def kill(request: Request) -> Request | httpx.Response:
        if is_cancel(request) and request.header("api_access_token"):
            wake[:] = [1, 2]
            return httpx.Response(502, html=PAGE)
        if wake:
            wake.pop()
            return httpx.Response(502, html=PAGE)
        return request

    memory.before = kill
    with make_run() as run:
        _play_whole(run, named("effect/", "input/unknown-id"))

    assert broken_clauses(run) == ["answer/given"]
    assert code(run) is Exit.BROKEN


def test_a_cancel_after_which_alone_others_fail_is_a_breach(make_run: Opened, memory: Memory, named: Named) -> None:
    """Where it kills its worker now and then, no case brings it twice; but nothing fails that is not asked after it."""
    count, wake = iter(range(10**4)), [0]

    def kill(request: Request) -> Request | httpx.Response:
        if is_cancel(request):
            wake[0] = next(count) % 4 == 0
        if wake[0]:
            wake[0] = is_cancel(request)
            return httpx.Response(502, html=PAGE)
        return request

    memory.before = kill
    with make_run() as run:
        _play_whole(run, named("effect/", "input/"))

    assert broken_clauses(run) == ["answer/given"]


@pytest.mark.parametrize(("part", "seed"), [(0.12, 4), (0.2, 1), (0.33, 2), (0.6, 3)])
def test_a_server_that_fails_whatever_it_is_asked_gives_no_verdict(
    make_run: Opened, memory: Memory, named: Named, part: float, seed: int
) -> None:
    """A gateway that answers 502 to a third of everything breaks no clause, and opens no gate."""
    chance = Random(seed)  # noqa: S311 - no secret
    memory.before = lambda request: httpx.Response(502, html=PAGE) if chance.random() < part else request
    with make_run() as run:
        _play_whole(run, named())

    assert broken_clauses(run) == []
    assert code(run) is Exit.INCONCLUSIVE


def test_the_reason_for_no_verdict_is_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """A run without a verdict names the gateway's answers with their counts, and the remedy."""
    memory.before = gateway_at(502, range(2, 10**4, 3), lambda _: True)
    with make_run() as run:
        _play_whole(run, named())

    (doubt,) = [line for line in run.ledger.inconclusive if line.startswith("the gateway before")]
    statuses = [one.status for one in run.exchanges if one.answer]
    assert doubt == (
        f"the gateway before http://127.0.0.1:9 answered 502 to {statuses.count(502)} of {len(statuses)} requests: "
        "see the logs of the gateway and of the server behind it, then run the gate again"
    )
