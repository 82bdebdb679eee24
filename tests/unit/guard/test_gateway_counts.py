"""Which failures of a gateway belong to the request under test, and which come on their own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.guard.gateway_counts import Counts

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


def test_what_fails_beside_the_one_under_test_fails_because_of_it(seen: Seen, counts: Counts) -> None:
    """Its own answer may come last."""
    seen(Intent.UPDATE, 502, 0, 2)
    seen(Intent.RACED, 502, 1, 3)

    assert (counts.others_alone, len(counts.killers)) == (0, 1)


def test_what_fails_before_the_one_under_test_fails_alone(seen: Seen, counts: Counts) -> None:
    """It had been answered when the other was sent."""
    seen(Intent.READ, 502, 0, 1)
    seen(Intent.FIRST, 502, 1, 2)

    assert (counts.others_alone, len(counts.killers)) == (1, 0)


def test_what_was_answered_beside_it_does_not_show_that_the_server_is_back(seen: Seen, counts: Counts) -> None:
    """Only an answer to what was sent later does."""
    seen(Intent.RACED, 502, 0, 2)
    seen(Intent.UPDATE, 200, 1, 3)
    seen(Intent.READ, 502, 3, 4)
    assert (counts.others_alone, len(counts.killers)) == (0, 1)

    seen(Intent.READ, 200, 4, 5)
    seen(Intent.READ, 502, 5, 6)
    assert (counts.others_alone, len(counts.killers)) == (1, 1)


def test_a_limiter_that_refuses_both_is_no_killer(seen: Seen, counts: Counts) -> None:
    """Nothing was done; but neither did the other fail alone."""
    seen(Intent.UPDATE, 429, 0, 2)
    seen(Intent.RACED, 429, 1, 3)

    assert (counts.others_alone, counts.killers) == (0, {})
