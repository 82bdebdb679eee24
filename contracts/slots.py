"""Where an appointment may be put.

Lives here: asking the calendar, and guessing where it does not answer. May not know: what is put there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from contracts.case import API, Case, Intent
from contracts.errors import Unprepared
from contracts.exchange import Exchange
from contracts.settings import variable

FIRST_DAYS: Final = range(3, 60)
"""Days from now on which a run may begin to look for slots (policy): far enough for nobody to be called in."""
DAYS_APART: Final = 14
"""Days between those on which two workers of a run begin, and between guesses, so that they do not meet (policy)."""
DAYS_ASKED: Final = 6
"""Days that one look into the calendar covers."""
DAYS_OF_LATER_LOOKS: Final = 24
"""Days that a look covers after two that gave too little: where most is taken, many short ones would be asked."""
DAYS_GUESSED: Final = 4
"""Days that are guessed at once where there is no calendar."""
LAST_DAY: Final = 120
"""Days from now on which it is given up (policy)."""
REFUSED_IN_A_ROW: Final = 2
"""Slots that are refused one after another before others are looked for (policy)."""
REFUSED_OF_A_LOOK: Final = 8
"""Guesses in a row that are wrong before other days are guessed (policy): twice the days of one guess."""
_GRID: Final = timedelta(minutes=30)
_GUESSED_TIMES: Final = tuple(time(hour, minute) for hour in (11, 15, 10, 16, 9, 14, 17, 12, 13) for minute in (0, 30))
"""Where hours are unknown, those are tried first in which most are open."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where slots are looked for: whose resource it is, and in which zone its days begin."""

    account: int
    resource: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class _Free:
    start: datetime
    end: datetime


class Slots:
    """Free slots of one resource, each given once."""

    def __init__(self, send: Callable[[Case], Exchange], place: Place, today: date, offset: int) -> None:
        self._send, self._place = send, place
        self._day = today + timedelta(days=FIRST_DAYS[offset % len(FIRST_DAYS)])
        self._last = today + timedelta(days=LAST_DAY)
        self._first = today + timedelta(days=FIRST_DAYS.start)
        self._free: list[_Free] = []
        self._closed, self._weekdays = Counter[time](), set[int]()
        self._answers, self._looks = True, 0

    def take(self, minutes: int) -> datetime:
        """Give a start with room for so many minutes. Raises Unprepared when the months ahead are searched in vain."""
        length = timedelta(minutes=minutes)
        while not (room := next((free for free in self._free if free.end - free.start >= length), None)):
            if self._day > self._last:
                raise Unprepared(
                    f"resource {self._place.resource} has no free slot until {self._last}, or is not there: "
                    f"set {variable('resource_id')} to one with free working hours"
                )
            self._free += self._look()
        taken = _Free(room.start, room.start + length)
        # What is left of the room comes last: where one day turns out to be closed, the next try is for another.
        others = [rest for free in self._free if free is not room for rest in _without(free, taken)]
        self._free = [*others, *_without(room, taken)]
        return taken.start

    def around(self, payload: Mapping[str, Any]) -> Exchange | None:
        """Ask the calendar once more for the day of an appointment; nothing where it does not answer."""
        start = start_of(payload)
        if start is None or not self._answers:
            return None
        first = datetime.combine(start.astimezone(self._place.zone).date(), time(), self._place.zone)
        return self._ask("calendar", first, first + timedelta(days=1))

    def refused(self, start: datetime, times: int) -> None:
        """Look elsewhere once slots in a row are refused though nothing says that they are taken.

        One may have been taken meanwhile. More of them lie too near, too far ahead, or in hours that are not open.
        """
        if not self._answers:
            self._guessed_wrong(start.astimezone(self._place.zone), times)
        elif times >= REFUSED_IN_A_ROW:
            self._free, self._looks = [], 0
            self._day += timedelta(days=DAYS_APART - DAYS_ASKED)
            if self._day > self._last:
                self._day = self._first

    def took(self, start: datetime) -> None:
        """Remember that a slot was given: its hour is open, and people work on its day of the week."""
        moment = start.astimezone(self._place.zone)
        self._closed[moment.time()] = -LAST_DAY
        self._weekdays.add(moment.weekday())

    def _guessed_wrong(self, moment: datetime, times: int) -> None:
        # On a day on which nobody works no hour is open.
        self._closed[moment.time()] += moment.weekday() in self._weekdays
        self._free = [free for free in self._free if not self._is_closed(free.start)]
        if times % REFUSED_OF_A_LOOK == 0:
            self._free = []

    def _is_closed(self, start: datetime) -> bool:
        return self._closed[start.astimezone(self._place.zone).time()] >= REFUSED_IN_A_ROW

    def _look(self) -> Iterator[_Free]:
        first = self._day
        end = first + timedelta(days=DAYS_ASKED if self._looks < 2 else DAYS_OF_LATER_LOOKS)
        self._looks += 1
        slots = self._asked(first, end) if self._answers else None
        self._answers = slots is not None
        self._day = end if self._answers else first + timedelta(days=DAYS_GUESSED)
        if slots is not None:
            return _joined(self._read(slots))
        # Guessed far apart: where one day is full, so are those beside it.
        # Each on another day of the week: some resources are there on one alone.
        days = [first + timedelta(days=(DAYS_APART + 1) * ahead) for ahead in range(DAYS_GUESSED)]
        return (free for free in _grid(days, self._place.zone) if not self._is_closed(free.start))

    def _asked(self, first: date, end: date) -> list[Any] | None:
        begin, until = (datetime.combine(day, time(), self._place.zone) for day in (first, end))
        slots = (self._ask("supply/calendar", begin, until).payload or {}).get("slots")
        return slots if isinstance(slots, list) else None

    def _ask(self, key: str, first: datetime, end: datetime) -> Exchange:
        query = {
            "view": "day",
            "from": first.isoformat(),
            "to": end.isoformat(),
            "include_slots": "true",
            "resource_ids": self._place.resource,
        }
        path = f"{API}/{self._place.account}/scheduling/calendar"
        return self._send(Case(key, Intent.CALENDAR, path, "GET", query=urlencode(query), repeatable=True))

    def _read(self, slots: list[Any]) -> Iterator[_Free]:
        for slot in slots:
            if isinstance(slot, dict) and slot.get("resource_id") == self._place.resource:
                start, end = (_moment(slot.get(name), self._place.zone) for name in ("starts_at", "ends_at"))
                if start:
                    yield _Free(start, end or start + _GRID)


def start_of(payload: Mapping[str, Any]) -> datetime | None:
    """Give when an appointment starts; nothing where it does not say."""
    try:
        return datetime.fromisoformat(payload["starts_at"])
    except (KeyError, TypeError, ValueError):
        return None


def _moment(value: object, zone: ZoneInfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or zone) if moment else None


def _joined(slots: Iterator[_Free]) -> Iterator[_Free]:
    """Give slots that follow on one another as one."""
    room: _Free | None = None
    for slot in sorted(slots, key=lambda free: free.start):
        if room and slot.start <= room.end:
            room = _Free(room.start, max(room.end, slot.end))
            continue
        if room:
            yield room
        room = slot
    if room:
        yield room


def _without(free: _Free, taken: _Free) -> Iterator[_Free]:
    if free.end <= taken.start or taken.end <= free.start:
        yield free
        return
    parts = (_Free(free.start, taken.start), _Free(taken.end, free.end))
    yield from (part for part in parts if part.start < part.end)


def _grid(days: list[date], zone: ZoneInfo) -> Iterator[_Free]:
    """Give the hours that are ordinarily open, the same one on every day first: what is tried without a calendar."""
    for moment in _GUESSED_TIMES:
        for day in days:
            start = datetime.combine(day, moment, zone)
            yield _Free(start, start + _GRID * 2)
