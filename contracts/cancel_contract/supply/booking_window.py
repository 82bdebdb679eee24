"""Chooses the slots to try where the target has no calendar, and learns from refusals."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from cancel_contract.supply.booking_days import DAYS_APART

DAYS_GUESSED: Final = 4
"""Days that one guess covers."""
REFUSED_IN_A_ROW: Final = 2
"""Refusals in a row after which other slots are tried (policy)."""
_STEP: Final = DAYS_APART + 1
"""Days between those of one guess, because neighbouring days are often full together.

Each is another weekday, because some resources work on one weekday only.
"""
_TIMES: Final = tuple(time(hour, minute) for hour in (11, 15, 10, 16, 9, 14, 17, 12, 13) for minute in (0, 30))
"""Hours of the day, the most commonly open ones first."""


class BookingWindow:
    """Guesses of open hours on days far apart: first the same hour on each day."""

    def __init__(self, first: date, start: date, last: date) -> None:
        self._first, self._last = first, last
        self._ahead = (start - first).days
        self._looks = 0
        self._closed, self._weekdays = Counter[time](), set[int]()
        self._refused, self._given = Counter[date](), set[date]()
        self._full = Counter[date]()
        self._guessed = set[date]()

    def look(self) -> tuple[datetime, ...]:
        """Return what to try next, in local time; nothing if all days ahead were tried."""
        days = [day for day in self._guessed_days() if day <= self._last]
        self._looks += 1
        return tuple(datetime.combine(day, moment) for moment in _TIMES for day in days if not self._is_closed(moment))

    def _guessed_days(self) -> Iterator[date]:
        # Near days and far ones in one guess: some targets allow bookings only for some weeks.
        span = DAYS_GUESSED * _STEP
        rounds, look = divmod(self._looks, _STEP)
        for number in range(DAYS_GUESSED):
            ahead = (self._ahead + DAYS_GUESSED * look + _STEP * number) % span
            yield self._worked(self._first + timedelta(days=rounds * span + ahead))

    def _worked(self, day: date) -> date:
        """Return the next day that is a working day as far as is known; each day once."""
        week = (day + timedelta(days=days) for days in range(7))
        worked = next((other for other in week if other.weekday() in self._weekdays), day)
        guessed = day if worked in self._guessed else worked
        self._guessed.add(guessed)
        return guessed

    def gave(self, moment: datetime) -> None:
        """Remember that a slot was accepted: its hour is open, and its weekday is a working day."""
        self._closed[moment.time()] = -self._last.toordinal()
        self._weekdays.add(moment.weekday())
        self._given.add(moment.date())
        self._full[moment.date()] = 0

    def refused(self, moment: datetime) -> None:
        """Remember that a slot was refused; on a day without work no hour is open."""
        self._closed[moment.time()] += moment.weekday() in self._weekdays
        self._refused[moment.date()] += 1
        self._full[moment.date()] += moment.date() in self._given

    def rank(self, moment: datetime) -> int | None:
        """Return the rank of a guess, days with accepted slots first, full ones last; nothing if it is given up."""
        day = moment.date()
        if self._is_closed(moment.time()):
            return None
        if day in self._given:
            return 0 if self._full[day] < REFUSED_IN_A_ROW else 2
        return None if self._given and self._refused[day] >= REFUSED_IN_A_ROW else 1

    def _is_closed(self, moment: time) -> bool:
        return self._closed[moment] >= REFUSED_IN_A_ROW
