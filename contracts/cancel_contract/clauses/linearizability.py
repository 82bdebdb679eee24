"""Checks whether a short history of overlapping operations is linearizable.

A history is linearizable if some order of its operations explains all that was answered, where an operation that had
ended before another began comes first. The search is that of J. M. Wing and C. Gong ("Testing and Verifying Concurrent
Objects", 1993): it tries every order, which is quick for the handful of operations of one race.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")
"""The state that the operations work on."""
D = TypeVar("D")
"""How an answer contradicts a state."""


@dataclass(frozen=True, slots=True)
class Operation(Generic[S, D]):
    """One operation with its answer. Two overlap unless one ended before the other began."""

    effect: Callable[[S], tuple[S, Sequence[D]]]
    """What it makes of a state, and how its answer contradicts that; nothing where the answer fits."""
    began: int = 0
    """The step of the history in which it began: steps are counted, not measured by a clock."""
    ended: int = 0


def contradictions(start: S, history: Sequence[Operation[S, D]]) -> tuple[D, ...]:
    """Return what contradicts the order that explains most; nothing if the history is linearizable."""
    best: tuple[D, ...] | None = None
    for place, one in enumerate(history):
        rest = (*history[:place], *history[place + 1 :])
        if any(other.ended < one.began for other in rest):
            continue
        state, found = one.effect(start)
        whole = (*found, *contradictions(state, rest))
        if best is None or len(whole) < len(best):
            best = whole
        if not best:
            return best
    return best or ()
