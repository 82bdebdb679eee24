"""Whole gates behind a gateway that throttles or fails now and then."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX
from tests.unit.run.test_gateway import PAGE, broken_clauses

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened


@pytest.mark.parametrize(("status", "seed"), [(429, 1), (502, 2), (503, 3), (504, 4)])
def test_a_gateway_that_fails_now_and_then_breaks_nothing(
    make_run: Opened, memory: Memory, named: Named, status: int, seed: int
) -> None:
    """Some answers in a hundred are met on every road."""
    chance = Random(seed)  # noqa: S311 - no secret
    memory.before = lambda request: httpx.Response(status, html=PAGE) if chance.random() < 0.03 else request
    with make_run(max_appointments=60, max_requests=900) as run:
        for scenario in named():
            run.play(scenario)
        run.finish()

    assert broken_clauses(run) == []
    assert run.ledger.suite_failures == []
    assert not run.lost
    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("rate", "burst"), [(1.0, 1), (2.0, 3), (20.0, 5), (60.0, 20)])
def test_a_limiter_is_gone_along_with(  # noqa: PLR0913, PLR0917  fixtures and parameters
    make_run: Opened, memory: Memory, named: Named, rate: float, burst: int, status: int
) -> None:
    """Whatever it lets through in a second, the run goes as slowly as that, and has its verdict."""
    now, tokens = [0.0], [float(burst), 0.0]

    def limit(request: Request) -> Request | httpx.Response:
        now[0] += 0.005
        tokens[:] = [min(burst, tokens[0] + (now[0] - tokens[1]) * rate), now[0]]
        if tokens[0] < 1:
            return httpx.Response(status, html=PAGE)
        tokens[0] -= 1
        return request

    def sleep(seconds: float) -> None:
        now[0] += seconds

    memory.before = limit
    with make_run() as run:
        run.budget.sleep, run.budget.clock = sleep, lambda: now[0]
        for scenario in named():
            run.play(scenario)
        run.finish()

    assert broken_clauses(run) == []
    assert run.ledger.inconclusive == []
    assert run.statistics.requests - run.statistics.retries <= 380


def test_a_target_that_throttles_is_waited_for(make_run: Opened, memory: Memory, named: Named) -> None:
    """A 429 is no breach and no status that was seen; it is counted."""
    memory.before = lambda request: (
        httpx.Response(429, headers={"retry-after": "3"}) if len(memory.asked) % 7 == 0 else request
    )

    with make_run() as run:
        broken = [name for scenario in named("effect/", "input/") for name in run.play(scenario).broken]
        run.finish()

    assert broken == []
    assert run.statistics.throttled == sum(one.status == 429 for one in run.exchanges) > 5
    assert 429 not in run.ledger.statuses
