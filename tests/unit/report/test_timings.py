"""Percentiles, and durations in words."""

import pytest

from cancel_contract.report.timings import seconds, timings


def test_percentiles_are_values_that_were_seen() -> None:
    """Of a hundred answers the percentiles are the 50th and the 95th."""
    summed = timings([number / 1000 for number in range(100, 0, -1)])

    assert (summed.count, summed.max) == (100, 0.1)
    assert (summed.p50, summed.p95) == (0.05, 0.095)


def test_nothing_answered_has_no_percentiles() -> None:
    """Without an answer there is nothing to tell."""
    summed = timings([])

    assert summed.model_dump() == {"count": 0, "p50": None, "p95": None, "max": None}


@pytest.mark.parametrize(
    ("value", "told"), [(0.0004, "0.4 ms"), (0.0123, "12.3 ms"), (0.9, "900 ms"), (5.349, "5.35 s"), (312.0, "312 s")]
)
def test_a_span_of_time_is_told_in_its_unit(value: float, told: str) -> None:
    """Milliseconds below a second, seconds above."""
    assert seconds(value) == told
