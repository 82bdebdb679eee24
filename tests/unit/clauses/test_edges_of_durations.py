"""Clauses answer/... at their edges: durations, wrong sums, and what stands in the application's place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.raw_findings import only_breach

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Maker

_START = "2026-11-02T05:00:00Z"


@pytest.mark.parametrize(
    ("end", "stated", "minutes"),
    [
        ("05:30:00", 30.5, "30"),
        ("05:30:00", None, "30"),
        ("05:30:00", 29, "30"),
        ("05:29:30", 31, "29.5"),
        ("05:29:30", 28, "29.5"),
        ("05:29:30", 90, "29.5"),
        ("05:29:30", 29.4, "29.5"),
    ],
)
def test_a_duration_is_as_exact_as_its_times(judge: Judge, end: str, stated: object, minutes: str) -> None:
    """Whole minutes are told exactly, and others by a whole number less than one away."""
    (found,) = judge(
        "answer/duration",
        lambda m: m.cancel(starts_at=_START, ends_at=f"2026-11-02T{end}Z", duration_min=stated),
    )

    assert str(found).endswith(f", not the {minutes} minutes of its times")


@pytest.mark.parametrize(
    ("shown", "got"),
    [({"duration_min": 60}, "60"), ({"duration_min": 10**7}, "10000000"), ({"duration_min": None}, "null"),
     ({"without": ["duration_min"]}, "missing"), ({"duration_min": [30]}, "an array of 1 entry")],
)  # fmt: skip
def test_a_wrong_duration_is_part_of_the_cause(maker: Maker, shown: dict[str, Any], got: str) -> None:
    """Whatever stands in the place of the duration is told, however large a number it is."""
    found = only_breach("answer/duration", maker.cancel(**shown))

    assert found.differences == (Difference("field", "/duration_min", got, "30"),)


def test_the_first_of_some_answers_of_a_gateway_is_told(judge: Judge) -> None:
    """Of answers in the application's place, the first one says which they are."""
    found = judge(
        "answer/given",
        lambda m: Episode(Kind.GATEWAY, tuple((Role.CANCEL, m.cancel(code)) for code in (502, 504)), "twice"),
    )

    assert found == ("status is 502, not an answer of the application, twice",)
