"""Tests for the days that one lane keeps for itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import RLock
from zoneinfo import ZoneInfo

import pytest

from cancel_contract.supply.kept_days import KeptDays

ALMATY = ZoneInfo("Asia/Almaty")
LATE = datetime(2030, 5, 6, 20, tzinfo=UTC)
"""Already the seventh in Almaty."""
SEVENTH = datetime(2030, 5, 7, 9, tzinfo=UTC)
EIGHTH = datetime(2030, 5, 8, 9, tzinfo=UTC)


@pytest.fixture
def kept() -> KeptDays:
    """Keep days of Almaty, none so far."""
    return KeptDays(RLock(), ALMATY)


def _waits(kept: KeptDays, what: Callable[[], object], meanwhile: Callable[[], object]) -> bool:
    """Whether something in another thread waits until the `meanwhile` is over."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(what)
        while not done.done() and not kept._changed._waiters:  # type: ignore[attr-defined]  # no public sign
            pass
        waited = not done.done()
        meanwhile()
    return waited


def _keep_shortly(kept: KeptDays, start: datetime | None) -> None:
    with kept.keep(start):
        pass


@pytest.mark.parametrize(("start", "waits"), [(LATE, True), (SEVENTH, True), (EIGHTH, False)])
def test_others_wait_for_a_day_that_is_kept_and_for_no_other(*, kept: KeptDays, start: datetime, waits: bool) -> None:
    """Days are those of the target's zone."""
    keeping = kept.keep(LATE)
    keeping.__enter__()

    assert kept.kept == {SEVENTH.date()}
    assert _waits(kept, lambda: kept.wait_for(start), lambda: keeping.__exit__(None, None, None)) is waits
    assert kept.kept == frozenset()


@pytest.mark.parametrize(("start", "waits"), [(SEVENTH, True), (None, True), (EIGHTH, False)])
def test_a_day_is_kept_by_one_at_a_time(*, kept: KeptDays, start: datetime | None, waits: bool) -> None:
    """Where a start is not known, every day is kept."""
    keeping = kept.keep(SEVENTH)
    keeping.__enter__()

    assert _waits(kept, lambda: _keep_shortly(kept, start), lambda: keeping.__exit__(None, None, None)) is waits


def test_an_unknown_day_keeps_all(kept: KeptDays) -> None:
    """Nobody creates then."""
    keeping = kept.keep(None)
    keeping.__enter__()

    assert _waits(kept, lambda: kept.wait_for(EIGHTH), lambda: keeping.__exit__(None, None, None))


def test_whoever_keeps_a_day_waits_for_nobody(kept: KeptDays) -> None:
    """Two that wait for each other would wait for ever."""

    def book_on_the_other_day() -> None:
        with kept.keep(EIGHTH):
            kept.wait_for(SEVENTH)

    with kept.keep(SEVENTH):
        kept.wait_for(SEVENTH)
        assert not _waits(kept, book_on_the_other_day, lambda: None)
