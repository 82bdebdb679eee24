"""Computes how long answers took, as percentiles."""

from collections.abc import Sequence
from math import ceil

from pydantic import BaseModel, ConfigDict, NonNegativeInt


class Timings(BaseModel):
    """How long the answers of the endpoint under test took, in seconds."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)

    count: NonNegativeInt
    p50: float | None = None
    """The median; half of the answers took no longer. None where nothing was answered."""
    p95: float | None = None
    max: float | None = None


def timings(spans: Sequence[float]) -> Timings:
    """Return the percentiles of how many seconds answers took."""
    if not spans:
        return Timings(count=0)
    ordered = sorted(spans)
    p50, p95 = (ordered[ceil(len(ordered) * share) - 1] for share in (0.5, 0.95))
    return Timings(count=len(ordered), p50=p50, p95=p95, max=ordered[-1])


def seconds(value: float) -> str:
    """Return a duration as people say it."""
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
