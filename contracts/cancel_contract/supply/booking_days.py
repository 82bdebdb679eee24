"""Chooses the days on which slots are sought."""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import count, takewhile
from typing import Final

FIRST_DAYS: Final = range(3, 60)
"""The first day, counted from today, of a search for slots (policy): far enough ahead for nobody to be called in."""
LAST_DAY: Final = 120
"""The last day, counted from today, of a search for slots (policy)."""
NEARER: Final = timedelta(days=2)
"""How much nearer than usual slots are sought where no day ahead has any (policy): from tomorrow on."""
MOST_WIDENED: Final = 3
"""How often all days are looked through anew (policy)."""
DAYS_APART: Final = 14
"""Days between the first days of two workers, and between guesses, so that they do not meet (policy)."""


class BookingDays:
    """The days ahead; each is looked at once.

    A target may allow bookings only for some weeks, or only after some days. A day that is refused therefore ends the
    search in its direction, seen from the days that were accepted.
    """

    def __init__(self, today: date, offset: int) -> None:
        self.first = today + timedelta(days=FIRST_DAYS.start)
        self.start: Final = today + timedelta(days=FIRST_DAYS[offset % len(FIRST_DAYS)])
        self.last: Final = today + timedelta(days=LAST_DAY)
        self._ahead = (self.last - self.first).days + 1
        self._next = self.start
        self._looked, self._given, self._refused = set[date](), set[date](), set[date]()
        self._full = set[date]()
        self._widened, self._is_near = 0, False

    @property
    def booked_days(self) -> tuple[date, date] | None:
        """The first and the last day on which a slot was accepted; nothing if none was."""
        return (min(self._given), max(self._given)) if self._given else None

    def look(self, most: int) -> tuple[date, date] | None:
        """Return the first day to look at next and the day after the last one; nothing if all were looked at."""
        days = [day for day in map(self._after, range(self._ahead)) if day not in self._looked and self._within(day)]
        if not days:
            return None
        first = next((day for day in days if day >= self._next), days[0])
        later = takewhile(days.__contains__, (first + timedelta(days=ahead) for ahead in count(1)))
        looked = [first, *(day for day, _ in zip(later, range(most - 1), strict=False))]
        self._looked.update(looked)
        self._next = looked[-1] + timedelta(days=1)
        return first, self._next

    def was_looked_at(self, day: date) -> bool:
        """Whether what is free on a day is known, and not looked at anew."""
        return day in self._looked

    def unlooked(self, first: date, end: date) -> None:
        """Forget a look that showed nothing, so that fewer days at once can be looked at."""
        self._looked -= {first + timedelta(days=ahead) for ahead in range((end - first).days)}
        self._next = first

    def is_open(self, day: date) -> bool:
        """Whether a day may be booked, as far as is known."""
        if self._given:
            is_refused = day in (self._full if day in self._given else self._refused)
            return self._within(day) and not is_refused
        is_near = day < min(self._refused, default=day)
        return is_near or all(abs(day - refused) >= timedelta(days=DAYS_APART) for refused in self._refused)

    def is_doubtful(self, day: date) -> bool:
        """Whether a day lies between an accepted and a refused one."""
        if not self._given or min(self._given) <= day <= max(self._given):
            return False
        is_after = day > max(self._given)
        return any((refused > day) if is_after else (refused < day) for refused in self._refused)

    def gave(self, day: date) -> None:
        """Remember that a slot on a day was accepted."""
        self._given.add(day)
        self._full.discard(day)

    def refused(self, days: Collection[date]) -> None:
        """Remember that slots on these days were refused; until one is accepted, other days are tried, near ones first.

        A limit to how far ahead one can book is more common than one to how soon.
        """
        self._refused.update(days)
        self._full.update(self._given & set(days))
        if not self._given:
            is_nearest = min(self._refused) in days
            self._next = self.first if is_nearest else max(self._refused) + timedelta(days=DAYS_APART)

    def widen(self) -> bool:
        """Forget once what was refused, because those slots may just be taken, and what was looked at where slots
        were given: those of what was cancelled are free again. Returns whether there is more to try.
        """
        if not (self._refused or self._given or self._is_near):
            # Some take clients for the next days alone.
            self._is_near, self.first = True, self.first - NEARER
            self._next, self._ahead = self.first, NEARER.days
            return True
        is_more = bool(self._refused or self._given) and self._widened < MOST_WIDENED
        self._widened += 1
        self._looked -= self._given
        self._full.clear()
        if self._widened == 1:
            self._refused.clear()
        return is_more

    def _after(self, ahead: int) -> date:
        return self.first + timedelta(days=ahead)

    def _within(self, day: date) -> bool:
        """Whether no refused day lies between a day and the accepted ones."""
        if not self._given or min(self._given) <= day <= max(self._given):
            return True
        if day > max(self._given):
            return not any(max(self._given) < refused <= day for refused in self._refused)
        return not any(day <= refused < min(self._given) for refused in self._refused)
