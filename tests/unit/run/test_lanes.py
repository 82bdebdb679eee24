"""Scenarios of one run are played side by side, in lanes over the same connections, budgets and ledger."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, RLock
from unittest.mock import Mock

import httpx
import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.assembly import lane
from cancel_contract.run.lanes import Lanes, grouped
from cancel_contract.run.run import Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.share import Share
from tests.unit.run.conftest import Memory, Named, Opened


def _scenario(name: str, requests: int, play: Callable[[object], None] = lambda _: None) -> Scenario:
    return Scenario(name, play, 0, requests)


def test_scenarios_that_hand_appointments_on_are_one_group() -> None:
    """A family keeps the order of play; the longest group comes first."""
    one, two, three = _scenario("access/1", 1), _scenario("effect/1", 3), _scenario("access/2", 4)
    four = _scenario("input/1", 2)

    assert grouped([one, two, three, four]) == ((one, three), (two,), (four,))


@pytest.mark.parametrize(
    ("settings", "share", "most"),
    [({}, Share(), 1), ({"appointment_ids": (4012,)}, Share(), 4), ({}, Share(of=2), 4), ({}, Share(), None)],
    ids=["one is asked for", "appointments are handed over", "other processes play", "nothing was asked"],
)
def test_one_lane_plays_what_is_asked_for(  # noqa: PLR0913, PLR0917  fixtures and parameters
    make_run: Opened, memory: Memory, named: Named, settings: dict[str, object], share: Share, most: int | None
) -> None:
    """Nothing is played ahead."""
    with make_run(**settings) as run:
        lanes = Lanes(run, share, named("input/unknown-id", "readonly/imported"), most)
        assert memory.asked == []

        lanes.shown(named("input/unknown-id")[0])

        assert len(lanes.finish()) == 1


@pytest.mark.parametrize(
    ("took", "parallel", "lanes"), [([0.09, 9.0, 9.0], 8, 1), ([0.3, 0.1, 0.2], 8, 6), ([0.2], 3, 3)]
)
def test_a_slow_target_is_played_in_lanes_unless_one_is_asked_for(  # noqa: PLR0913, PLR0917  fixtures and parameters
    make_run: Opened, memory: Memory, named: Named, took: list[float], parallel: int, lanes: int
) -> None:
    """All of its first answers take long; from those of a moment in which it was busy nothing follows."""
    every = named("access", "input", "effect")
    with make_run(max_parallel=parallel) as run:
        run.connection.exchanges[:] = [replace(run.context.read(4001), elapsed=seconds) for seconds in took]
        asked = len(memory.asked)
        played = Lanes(run, Share(), every, None)
        played.stop()

        assert len(played.finish()) == lanes
        assert lanes > 1 or len(memory.asked) == asked
        assert len(Lanes(run, Share(), every, 1).finish()) == 1


def test_a_target_that_one_lane_has_lost_is_lost_to_all(make_run: Opened, memory: Memory, named: Named) -> None:
    """Nobody asks it any further, and one reason is told."""
    memory.before = lambda _: httpx.ConnectError("refused")
    every = named("access", "input", "effect")
    with make_run() as run:
        lanes = Lanes(run, Share(), every, 4)
        shown = [lanes.shown(scenario) for scenario in every]
        lanes.stop()
        ended = lanes.finish()

    assert all(one.lost for one in ended)
    assert sum(bool(one.requests) for one in shown) <= len(ended)
    assert len(run.ledger.inconclusive) == 1


def test_what_a_lane_raises_is_raised_where_it_is_asked_for(make_run: Opened) -> None:
    """An error of the suite does not vanish in a thread."""

    def fail(_: object) -> None:
        raise SystemExit(7)

    broken, other = _scenario("a/1", 1, play=fail), _scenario("a/2", 1)
    with make_run() as run:
        lanes = Lanes(run, Share(), [broken, other], 4)
        with pytest.raises(SystemExit):
            lanes.shown(broken)
        assert lanes.shown(other).played.exercised == ()
        lanes.stop()


def test_once_stopped_nothing_further_is_begun(make_run: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is under way comes to its end."""
    begun, is_under_way, may_end = list[str](), threading.Barrier(3), Event()

    def wait(name: str) -> Callable[[object], None]:
        def play(_: object) -> None:
            begun.append(name)
            if name in {"access/1", "effect/1"}:
                is_under_way.wait(timeout=60)
                may_end.wait(timeout=60)

        return play

    class Over(Event):
        """Ends what is under way once nothing more may begin."""

        def set(self) -> None:
            super().set()
            may_end.set()

    monkeypatch.setattr("cancel_contract.run.lanes.Event", Over)
    scenarios = [_scenario(name, 1, wait(name)) for name in ("access/1", "access/2", "effect/1", "effect/2")]
    with make_run() as run:
        lanes = Lanes(run, Share(), scenarios, 2)
        is_under_way.wait(timeout=60)
        lanes.stop()

    assert sorted(begun) == ["access/1", "effect/1"]


@pytest.mark.parametrize("stopped", [RuntimeError, KeyboardInterrupt])
def test_whatever_stops_a_lane_leaves_nothing_active(
    make_run: Opened, memory: Memory, named: Named, monkeypatch: pytest.MonkeyPatch, stopped: type[BaseException]
) -> None:
    """The first lane cleans up for all, before the error is raised again."""
    monkeypatch.setattr("cancel_contract.run.run.Run.end_lane", Mock(side_effect=stopped))
    every = named("effect")
    with make_run() as run:
        lanes = Lanes(run, Share(), every, 4)
        for scenario in every:
            lanes.shown(scenario)
        lanes.stop()
        beside = run.context.fresh().id
        with pytest.raises(stopped):
            lanes.finish()

    assert beside not in run.supply.active
    assert memory.provider.audit.active(PREFIX) == ()


def _is_held(lock: RLock) -> bool:
    """Whether a thread holds a lock: then another one cannot take it."""

    def is_taken() -> bool:
        if lock.acquire(blocking=False):
            lock.release()
            return False
        return True

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(is_taken).result()


@contextmanager
def _with_lock(run: Run, lock: RLock) -> Iterator[Run]:
    first = replace(run, connection=replace(run.connection, creating=lock))
    yield lane(first)


def test_lanes_create_appointments_one_at_a_time(make_run: Opened, memory: Memory) -> None:
    """Whoever creates one holds what the others wait for."""
    lock, seen = RLock(), list[bool]()

    def look(request: Request) -> Request:
        if request.method == "POST":
            seen.append(_is_held(lock))
        return request

    memory.before = look
    with make_run() as run, _with_lock(run, lock) as beside:
        made = beside.context.fresh()
        beside.context.cancel(made.id, "cancel", Intent.FIRST)
        beside.context.rebook(made)

        with beside.supply.sole_creator():
            beside.context.read(made.id)
            assert _is_held(lock)

    assert seen == [True, False, True]
