"""Free time of a resource, in which visits have room."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

_SPARE: Final = timedelta(hours=6)
"""How much longer than a visit a room has to be for its time of day to be chosen (policy)."""
_TIMES_OF_DAY: Final = (0.0, 0.4, 0.8)
"""Where in such a room visits begin, in turn: of a whole day at night, in the morning and in the evening (policy)."""


@dataclass(frozen=True, slots=True)
class Room:
    """A time in which a resource is free."""

    start: datetime
    end: datetime

    def holds(self, start: datetime, length: timedelta) -> bool:
        """Whether a visit of a length that begins then lies in it."""
        return self.start <= start and start + length <= self.end

    def without(self, taken: Self) -> Iterator[Self]:
        """Yield what is left of it without the time that was taken: two parts at most."""
        if self.end <= taken.start or taken.end <= self.start:
            yield self
            return
        parts = (type(self)(self.start, taken.start), type(self)(taken.end, self.end))
        yield from (part for part in parts if part.start < part.end)


def joined(slots: Iterable[Room], zone: ZoneInfo) -> Iterator[Room]:
    """Yield consecutive slots of a day as one: working hours are a day's, whatever begins as one of them ends."""
    room: Room | None = None
    for slot in sorted(slots, key=lambda free: free.start):
        is_same_day = room and slot.start.astimezone(zone).date() == room.start.astimezone(zone).date()
        if room and is_same_day and slot.start <= room.end:
            room = Room(room.start, max(room.end, slot.end))
            continue
        if room:
            yield room
        room = slot
    if room:
        yield room


def at_another_time(room: Room, starts: Iterable[datetime], length: timedelta, turn: int) -> datetime:
    """Return where in a room a visit of a length begins: at another time of day each `turn` if it has much more room,
    as what depends on that would show at no other time; at one of the `starts`, or when the room does.
    """
    spare = room.end - room.start - length
    latest = room.start + spare * _TIMES_OF_DAY[turn % len(_TIMES_OF_DAY)] if spare >= _SPARE else room.start
    return max((start for start in starts if room.start <= start <= latest), default=room.start)
