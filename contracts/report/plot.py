"""The timings as a small plot. Lives here: where bars, lines and words stand. May not know: how they are drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.report.timings import Bar, Timings

WIDTH: Final = 360
HEIGHT: Final = 150
LEFT: Final = 8
TOP: Final = 26
BOTTOM: Final = 24
_MOST_LABELS: Final = 6


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of the plot."""

    x: float
    y: float
    width: float
    height: float
    told: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word under the axis, or a line across the plot."""

    x: float
    told: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A histogram, in units of its own box."""

    columns: tuple[Column, ...]
    bounds: tuple[Mark, ...]
    percentiles: tuple[Mark, ...]
    peak: Mark
    """How many answers the highest bar holds."""
    width: int = WIDTH
    height: int = HEIGHT
    top: int = TOP
    ground: int = HEIGHT - BOTTOM


def plot(timings: Timings) -> Plot | None:
    """Lay the histogram out; nothing where nothing was answered."""
    if not timings.histogram or timings.p50 is None or timings.p95 is None:
        return None
    bars = _padded(timings.histogram)
    step = (WIDTH - 2 * LEFT) / len(bars)
    percentiles = (
        Mark(_place(bars, timings.p50, step), f"half within {seconds(timings.p50)}"),
        Mark(_place(bars, timings.p95, step), f"95 % within {seconds(timings.p95)}"),
    )
    return Plot(tuple(_columns(bars, step)), tuple(_bounds(bars, step)), percentiles, _peak(bars, step))


def _padded(bars: Sequence[Bar]) -> Sequence[Bar]:
    """A histogram of one bar is a wall: leave room on both sides."""
    edge = Bar(above=bars[0].above, to=bars[0].above, count=0)
    return (edge, *bars, Bar(above=bars[-1].to or bars[-1].above, to=None, count=0)) if len(bars) == 1 else bars


def _columns(bars: Sequence[Bar], step: float) -> Iterator[Column]:
    highest = max(bar.count for bar in bars)
    room = HEIGHT - TOP - BOTTOM
    for number, bar in enumerate(bars):
        # A single answer among thousands is seen, too.
        height = max(room * bar.count / highest, 1.5) if bar.count else 0.0
        y = HEIGHT - BOTTOM - height
        yield Column(round(LEFT + number * step + 1, 2), round(y, 2), round(step - 2, 2), round(height, 2), _told(bar))


def _told(bar: Bar) -> str:
    answers = "1 answer" if bar.count == 1 else f"{bar.count} answers"
    return (
        f"{seconds(bar.above)} to {seconds(bar.to)}: {answers}" if bar.to else f"over {seconds(bar.above)}: {answers}"
    )


def _peak(bars: Sequence[Bar], step: float) -> Mark:
    number, bar = max(enumerate(bars), key=lambda pair: pair[1].count)
    return Mark(round(LEFT + (number + 0.5) * step, 2), str(bar.count))


def _bounds(bars: Sequence[Bar], step: float) -> Iterator[Mark]:
    edges = [(number, bar.to) for number, bar in enumerate(bars, start=1) if bar.to is not None]
    if bars[0].count:
        edges.insert(0, (0, bars[0].above))
    for number, edge in edges[:: -(-len(edges) // _MOST_LABELS)]:
        yield Mark(round(LEFT + number * step, 2), seconds(edge))


def _place(bars: Sequence[Bar], second: float, step: float) -> float:
    """Where a moment stands among bars that are as wide as each other, whatever they span."""
    number = next(index for index, bar in enumerate(bars) if bar.to is None or (second <= bar.to and bar.count))
    bar = bars[number]
    part = (second - bar.above) / (bar.to - bar.above) if bar.to else 0.5
    return round(LEFT + (number + min(max(part, 0.0), 1.0)) * step, 2)


def seconds(value: float) -> str:
    """A span of time as people say it."""
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
