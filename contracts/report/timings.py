"""How long answers took. Lives here: percentiles, and a histogram whose bounds are the same in every run, so that runs
can be laid side by side. May not know: exchanges, how a plot is drawn.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import Final

from pydantic import BaseModel, ConfigDict, NonNegativeInt

_STEPS: Final = (1, 1.5, 2, 3, 5, 7)
BOUNDS: Final = (
    0.0,
    0.0002,
    0.0005,
    *(float(f"{step}e{power}") for power in (-3, -2, -1, 0, 1) for step in _STEPS),
    100.0,
)
"""Seconds at which a bar of the histogram begins, and the one before it ends; six to a power of ten."""


class Bar(BaseModel):
    """The answers that took more than `above` and at most `to` seconds."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    above: float
    to: float | None
    """None for the last bar, which has no end."""
    count: NonNegativeInt


class Timings(BaseModel):
    """How long the answers of the endpoint under test took, in seconds."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)

    count: NonNegativeInt
    p50: float | None = None
    """The median; half of the answers took no longer. None where nothing was answered."""
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    longest: float | None = None
    histogram: tuple[Bar, ...] = ()
    """From the first bar that holds an answer to the last."""


def timings(seconds: Sequence[float]) -> Timings:
    """Sum up how long answers took."""
    if not seconds:
        return Timings(count=0)
    ordered = sorted(seconds)
    p50, p90, p95, p99 = (ordered[ceil(len(ordered) * share) - 1] for share in (0.5, 0.9, 0.95, 0.99))
    return Timings(
        count=len(ordered), p50=p50, p90=p90, p95=p95, p99=p99, longest=ordered[-1], histogram=_histogram(ordered)
    )


def _histogram(ordered: Sequence[float]) -> tuple[Bar, ...]:
    counts = [0] * len(BOUNDS)
    for second in ordered:
        counts[max(bisect_left(BOUNDS, second) - 1, 0)] += 1
    ends = [*pairwise(BOUNDS), (BOUNDS[-1], None)]
    bars = [Bar(above=above, to=to, count=count) for (above, to), count in zip(ends, counts, strict=True)]
    held = [number for number, bar in enumerate(bars) if bar.count]
    return tuple(bars[held[0] : held[-1] + 1])
