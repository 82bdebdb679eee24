"""The search for an order that explains a history, over a register: what was read and written, and in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancel_contract.clauses.linearizability import Operation, contradictions


@dataclass(frozen=True)
class Call:
    """A write of a value, or a read that gave one."""

    value: int
    is_write: bool
    began: int = 0
    ended: int = 0

    def after(self, state: int) -> tuple[int, tuple[str, ...]]:
        """Return the register after the call, and what the call contradicts."""
        if self.is_write:
            return self.value, ()
        return state, () if self.value == state else (f"read {self.value}, not {state}",)


def write(value: int, began: int = 0, ended: int = 0) -> Call:
    """Write a value."""
    return Call(value, True, began, ended)


def read(value: int, began: int = 0, ended: int = 0) -> Call:
    """Read a value."""
    return Call(value, False, began, ended)


def searched(calls: Sequence[Call], start: int = 0) -> tuple[str, ...]:
    """Return what the search finds."""
    return contradictions(start, [Operation(call.after, call.began, call.ended) for call in calls])


def fewest(calls: Sequence[Call]) -> int:
    """Count, by trying all orders that keep to the steps, what the best of them leaves unexplained."""
    counts = []
    for order in permutations(calls):
        if any(later.ended < call.began for at, call in enumerate(order) for later in order[at + 1 :]):
            continue
        state, found = 0, 0
        for call in order:
            state, told = call.after(state)
            found += len(told)
        counts.append(found)
    return min(counts)


@pytest.mark.parametrize(
    "calls",
    [
        (),
        (read(0),),
        (write(1), read(0)),
        (write(1), read(1)),
        (write(1), write(2), read(1), read(2)),
        (write(1), write(2), read(1, 1, 1)),
        (write(1, 0, 3), read(0, 1, 1), read(1, 2, 2)),
    ],
    ids=str,
)
def test_some_order_explains_it(calls: tuple[Call, ...]) -> None:
    """What overlaps may have been done in any order."""
    assert searched(calls) == ()


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ((read(1),), "read 1, not 0"),
        ((write(1), read(0, 1, 1)), "read 0, not 1"),
        ((read(0, 1, 1), write(1)), "read 0, not 1"),
        ((write(1, 0, 3), read(1, 1, 1), read(0, 2, 2)), "read 0, not 1"),
    ],
    ids=str,
)
def test_no_order_explains_it(calls: tuple[Call, ...], found: str) -> None:
    """What had ended before something else began came first; of the orders left the best is told."""
    assert searched(calls) == (found,)


CALLS = st.builds(
    lambda value, is_write, began, took: Call(value, is_write, began, began + took),
    st.integers(0, 2), st.booleans(), st.integers(0, 2), st.integers(0, 2),
)  # fmt: skip


@given(st.lists(CALLS, min_size=1, max_size=5))
def test_it_finds_what_trying_all_orders_finds(calls: list[Call]) -> None:
    """The search leaves out no order, and takes none that the steps forbid."""
    assert len(searched(calls)) == fewest(calls)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=6), st.randoms(use_true_random=False))
def test_what_was_done_one_after_another_is_explained(done: list[tuple[int, bool]], random: Random) -> None:
    """A history that really came of some order is never blamed, in whatever order it is told."""
    state, calls = 0, []
    for at, (value, is_write) in enumerate(done):
        state = value if is_write else state
        # Each may have begun before and ended after the moment at which it was done.
        calls.append(Call(state, is_write, at - value % 2, at + value // 2))
    random.shuffle(calls)

    assert searched(calls) == ()
