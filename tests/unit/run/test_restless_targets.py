"""Targets on which something happens in the middle of a run, and which keep their promises all the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

FOLLOWED = "effect/no_show-paid-longest-30-comment"
DELETED = "effect/deleted-afterwards"
_OWN = re.compile(r"/appointments/(\d+)$")


def _is_create(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/appointments")


def test_where_few_may_leave_at_once_none_is_left_out_of_what_is_judged(make_run: Opened, named: Named) -> None:
    """Two cancels cancel two of three appointments."""
    with make_run(max_parallel=2) as run:
        played = run.play(named("repeat/spread")[0])
        assert (played.broken, played.problems) == ((), ())
        run.finish()

    assert run.statistics.still_active == []


@pytest.mark.parametrize("code", ["BLOCKED_BY_HOLIDAY", "OUTSIDE_WORKING_HOURS"])
def test_a_slot_that_has_closed_since_is_left_for_another(
    make_run: Opened, memory: Memory, named: Named, code: str
) -> None:
    """Nobody could have it, whoever had it before: the scenario starts again on another day."""
    numbers = count()

    def close(request: Request) -> Request | httpx.Response:
        is_second = _is_create(request) and next(numbers) == 1
        return httpx.Response(409, json={"error": "closed", "code": code}) if is_second else request

    memory.before = close
    with make_run() as run:
        assert run.play(named("effect/slot")[0]).broken == ()
        assert run.ledger.rows["effect/slot-free"].held
        run.finish()

    assert memory.provider.audit.active(PREFIX) == ()


def test_slots_that_close_with_each_cancel_are_not_free(make_run: Opened, memory: Memory, named: Named) -> None:
    """Once, somebody may have closed the place; the second time it is what the cancel does, and no third is tried."""
    memory.provider.switch(["break-after-cancel"])
    with make_run() as run:
        assert "effect/slot-free" in run.play(named("effect/slot")[0]).broken
        assert run.budget.requests < 80


def test_a_copy_that_learns_late_of_a_deletion_is_read_again(make_run: Opened, memory: Memory, named: Named) -> None:
    """What it shows first is what was there before."""
    latest: dict[str, httpx.Response] = {}

    def lag(request: Request, response: httpx.Response) -> httpx.Response:
        if request.method == "GET" and response.status_code == 404:
            return latest.pop(request.path, response)
        if request.method == "GET" and _OWN.search(request.path):
            latest[request.path] = response
        return response

    memory.after = lag
    with make_run() as run:
        assert run.play(named(FOLLOWED)[0]).broken == ()
        assert run.ledger.rows[DELETED].held


@pytest.mark.parametrize("lost", [httpx.Response(504), httpx.RemoteProtocolError("disconnected")])
def test_a_deletion_that_nobody_has_answered_is_tried_on_another(
    make_run: Opened, memory: Memory, named: Named, lost: httpx.Response | Exception
) -> None:
    """Whether it was done, nobody knows."""
    numbers = count()

    def lose(request: Request) -> Request | httpx.Response | Exception:
        is_first = request.method == "DELETE" and _OWN.search(request.path) and next(numbers) == 0
        return lost if is_first else request

    memory.before = lose
    with make_run() as run:
        played = run.play(named(FOLLOWED)[0])
        assert (played.broken, played.problems, played.excuse) == ((), (), "")
        assert run.ledger.rows[DELETED].held
        run.finish()

    assert run.statistics.still_active == []


def test_what_a_worker_fills_in_after_a_create_is_no_effect_of_a_cancel(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """It does so with one that nobody has cancelled, too."""
    store, asked = memory.provider.store, count()
    due: dict[int, int] = {}

    def work(request: Request, response: httpx.Response) -> httpx.Response:
        now = next(asked)
        if _is_create(request) and response.status_code == 201:
            due[json.loads(response.content)["payload"]["id"]] = now + 12
        for number in [number for number, at in due.items() if at <= now]:
            del due[number]
            if number in store.appointments:
                store.put(replace(store.appointments[number], company_id=61))
        return response

    memory.after = work
    with make_run() as run:
        run.play(named(FOLLOWED)[0])
        run.finish()

        assert run.ledger.rows["effect/settled"].broken == 0


def _restarting(after: int, times: int) -> Callable[[Request], Request | Exception]:
    numbers = count()
    away = range(after, after + times)
    return lambda request: httpx.ConnectError("refused") if next(numbers) in away else request


@pytest.mark.parametrize("number", [5, 20, 60])
def test_a_target_that_restarts_is_waited_for(make_run: Opened, memory: Memory, named: Named, number: int) -> None:
    """Any deploy does that."""
    memory.before = _restarting(number, 5)
    with make_run() as run:
        for scenario in named("effect/", "access/showings"):
            assert run.play(scenario).broken == ()
        run.finish()

    assert not run.lost
    assert run.statistics.still_active == []
