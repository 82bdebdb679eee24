"""A count that several workers share."""

from pathlib import Path

import pytest

from contracts.budget import Budget, Limits
from contracts.counter import Counter
from contracts.errors import Overspent


def test_workers_count_together(tmp_path: Path) -> None:
    """What one worker has made, another cannot make any more; what was given back it can."""
    path = tmp_path / "count"
    limits = Limits(requests=100, appointments=8, parallel=2, rate=None)
    one, other = (Budget(limits, made_by_all=Counter(path)) for _ in range(2))
    for budget in (one, one, one, one, one, other, other):
        budget.appointment()

    with pytest.raises(Overspent, match=r"^7 of 8 appointments are spent, and 1 are kept for the end of the run: set "):
        other.appointment()
    one.not_made()
    other.appointment()

    assert (one.appointments, other.appointments) == (4, 3)


def test_a_counter_is_forgotten(tmp_path: Path) -> None:
    """At the end of a run neither the count nor its lock stays behind."""
    counter = Counter(tmp_path / "count")

    assert counter.add(1, 1)
    assert not counter.add(1, 1)
    counter.forget()
    assert [*tmp_path.iterdir()] == []
