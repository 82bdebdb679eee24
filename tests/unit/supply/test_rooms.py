"""Where in a free time visits begin."""

from datetime import UTC, datetime, timedelta

import pytest

from cancel_contract.supply.rooms import Room, at_another_time

_GRID = timedelta(minutes=30)


def _at(hour: float) -> datetime:
    return datetime(2026, 12, 7, tzinfo=UTC) + timedelta(hours=hour)


def _day(first: float, last: float) -> tuple[Room, list[datetime]]:
    """A free time, and where its slots begin."""
    room = Room(_at(first), _at(last))
    return room, [room.start + number * _GRID for number in range(int((last - first) * 2))]


@pytest.mark.parametrize(
    ("first", "last", "minutes", "hours"),
    [
        # A whole day, and working hours: another time each turn, and in the end the first one again.
        (0, 24, 30, [0, 9, 18.5, 0]),
        (9, 18, 30, [9, 12, 15.5, 9]),
        # There is not much more room than it takes.
        (9, 12, 30, [9, 9, 9, 9]),
        (0, 24, 1100, [0, 0, 0, 0]),
    ],
)
def test_visits_begin_at_another_time_of_day_each_turn(
    first: float, last: float, minutes: int, hours: list[float]
) -> None:
    """What hangs on the time of day would show at no other."""
    room, starts = _day(first, last)
    length = timedelta(minutes=minutes)

    assert [at_another_time(room, starts, length, turn) for turn in range(4)] == [_at(hour) for hour in hours]


def test_what_is_left_of_a_slot_is_where_its_room_begins() -> None:
    """A short visit leaves a room that begins where no slot does."""
    room = Room(_at(9.25), _at(12))

    assert at_another_time(room, [_at(9), _at(12)], _GRID, 1) == _at(9.25)
