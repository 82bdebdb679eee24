"""How many requests the search for slots takes on targets that limit what can be booked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest

from cancel_contract.errors import NoRoom
from cancel_contract.supply.booking_days import FIRST_DAYS, LAST_DAY
from cancel_contract.supply.slots import Place, Slots

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.case import Case
    from cancel_contract.exchange.exchange import Exchange

ZONE = ZoneInfo("Asia/Almaty")
TODAY = date(2026, 11, 23)
HALF = timedelta(minutes=30)
APPOINTMENTS = 24
TRIES = 12


@dataclass(frozen=True)
class World:
    """What can be booked of a resource."""

    ahead: range = range(200)
    weekdays: tuple[int, ...] = tuple(range(7))
    busy: float = 0.0
    calendar: bool = True
    stale: bool = False
    a_day: int = 24


class Booked:
    """A resource that is there from eight to eight."""

    def __init__(self, exchanged: Callable[..., Exchange], world: World) -> None:
        random = Random(world.busy)  # noqa: S311 - it makes test data, no secrets
        self._exchanged, self._calendar, self._stale = exchanged, world.calendar, world.stale
        self._days = [day for day in map(_day, range(LAST_DAY + 10)) if day.weekday() in world.weekdays]
        self._booked = {_day(days) for days in world.ahead}
        self._taken = {start for day in self._days for start in _starts(day) if random.random() < world.busy}
        self._a_day, self._count = world.a_day, Counter[date]()
        self.requests = 0

    def send(self, case: Case) -> Exchange:
        """Answer as the calendar, which shows days that cannot be booked, and where it is stale what was taken."""
        self.requests += 1
        if not self._calendar:
            return self._exchanged(404, {"error": "Not found"})
        query = parse_qs(case.query)
        first, end = (datetime.fromisoformat(query[name][0]).date() for name in ("from", "to"))
        free = [
            start
            for day in self._days
            if first <= day < end
            for start in _starts(day)
            if self._stale or start not in self._taken
        ]
        return self._exchanged(200, {"payload": {"slots": [_slot(start) for start in free]}})

    def takes(self, start: datetime, minutes: int) -> bool:
        """Make an appointment, where nothing is in its way."""
        self.requests += 1
        wanted = {start.astimezone(UTC) + HALF * half for half in range(minutes // 30)}
        day = start.astimezone(ZONE).date()
        if day not in self._booked or day not in self._days or not wanted <= set(_starts(day)) - self._taken:
            return False
        if self._count[day] >= self._a_day:
            return False
        self._count[day] += 1
        self._taken |= wanted
        return True

    def free(self) -> None:
        """Cancel all that was made."""
        self._taken.clear()


def _day(days: int) -> date:
    return TODAY + timedelta(days=days)


def _starts(day: date) -> list[datetime]:
    opens = datetime.combine(day, time(8), ZONE).astimezone(UTC)
    return [opens + HALF * half for half in range(24)]


def _slot(start: datetime) -> dict[str, Any]:
    return {"resource_id": 9, "starts_at": start.isoformat(), "ends_at": (start + HALF).isoformat()}


def _made(slots: Slots, target: Booked, minutes: int) -> bool:
    for times in range(1, TRIES + 1):
        start = slots.take(minutes)
        if target.takes(start, minutes):
            slots.took(start)
            return True
        slots.refused(start, times)
    return False


WORLDS: dict[str, tuple[World, int]] = {
    "open": (World(), 1),
    "the next 40 days": (World(ahead=range(41)), 5),
    "the next 14 days": (World(ahead=range(15)), 5),
    "the next 7 days": (World(ahead=range(8)), 9),
    "not the next 10 days": (World(ahead=range(10, 200)), 12),
    "not the next 30 days": (World(ahead=range(30, 200)), 22),
    "most is taken": (World(busy=0.9), 6),
    "one day a week": (World(weekdays=(2,)), 4),
    "one day a week, the next 30 days": (World(weekdays=(2,), ahead=range(31)), 13),
    "a stale calendar": (World(busy=0.3, stale=True), 32),
    "open, no calendar": (World(calendar=False), 1),
    "the next 40 days, no calendar": (World(calendar=False, ahead=range(41)), 5),
    "the next 21 days, no calendar": (World(calendar=False, ahead=range(22)), 12),
    "not the next 30 days, no calendar": (World(calendar=False, ahead=range(30, 200)), 5),
    "three a day": (World(a_day=3), 30),
    "three a day, no calendar": (World(calendar=False, a_day=3), 30),
    "one day a week, no calendar": (World(calendar=False, weekdays=(2,)), 28),
}


@pytest.mark.parametrize("name", WORLDS)
def test_slots_are_found_with_few_requests(exchanged: Callable[..., Exchange], name: str) -> None:
    """Wherever a run begins, it makes its appointments, and few requests more than these are sent."""
    world, most = WORLDS[name]
    for offset in range(0, len(FIRST_DAYS), 8):
        target = Booked(exchanged, world)
        slots = Slots(target.send, Place(1, 9, ZONE), TODAY, offset)

        assert all(_made(slots, target, 30 + 30 * (number % 2)) for number in range(APPOINTMENTS)), offset
        assert target.requests - APPOINTMENTS <= most, offset


def test_nothing_is_given_where_nothing_can_be_booked(exchanged: Callable[..., Exchange]) -> None:
    """A calendar that is free though nothing can be booked ends the search, once every day was tried."""
    target = Booked(exchanged, World(ahead=range(0)))
    slots = Slots(target.send, Place(1, 9, ZONE), TODAY, 0)

    def search() -> None:
        while not _made(slots, target, 30):
            continue

    with pytest.raises(NoRoom) as caught:
        search()

    assert "resource 9 has no free slot of 30 minutes from 2026-11-24 until 2027-03-23" in str(caught.value)
    assert target.requests < 40


def test_slots_that_are_free_again_are_given_again(exchanged: Callable[..., Exchange]) -> None:
    """Where days are few, the slots of what was cancelled meanwhile serve once more; at last it says which days."""
    target = Booked(exchanged, World(ahead=range(4), a_day=1000))
    slots = Slots(target.send, Place(1, 9, ZONE), TODAY, 0)
    made: list[bool] = []

    def make_and_cancel() -> None:
        while True:
            made.append(_made(slots, target, 30))
            target.free()

    with pytest.raises(NoRoom) as caught:
        make_and_cancel()

    assert sum(made) == 4 * len(_starts(_day(3)))
    assert str(caught.value) == (
        "resource 9 has no further free slot of 30 minutes: those that could be booked, from 2026-11-26 to 2026-11-26, "
        "are used up: set ONELINK_RESOURCE_ID to one with more free working hours"
    )


def test_a_visit_longer_than_a_guess_does_not_use_up_the_days(exchanged: Callable[..., Exchange]) -> None:
    """Where there is no calendar a guess may be longer than an hour, and others are still found after it."""
    slots = Slots(Booked(exchanged, World(calendar=False)).send, Place(1, 9, ZONE), TODAY, 0)

    first = slots.take(90)
    assert slots.take(30).astimezone(ZONE).date() - first.astimezone(ZONE).date() < timedelta(days=60)
    assert len({slots.take(90) for _ in range(20)}) == 20
