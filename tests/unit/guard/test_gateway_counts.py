"""Which failures of a gateway belong to the request under test, and which come on their own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.guard.gateway_counts import Counts

Under = tuple[Intent, int, float, float]
Seen = Callable[[Intent, int, float, float], None]
START = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def counts() -> Counts:
    """Return counts of nothing yet."""
    return Counts()


@pytest.fixture
def seen(counts: Counts, case: Callable[..., Case], exchanged: Callable[..., Exchange]) -> Seen:
    """Count an answer to a request that was under way from one second to another."""

    def count(intent: Intent, status: int, begun: float, ended: float) -> None:
        moment = START + timedelta(seconds=begun)
        asked = case(intent=intent)
        counts.saw(exchanged(status, case=asked, number=1, started=moment, elapsed=ended - begun), status)

    return count


@pytest.mark.parametrize(
    ("beside", "under_test", "counted"),
    [
        ((Intent.UPDATE, 502, 0, 2), (Intent.RACED, 502, 1, 3), (0, 1)),
        ((Intent.READ, 502, 0, 1), (Intent.FIRST, 502, 1, 2), (1, 0)),
        ((Intent.UPDATE, 429, 0, 2), (Intent.RACED, 429, 1, 3), (0, 0)),
    ],
    ids=["beside it", "before it", "by a limiter, which does nothing"],
)
def test_what_fails_beside_the_one_under_test_fails_because_of_it(
    seen: Seen, counts: Counts, beside: Under, under_test: Under, counted: tuple[int, int]
) -> None:
    """Its own answer may come last; what had been answered before it was sent failed by itself."""
    seen(*beside)
    seen(*under_test)

    assert (counts.others_alone, len(counts.killers)) == counted


def test_another_answer_that_comes_between_two_failures_parts_them_not(seen: Seen, counts: Counts) -> None:
    """Of three under way together, the application may answer one."""
    seen(Intent.UPDATE, 502, 0, 2)
    seen(Intent.READ, 200, 0, 3)
    seen(Intent.RACED, 502, 1, 4)

    assert (counts.others_alone, len(counts.killers)) == (0, 1)


def test_what_was_answered_beside_it_does_not_show_that_the_server_is_back(seen: Seen, counts: Counts) -> None:
    """Only an answer to what was sent later does."""
    seen(Intent.RACED, 502, 0, 2)
    seen(Intent.UPDATE, 200, 1, 3)
    seen(Intent.READ, 502, 3, 4)
    assert (counts.others_alone, len(counts.killers)) == (0, 1)

    seen(Intent.READ, 200, 4, 5)
    seen(Intent.READ, 502, 5, 6)
    assert (counts.others_alone, len(counts.killers)) == (1, 1)
