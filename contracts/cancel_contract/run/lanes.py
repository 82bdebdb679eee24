"""Plays the scenarios of one run side by side, ahead of the items that tell what each has shown."""

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Final

from cancel_contract.run.assembly import lane
from cancel_contract.run.run import Played, Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.share import Share

MOST: Final = 6
"""More lanes than this cost more appointments than they save time (policy)."""
SLOW: Final = 0.1
"""Seconds of an answer from which on lanes save time (policy)."""
_KEPT: Final = frozenset({"access", "input", "generated"})
"""Families whose scenarios hand an appointment on to the next one of the family; they send most of their cases side by
side.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one scenario has shown."""

    run: Run
    """The lane that has played it."""
    played: Played
    requests: int
    """How many it has sent."""


class Lanes:
    """Several runs over the same connections and budgets; each takes the next group of scenarios when it is free.

    One alone plays each scenario when it is asked for. Without `most`, a slow target is played in several.
    """

    def __init__(self, first: Run, share: Share, scenarios: Sequence[Scenario], most: int | None = None) -> None:
        self._first = first
        self._groups = deque(grouped(scenarios))
        width = min(_width(first, share, most), len(self._groups))
        self._others = [lane(first) for _ in range(1, width)]
        self._shown: dict[str, Future[Shown]] = {}
        self._over = Event()
        self._pool: ThreadPoolExecutor | None = None
        if self._others:
            self._shown = {one.name: Future() for one in scenarios}
            self._pool = ThreadPoolExecutor(width, "lane")
            for run in (first, *self._others):
                self._pool.submit(self._play_on, run)

    def _play_on(self, run: Run) -> None:
        """Play one group after another, until none is left."""
        while group := self._next():
            for scenario in group:
                self._play(run, scenario)

    def _next(self) -> tuple[Scenario, ...]:
        with suppress(IndexError):
            return self._groups.popleft()
        return ()

    def _play(self, run: Run, scenario: Scenario) -> None:
        future = self._shown[scenario.name]
        if self._over.is_set():
            future.cancel()
            return
        try:
            future.set_result(_played(run, scenario))
        except BaseException as error:  # noqa: BLE001  whoever asks what was shown gets it
            future.set_exception(error)
        if run.lost:
            for other in (self._first, *self._others):
                other.lost = other.lost or run.lost

    def shown(self, scenario: Scenario) -> Shown:
        """Return what a scenario has shown, once it is played."""
        if future := self._shown.get(scenario.name):
            return future.result()
        return _played(self._first, scenario)

    def stop(self, *, interrupted: bool = False) -> None:
        """Begin no further scenario, and wait for those under way; once interrupted, these send nothing more."""
        self._over.set()
        if self._pool and interrupted:
            with self._first.budget.interrupted():
                self._pool.shutdown()
        elif self._pool:
            self._pool.shutdown()

    def finish(self) -> tuple[Run, ...]:
        """End every lane, the first last, since it looks at what all have shown and cleans up for all; returns them."""
        try:
            if self._others:
                with ThreadPoolExecutor(len(self._others)) as pool:
                    for ended in [pool.submit(each.end_lane) for each in self._others]:
                        ended.result()
        finally:
            # Whatever has stopped another lane, and be it Ctrl-C, leaves nothing active.
            self._first.connection.gateway.join(each.connection.gateway for each in self._others)
            self._first.finish(self._others)
        return (self._first, *self._others)


def _played(run: Run, scenario: Scenario) -> Shown:
    before = len(run.exchanges)
    played = run.play(scenario)
    return Shown(run, played, len(run.exchanges) - before)


def _width(run: Run, share: Share, most: int | None) -> int:
    """How many lanes a run has: one where nothing is gained, other processes play, or appointments are few."""
    if run.lost or run.target.embedded or share.of > 1 or run.target.settings.appointment_ids:
        return 1
    return min(most or (_of_its_own(run) if run.exchanges else 1), MOST)


def _of_its_own(run: Run) -> int:
    """How many lanes a target gets for which nobody has asked: one, unless each of its first answers took long."""
    # What is busy for a moment answers some slowly, and not all.
    return run.target.settings.max_parallel if min(one.elapsed for one in run.exchanges) >= SLOW else 1


def grouped(scenarios: Iterable[Scenario]) -> tuple[tuple[Scenario, ...], ...]:
    """Return scenarios by the appointments that they share, each group in the order of play.

    The longest come first, so that none ends long after the others, and bursts last: by then enough connections are
    open.
    """
    groups: dict[str, list[Scenario]] = {}
    for one in scenarios:
        hands_on = one.family in _KEPT and (one.group or not one.appointments)
        groups.setdefault(one.family if hands_on else one.name, []).append(one)
    return tuple(sorted(map(tuple, groups.values()), key=_turn))


def _turn(group: Sequence[Scenario]) -> tuple[bool, int]:
    return group[0].family == "repeat", -sum(one.requests for one in group)
