"""Keeps days free of creates while what becomes of a freed place on them is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from threading import Condition, RLock, get_ident
from typing import Final
from zoneinfo import ZoneInfo


class KeptDays:
    """The days on which one lane alone may create; the others create on other days, or wait. Safe for threads.

    A target may allow so many appointments a day: whoever creates another one takes the place that a cancel has freed.
    """

    def __init__(self, creating: RLock, zone: ZoneInfo) -> None:
        """Begin with none; whoever waits for a day lets others hold `creating` meanwhile."""
        self._changed: Final = Condition(creating)
        self._zone = zone
        self._by_thread: dict[int, date | None] = {}
        """The days that threads keep; None stands for every day."""

    @contextmanager
    def keep(self, start: datetime | None) -> Iterator[None]:
        """Keep the day of a start for this thread, every day where it is not known; waits for others that keep it."""
        day = self._day(start) if start else None
        with self._changed:
            self._changed.wait_for(lambda: not self._is_anothers(day))
            self._by_thread[get_ident()] = day
        try:
            yield
        finally:
            with self._changed:
                del self._by_thread[get_ident()]
                self._changed.notify_all()

    def wait_for(self, start: datetime) -> None:
        """Wait until nobody else keeps the day of a start; whoever keeps one does not wait, lest two wait for each
        other.
        """
        with self._changed:
            self._changed.wait_for(lambda: get_ident() in self._by_thread or not self._is_anothers(self._day(start)))

    @property
    def kept(self) -> frozenset[date]:
        """The days that are kept."""
        return frozenset(day for day in self._by_thread.values() if day)

    def _is_anothers(self, day: date | None) -> bool:
        others = [kept for thread, kept in self._by_thread.items() if thread != get_ident()]
        return any(day is None or kept in {None, day} for kept in others)

    def _day(self, start: datetime) -> date:
        return start.astimezone(self._zone).date()
