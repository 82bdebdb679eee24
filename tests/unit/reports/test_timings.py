"""Percentiles, the histogram, and where the plot puts them."""

import pytest

from contracts.report.plot import BOTTOM, HEIGHT, LEFT, WIDTH, plot, seconds
from contracts.report.timings import BOUNDS, Bar, timings


def test_percentiles_are_values_that_were_seen() -> None:
    """Of a hundred answers the percentiles are the 50th, 90th, 95th and 99th."""
    summed = timings([number / 1000 for number in range(100, 0, -1)])

    assert (summed.count, summed.longest) == (100, 0.1)
    assert (summed.p50, summed.p90, summed.p95, summed.p99) == (0.05, 0.09, 0.095, 0.099)


def test_nothing_answered_has_no_percentiles() -> None:
    """Without an answer there is nothing to tell, and nothing to plot."""
    summed = timings([])

    assert summed.model_dump() == {
        "count": 0, "p50": None, "p90": None, "p95": None, "p99": None, "longest": None, "histogram": ()
    }  # fmt: skip
    assert plot(summed) is None


def test_the_histogram_spans_what_was_seen() -> None:
    """Bars reach from the first that holds an answer to the last, empty ones between; a bound belongs below."""
    assert timings([0.012, 0.015, 0.0151, 0.05]).histogram == (
        Bar(above=0.01, to=0.015, count=2),
        Bar(above=0.015, to=0.02, count=1),
        Bar(above=0.02, to=0.03, count=0),
        Bar(above=0.03, to=0.05, count=1),
    )


@pytest.mark.parametrize(
    ("second", "bar"), [(0.0, (0.0, 0.0002)), (0.0001, (0.0, 0.0002)), (100.0, (70.0, 100.0)), (5000.0, (100.0, None))]
)
def test_every_span_has_a_bar(second: float, bar: tuple[float, float | None]) -> None:
    """An answer at once and one that took an hour are counted, too."""
    (only,) = timings([second]).histogram

    assert ((only.above, only.to), only.count) == (bar, 1)


def test_bounds_rise() -> None:
    """The bounds are in order, six to a power of ten."""
    assert list(BOUNDS) == sorted(set(BOUNDS))
    assert [bound for bound in BOUNDS if 0.01 <= bound < 0.1] == [0.01, 0.015, 0.02, 0.03, 0.05, 0.07]


def test_columns_fill_the_plot() -> None:
    """The highest column reaches the top, a column stands on the ground, and none leaves the box."""
    drawn = plot(timings([0.012] * 100 + [0.018] * 50 + [0.06]))
    assert drawn is not None
    first, second, *_, last = drawn.columns

    assert (first.y, first.height) == (drawn.top, drawn.ground - drawn.top)
    assert second.height == pytest.approx(first.height / 2)
    assert last.height == 1.5
    assert all(column.y + column.height == HEIGHT - BOTTOM for column in drawn.columns)
    assert first.x >= LEFT
    assert last.x + last.width <= WIDTH - LEFT
    assert (first.told, last.told) == ("10 ms to 15 ms: 100 answers", "50 ms to 70 ms: 1 answer")


def test_percentiles_stand_in_their_columns() -> None:
    """A line stands inside the column of the answers that it tells of."""
    drawn = plot(timings([0.012] * 90 + [0.06] * 10))
    assert drawn is not None
    half, most = drawn.percentiles
    first, *_, last = drawn.columns

    assert first.x <= half.x <= first.x + first.width
    assert last.x <= most.x <= last.x + last.width
    assert (half.told, most.told) == ("half within 12 ms", "95 % within 60 ms")


def test_few_bounds_are_named() -> None:
    """However wide the span, the words under the axis do not run into each other."""
    wide = plot(timings([0.0001, 5000.0]))
    narrow = plot(timings([0.012]))
    assert wide is not None
    assert narrow is not None

    assert len(wide.bounds) <= 6
    assert [mark.told for mark in narrow.bounds] == ["10 ms", "15 ms"]
    assert [column.height for column in narrow.columns] == [0.0, narrow.ground - narrow.top, 0.0]


@pytest.mark.parametrize(
    ("value", "told"), [(0.0004, "0.4 ms"), (0.0123, "12.3 ms"), (0.9, "900 ms"), (5.349, "5.35 s"), (312.0, "312 s")]
)
def test_a_span_of_time_is_told_in_its_unit(value: float, told: str) -> None:
    """Milliseconds below a second, seconds above."""
    assert seconds(value) == told
