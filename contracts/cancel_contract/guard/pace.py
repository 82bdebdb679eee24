"""How fast requests leave: by the rate that is set, slower once a limiter has refused again soon, and faster again once
it has not for a while, since a server may be short of resources for a moment alone.
"""

from collections import deque
from dataclasses import dataclass
from math import inf
from typing import Final

SOON: Final = 20
"""If a limiter refuses again within this number of requests, the run goes slower from then on (policy)."""
SLOWER: Final = 0.5
"""The share of the refused rate that a run keeps to afterwards (policy)."""
CALM: Final = 10.0
"""Seconds without a refusal after which a run goes faster again; it does so after `SOON` requests, too (policy)."""
SLOWEST: Final = 0.5
"""Requests a second: a limiter never slows a run further than this (policy)."""
_FEW_TURNS: Final = 11
"""The number of turns over which the current rate is measured (policy)."""
_FEWEST_TURNS: Final = 3
"""Turns of which fewer tell no rate."""
_ONE: Final = 1.0
"""Seconds within which refusals of parallel requests count as one (policy)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that a limiter may have refused; times in seconds, by the budget's clock."""

    turns: tuple[float, ...]
    """When the last requests before it left, since the last wait."""
    requests: int
    """How many had left by then."""
    at: float


class Pace:
    """The turns of requests; whoever uses it from several threads has a lock."""

    def __init__(self, rate: float | None) -> None:
        """Begin with a rate in requests a second, or None without limit."""
        self._rate, self._full, self._next = rate, rate or inf, 0.0
        self._begun: deque[float] = deque(maxlen=_FEW_TURNS)
        self._refusal: Refusal | None = None
        self._calm_turns, self._calm_since = 0, 0.0
        self._tried: float | None = None
        """The rate to which it went up last, until that is refused."""
        self._refused = inf
        """The lowest rate that was refused after the run had gone up to it: it is not tried again."""

    @property
    def seconds(self) -> float:
        """Return the seconds from one turn to the next."""
        return 1 / self._rate if self._rate else 0.0

    def turn(self, now: float) -> float:
        """Take the next turn; returns the seconds until it comes."""
        self._go_faster(now)
        mine = max(self._next, now) if self._rate else now
        self._next = mine + self.seconds
        self._begun.append(mine)
        return mine - now

    def refused(self, requests: int, now: float) -> Refusal:
        """Return how fast the target was asked when it refused one."""
        return Refusal(tuple(self._begun), requests, now)

    def forget(self) -> None:
        """Measure anew: only what is sent after a wait tells how fast the target is asked."""
        self._begun.clear()

    def slow_down(self, refusal: Refusal) -> None:
        """Go slower if a limiter has refused again soon."""
        last, is_too_fast = self._refusal, self._tried is not None and self._calm_turns <= SOON
        self._calm_turns, self._calm_since = 0, refusal.at
        if last and refusal.at - last.at < _ONE:
            return
        is_soon = last is not None and refusal.requests - last.requests <= SOON
        if (is_soon or is_too_fast) and len(refusal.turns) >= _FEWEST_TURNS:
            speed = (len(refusal.turns) - 1) / max(refusal.turns[-1] - refusal.turns[0], 1e-3)
            self._refused, self._tried = min(self._refused, self._tried or inf), None
            self._rate = max(SLOWER * min(speed, self._rate or speed), SLOWEST)
        self._refusal = refusal

    def _go_faster(self, now: float) -> None:
        """Go faster if nothing was refused for a while, but not as fast as was too fast before."""
        self._calm_turns += 1
        if self._rate is None or self._rate >= self._full:
            return
        faster = min(self._rate / SLOWER, self._full)
        if (self._calm_turns > SOON or now - self._calm_since >= CALM) and faster < self._refused:
            self._rate = self._tried = faster
            self._calm_turns, self._calm_since = 0, now
