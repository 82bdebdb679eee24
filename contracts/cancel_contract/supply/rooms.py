"""Free time of a resource, in which visits have room."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo


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
