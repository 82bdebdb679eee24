"""How fast requests leave: by the rate that is set, and slower once a limiter has refused again soon."""

from collections import deque
from dataclasses import dataclass
from typing import Final

SOON: Final = 20
"""If a limiter refuses again within this number of requests, the run goes slower from then on (policy)."""
SLOWER: Final = 0.5
"""The share of the refused rate that a run keeps to afterwards (policy)."""
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
        self._rate, self._next = rate, 0.0
        self._begun: deque[float] = deque(maxlen=_FEW_TURNS)
        self._refusal: Refusal | None = None

    @property
    def seconds(self) -> float:
        """Return the seconds from one turn to the next."""
        return 1 / self._rate if self._rate else 0.0

    def turn(self, now: float) -> float:
        """Take the next turn; returns the seconds until it comes."""
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
        last = self._refusal
        if last and refusal.at - last.at < _ONE:
            return
        if last and refusal.requests - last.requests <= SOON and len(refusal.turns) >= _FEWEST_TURNS:
            speed = (len(refusal.turns) - 1) / max(refusal.turns[-1] - refusal.turns[0], 1e-3)
            self._rate = max(SLOWER * min(speed, self._rate or speed), SLOWEST)
        self._refusal = refusal
