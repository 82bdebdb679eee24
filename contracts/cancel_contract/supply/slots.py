"""Finds free slots: it asks the calendar, and searches where the calendar does not answer."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from cancel_contract.errors import NoRoom, Unprepared
from cancel_contract.exchange.case import Case, Intent, calendar_path, range_query
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.timestamps import moment_of
from cancel_contract.supply.booking_days import BookingDays
from cancel_contract.supply.booking_window import REFUSED_IN_A_ROW, BookingWindow
from cancel_contract.supply.mapped_resources import not_allowed, shows_mapped
from cancel_contract.supply.rooms import Room, at_another_time, joined
from cancel_contract.target.settings import variable

DAYS_ASKED: Final = 6
"""Days that one look into the calendar covers."""
DAYS_OF_LATER_LOOKS: Final = 24
"""Days that a look covers after two that found too little: where most is taken, many short looks would be needed."""
MOST_CHECKS: Final = 3
"""How often a look that has shown its first day alone is followed by one at its second day alone (policy)."""
REFUSED_OF_A_LOOK: Final = 8
"""Wrong guesses in a row before other days are guessed (policy): twice the days of one guess."""
_GRID: Final = timedelta(minutes=30)
_GUESSED: Final = 2 * _GRID
"""The length of a guessed slot."""
_DAY: Final = timedelta(days=1)
_LEAD: Final = timedelta(hours=1)
"""How far ahead at least a visit of the next day begins (policy): nobody stands at the door for it."""
_SEARCHED: Final = 3 * _GRID
"""The longest visit for which all days are looked through (policy)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where slots are sought: a resource of an account, and the zone in which its days begin."""

    account: int
    resource: int
    zone: ZoneInfo
    may_be_mapped: bool = False
    """Whether appointments may be created there although it is mapped to the clinic's own system."""


class Slots:
    """Free slots of one resource; each is given out once."""

    def __init__(self, send: Callable[[Case], Exchange], place: Place, today: date, offset: int) -> None:
        self._send, self._place = send, place
        self._days = BookingDays(today, offset)
        self._window = BookingWindow(self._days.first, self._days.start, self._days.last)
        self._free: list[Room] = []
        self._offered, self._lengths = set[datetime](), Counter[int]()
        self._refused: list[date] = []
        self._turn = 0
        self._answers, self._looks, self._later = True, 0, DAYS_OF_LATER_LOOKS
        self._checks, self._is_checking, self._shows_one_day = 0, False, False

    def take(
        self, minutes: int, sought: datetime | None = None, kept: Collection[date] = frozenset(), behind: int = 0
    ) -> datetime:
        """Return a start with room for so many minutes, the one that is sought if that is known to be free, else rather
        on a day that nobody has `kept` for other creates, and where so many more minutes `behind` are free.

        Raises NoRoom if the search through all days finds none.
        """
        length, looks = timedelta(minutes=minutes), self._looks
        if sought and (wanted := next((free for free in self._free if free.holds(sought, length)), None)):
            self._free = [rest for free in self._free for rest in free.without(Room(sought, sought + length))]
            # Where it lies, the rest of its room comes last, too.
            self._free.sort(key=lambda free: wanted.start <= free.start < wanted.end)
            return sought
        while not (room := self._room(length, kept, timedelta(minutes=behind))):
            # A long visit is worth one look, and where there is no calendar its room cannot be guessed.
            is_given_up = length > _SEARCHED and (self._looks > looks or not self._answers)
            if is_given_up or (not self._look() and not self._widen()):
                raise self._no_room(minutes)
        start = self._start_in(room, length, timedelta(minutes=behind))
        taken = Room(start, start + length)
        self._turn += 1
        # The rest of this room comes last: if one day turns out to be closed, the next try is for another.
        others = [rest for free in self._free if free is not room for rest in free.without(taken)]
        self._free = [*others, *room.without(taken)]
        return taken.start

    def _start_in(self, room: Room, length: timedelta, behind: timedelta) -> datetime:
        """Return where in a room a visit begins: where a slot does, if it is as long as one."""
        if length == timedelta(minutes=self.minutes or 0):
            offered = (start for start in self._offered if room.start <= start and start + length <= room.end)
            room = Room(min(offered, default=room.start), room.end)
        return at_another_time(room, self._offered, length + behind, self._turn)

    def _widen(self) -> bool:
        """Whether there is more to look at once refusals are forgotten; what was looked at is looked at anew."""
        still = [free for free in self._free if self._days.is_open(self._day(free.start))]
        is_more = self._days.widen()
        if is_more and self._answers:
            # What is looked at anew is shown anew; what was refused is not tried again.
            self._free = [free for free in still if self._days.was_looked_at(self._day(free.start))]
        return is_more

    def _no_room(self, minutes: int) -> NoRoom:
        has, remedy = f"resource {self._place.resource} has no", f"set {variable('resource_id')} to one with"
        if not (days := self._days.booked_days):
            return NoRoom(
                f"{has} free slot of {minutes} minutes from {self._days.first} until {self._days.last}, or is not "
                f"there: {remedy} free working hours"
            )
        return NoRoom(
            f"{has} further free slot of {minutes} minutes: those that could be booked, from {days[0]} to {days[1]}, "
            f"are used up: {remedy} more free working hours"
        )

    def by_now(self, begins: str, now: datetime, minutes: int) -> datetime | None:
        """Return a start for a visit that is `running` or begins `soon`; nothing for others, or if there is no room."""
        if begins == "running":
            return under_way(now)
        return self.soon(now, minutes) if begins == "soon" else None

    def soon(self, now: datetime, minutes: int) -> datetime | None:
        """Return a start with room for so many minutes, all in the next 24 hours; nothing if the calendar has none."""
        if not self._answers:
            return None
        today = self._local(now).date()
        free = sorted(self._read(self._asked(today, today + 2 * _DAY) or []), key=lambda slot: slot.start)
        # The first one may be too near a moment later, and no longer shown.
        rooms = joined([slot for slot in free if slot.start >= now + _LEAD][1:], self._place.zone)
        length = timedelta(minutes=minutes)
        return next((it.start for it in rooms if it.end - it.start >= length and it.start < now + _DAY - length), None)

    @property
    def minutes(self) -> int | None:
        """How long most slots of the calendar are; nothing where it shows none."""
        return next((minutes for minutes, _ in self._lengths.most_common(1)), None)

    def was_offered(self, start: datetime) -> bool:
        """Whether the calendar has shown a slot that begins then."""
        return start in self._offered

    def near(self, *payloads: Mapping[str, Any]) -> Exchange | None:
        """Ask the calendar again for the days of appointments; nothing if the calendar does not answer."""
        days = [self._day(start) for start in map(start_of, payloads) if start]
        if not days or not self._answers:
            return None
        first, last = (datetime.combine(day, time(), self._place.zone) for day in (min(days), max(days)))
        return self._ask("calendar", first, last + _DAY)

    def refused(self, start: datetime, times: int) -> None:
        """Look elsewhere after slots in a row were refused without being reported as taken.

        A single one may have been taken meanwhile. Several lie too near, too far ahead, or outside opening hours.
        """
        if not self._answers:
            self._guessed_wrong(self._local(start), times)
            return
        day = self._day(start)
        self._refused = [*self._refused, day] if times > 1 else [day]
        # The next one is on another day, so that two refusals say more than one.
        self._free.sort(key=lambda free: self._day(free.start) == day)
        if times >= REFUSED_IN_A_ROW:
            self._days.refused(self._refused)

    def took(self, start: datetime) -> None:
        """Remember that a slot was accepted."""
        self._days.gave(self._day(start))
        self._window.gave(self._local(start))
        if not self._answers:
            self._rank()

    def _guessed_wrong(self, moment: datetime, times: int) -> None:
        self._window.refused(moment)
        self._rank()
        if times % REFUSED_OF_A_LOOK == 0:
            self._free = []

    def _rank(self) -> None:
        ranked = [(self._window.rank(self._local(free.start)), free) for free in self._free]
        kept = [(rank, free) for rank, free in ranked if rank is not None]
        self._free = [free for _, free in sorted(kept, key=lambda pair: pair[0])]

    def _room(self, length: timedelta, kept: Collection[date], behind: timedelta) -> Room | None:
        # How long a guessed slot is nobody knows; without this a visit longer than a guess would use up all days.
        longest = _GUESSED if not self._answers and length <= _SEARCHED else length
        fitting = [free for free in self._free if free.end - free.start >= min(length, longest)]
        rooms = [free for free in fitting if self._days.is_open(self._day(free.start))]
        free = [free for free in rooms if self._day(free.start) not in kept] or rooms
        most = length + behind
        return min(
            free, key=lambda it: (self._days.is_doubtful(self._day(it.start)), it.end - it.start < most), default=None
        )

    def _look(self) -> bool:
        """Look for more slots; returns whether there was anything left to look at."""
        if self._answers:
            looked = self._days.look(self._days_asked)
            if looked is None:
                return False
            self._looks += 1
            slots = self._asked(*looked)
            # Rows of another shape tell as little as none.
            if slots is not None and (not slots or any(map(_begins, slots))):
                shown = list(self._read(slots))
                self._offered.update(slot.start for slot in shown)
                self._lengths.update(int((slot.end - slot.start).total_seconds()) // 60 for slot in shown)
                free = list(joined(shown, self._place.zone))
                self._free += free
                self._check(*looked, {self._day(slot.start) for slot in free})
                return True
            if self._looks > 2 and self._later > DAYS_ASKED:
                # Some calendars serve only so many days at once.
                self._later = DAYS_ASKED
                self._days.unlooked(*looked)
                return self._look()
            self._answers = False
        starts = [moment.replace(tzinfo=self._place.zone) for moment in self._window.look()]
        self._free += [Room(start, start + _GUESSED) for start in starts]
        return bool(starts)

    @property
    def _days_asked(self) -> int:
        if self._shows_one_day or self._is_checking:
            return 1
        return DAYS_ASKED if self._looks < 2 else self._later

    def _check(self, first: date, end: date, shown: set[date]) -> None:
        """Find out whether the calendar shows one day at a time, however many are asked for."""
        if self._is_checking:
            self._shows_one_day, self._is_checking = bool(shown), False
        elif shown == {first} and end - first > _DAY and self._checks < MOST_CHECKS:
            self._days.unlooked(first + _DAY, end)
            self._checks, self._is_checking = self._checks + 1, True

    def _local(self, start: datetime) -> datetime:
        return start.astimezone(self._place.zone)

    def _day(self, start: datetime) -> date:
        return self._local(start).date()

    def _asked(self, first: date, end: date) -> list[Any] | None:
        begin, until = (datetime.combine(day, time(), self._place.zone) for day in (first, end))
        calendar = self._ask("supply/calendar", begin, until).payload or {}
        if shows_mapped(calendar, self._place.resource) and not self._place.may_be_mapped:
            raise Unprepared(": ".join(not_allowed(self._place.resource)))
        slots = calendar.get("slots")
        return slots if isinstance(slots, list) else None

    def _ask(self, key: str, first: datetime, end: datetime) -> Exchange:
        query = range_query(first, end, view="day", include_slots="true", resource_ids=self._place.resource)
        path = calendar_path(self._place.account)
        return self._send(Case(key, Intent.CALENDAR, path, "GET", query=query, repeatable=True))

    def _read(self, slots: list[Any]) -> Iterator[Room]:
        for slot in slots:
            # Where one resource is asked for, rows need not name it.
            if isinstance(slot, dict) and slot.get("resource_id", self._place.resource) == self._place.resource:
                start, end = (_moment(slot.get(name), self._place.zone) for name in ("starts_at", "ends_at"))
                if start:
                    yield Room(start, end or start + _GRID)


def under_way(now: datetime) -> datetime:
    """Return the start of a visit of an hour that has begun, and goes on for a quarter of an hour at least."""
    begun = now - _GRID / 2
    return begun.replace(minute=begun.minute // 30 * 30, second=0, microsecond=0)


def slot_of(snapshot: Snapshot) -> datetime:
    """Return when an appointment starts. Raises Unprepared if it does not say."""
    start = start_of(snapshot.payload)
    if start is None:
        raise Unprepared(f"appointment {snapshot.id} does not say when it starts: its slot is not known")
    return start


def start_of(payload: Mapping[str, Any]) -> datetime | None:
    """Return when an appointment starts; nothing if it does not say."""
    return moment_of(payload.get("starts_at"))


def _moment(value: object, zone: ZoneInfo) -> datetime | None:
    local = moment_of(value)
    return local.replace(tzinfo=local.tzinfo or zone) if local else None


def _begins(slot: object) -> bool:
    return isinstance(slot, dict) and moment_of(slot.get("starts_at")) is not None
