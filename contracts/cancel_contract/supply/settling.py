"""Learns whether the target changes appointments by itself after they are made, as one with a worker does.

Each new appointment is then left alone for a while before it is used.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count, takewhile
from typing import Final

LONGEST: Final = 30.0
"""Seconds that one appointment is watched, at the most (policy)."""
MOST_ANEW: Final = 20
"""How often scenarios of a run start again because of what the target does by itself (policy)."""
_FIRST_LOOK: Final = 0.05
_SHORTEST: Final = 0.2
_TIMES_AS_LONG: Final = 2


@dataclass(slots=True)
class Settling:
    """How long a new appointment is left alone, once the target was seen to change one by itself."""

    seconds: float = 0.0
    """0 where the target was not seen to do so."""
    fields: frozenset[str] = field(default_factory=frozenset)
    """What was changed."""
    is_known: bool = False
    """Whether an appointment that nobody touches was watched."""

    _anew: int = 0

    def observe(self, age: float, wait: Callable[[float], None], changed: Callable[[], frozenset[str]]) -> None:
        """Look at a new appointment that nobody touches, until it has changed or is as old as `age`, in seconds."""
        waited = 0.0
        for moment in _looks(age):
            wait(moment - waited)
            waited = moment
            if fields := changed():
                self.fields = fields
                self.seconds = min(max(waited * _TIMES_AS_LONG, _SHORTEST), LONGEST)
                break
        self.is_known = True

    def may_be_to_blame(self, age: float) -> bool:
        """Whether the target itself may have changed an appointment since it was so many seconds old."""
        return age < self.seconds

    def may_begin_anew(self) -> bool:
        """Whether one more scenario may start again for what the target does by itself; it is counted."""
        self._anew += 1
        return self._anew <= MOST_ANEW


def _looks(age: float) -> Iterator[float]:
    """Yield when to look, in seconds after the beginning: later and later, and at last when `age` is over."""
    last = min(age, LONGEST)
    yield from takewhile(last.__gt__, accumulate(_FIRST_LOOK * 2**number for number in count()))
    yield last
