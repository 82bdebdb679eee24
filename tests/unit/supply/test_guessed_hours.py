"""Where appointments are booked of which no calendar tells: hours are guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.case import Case
    from cancel_contract.supply.slots import Slots


@pytest.mark.parametrize("payload", [None, {}, {"slots": None}])
def test_without_a_calendar_hours_are_guessed(
    make_slots: Callable[..., tuple[Slots, list[Case]]], payload: object
) -> None:
    """Where the calendar does not answer it is asked no more, and days far apart are tried, of several weekdays."""
    slots, sent = make_slots(payload)

    starts = [slots.take(30) for _ in range(100)]

    assert [start.strftime("%m-%d %H:%M") for start in starts[:5]] == [
        "11-26 11:00",
        "12-11 11:00",
        "12-26 11:00",
        "01-10 11:00",
        "11-26 11:30",
    ]
    assert len(set(starts)) == 100
    assert all(9 <= start.hour <= 18 for start in starts)
    assert len(sent) == 1


def test_a_calendar_that_does_not_answer_is_not_asked_again(
    make_slots: Callable[..., tuple[Slots, list[Case]]],
) -> None:
    """Where slots are guessed, no day is looked at again."""
    slots, sent = make_slots(None)
    slots.take(30)

    assert slots.near({"starts_at": "2026-11-26T20:00:00Z"}) is None
    assert len(sent) == 1


def test_an_hour_that_is_not_open_is_guessed_no_more(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """Refused twice on a weekday on which another hour was given, it is left out from then on."""
    slots, _ = make_slots(None)
    given = [slots.take(60) for _ in range(4)]
    for start in given:
        slots.took(start)

    afternoon = [start for start in (slots.take(60) for _ in range(30)) if start.strftime("%H:%M") == "15:00"]
    for times, start in enumerate(afternoon[:2], start=1):
        slots.refused(start, times)

    later = {slots.take(60).strftime("%H:%M") for _ in range(40)}
    assert len(afternoon) >= 2
    assert "15:00" not in later
    assert "14:00" in later


def test_days_on_which_nobody_works_close_no_hour(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """Where nothing was given yet, other days are guessed after some tries, with the same hours."""
    slots, _ = make_slots(None)
    starts = []
    for times in range(1, 10):
        starts.append(slots.take(60))
        slots.refused(starts[-1], times)

    assert starts[0].strftime("%m-%d %H:%M") == "11-26 11:00"
    assert starts[8].strftime("%m-%d %H:%M") == "11-30 11:00"
