"""Remembers what a run has seen of each appointment: how a request found it, and what was asked about it before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import READS, Intent
from cancel_contract.exchange.described import REFERENCE, begins, is_word, made_with, standing, traits
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.ledger.masked import known

CANCELLED: Final = "it had been cancelled"
OR_MORE: Final = " times or more"
"""How the trait ends that what is cancelled more often has, too."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was known of an appointment before a request."""

    payload: Mapping[str, Any] | None = None
    """As it was last shown."""
    status: str = ""
    """The status that it was last shown with, or must have since; empty where nobody knows it."""
    requests: tuple[Exchange, ...] = ()
    """What was asked about it, in order."""

    @property
    def changes(self) -> tuple[Exchange, ...]:
        """Those of the requests that do more than read, and were not refused: what may have changed it."""
        asked = (one for one in self.requests if one.case.intent not in READS)
        return tuple(one for one in asked if not one.is_refused)

    @property
    def cancels(self) -> int:
        """How many cancels of it were accepted."""
        return sum(one.case.is_under_test and one.status == OK for one in self.requests)

    @property
    def updates(self) -> Iterator[str]:
        """Whether it was updated since it was made, and moved."""
        bodies = [one.case.body or b"" for one in self.changes if one.case.intent is Intent.UPDATE]
        if bodies:
            yield "it had been updated"
        if any(b'"starts_at"' in body for body in bodies):
            yield "it had been moved to another time"

    @property
    def made(self) -> Iterator[str]:
        """How it was asked for by its create, where that shows in nothing else."""
        asked = next((one.case.body for one in self.requests if one.case.intent is Intent.CREATE), None)
        yield from made_with(parse_json(asked or b"")[0])

    @property
    def repeats(self) -> Iterator[str]:
        """How many times it had been cancelled, if more than once."""
        if self.cancels > 1:
            yield f"{CANCELLED} {self.cancels} times"
        yield from (f"{CANCELLED} {times}{OR_MORE}" for times in range(2, self.cancels + 1))

    def begins(self, at: datetime) -> Iterator[str]:
        """When it begins, seen from a time."""
        yield from begins(self.payload or {}, at)

    @property
    def traits(self) -> Iterator[str]:
        """What the request may have in common with others for what its appointment was, however often cancelled."""
        known = self.payload or {}
        yield from standing({**known, "status": self.status or None})
        yield from self.updates
        yield from self.made
        yield from traits(known)


UNKNOWN: Final = Past()
BROUGHT_ABOUT: Final = (CANCELLED, REFERENCE)
"""How traits begin that say what the run has brought about by itself, so that any two requests may differ in them."""


class Memory:
    """What was seen of each appointment, and the data of persons; safe for threads."""

    def __init__(self, persons: Iterable[str] = ()) -> None:
        self._persons = set(persons)
        self._now: dict[int, Past] = {}
        """By appointment, what is known of it."""
        self._before: dict[int, Past] = {}
        """By the number of an exchange, what was known of its appointment."""
        self._begun: dict[int, Past] = {}
        """By appointment, what was known of it before the requests that have left at the same moment, just now."""
        self._others: dict[int, Exchange] = {}
        """By its number, each of the requests that have left at the same moment as others, and name no appointment."""
        self._lock = Lock()

    @property
    def persons(self) -> frozenset[str]:
        """Data of persons that were seen: an error's sentence may repeat them."""
        with self._lock:
            return frozenset(self._persons)

    def before(self, exchange: Exchange) -> Past:
        """Return what was known of the appointment of an exchange before it."""
        with self._lock:
            return self._before.get(exchange.number, UNKNOWN)

    def changes(self, appointment: int | None, until: int) -> tuple[Exchange, ...]:
        """Return what may have changed an appointment before an exchange, given by its number."""
        with self._lock:
            past = self._now.get(appointment or 0, UNKNOWN)
        return tuple(one for one in past.changes if one.number < until)

    def beside(self, exchange: Exchange) -> tuple[Exchange, ...]:
        """Return what was asked about the same appointment at the same moment, and who has booked its slot then."""
        # What leaves at the same moment is numbered in a row.
        near = exchange.case.at_once
        numbers = range(exchange.number - near, exchange.number + near + 1)
        with self._lock:
            requests = self._now.get(exchange.case.appointment or 0, UNKNOWN).requests
            others = [self._others[number] for number in numbers if number in self._others]
        bookings = (one for one in others if one.case.intent in exchange.case.beside)
        return (*(one for one in requests if one.case.at_once and one.number in numbers), *bookings)

    def remember(self, *exchanges: Exchange) -> None:
        """Remember what exchanges show, in the order in which they were sent, and what was known before each."""
        with self._lock:
            for exchange in exchanges:
                self._persons.update(known(exchange))
                if exchange.case.at_once and exchange.case.appointment is None:
                    self._others[exchange.number] = exchange
                if exchange.appointment is not None:
                    self._keep(exchange.appointment, exchange)

    def _keep(self, number: int, exchange: Exchange) -> None:
        past = self._now.get(number, UNKNOWN)
        self._now[number] = _later(past, number, exchange)
        if not exchange.case.at_once:
            self._begun.pop(number, None)
        # Of what leaves at the same moment, nobody knows which came first.
        self._before[exchange.number] = self._begun.setdefault(number, past) if exchange.case.at_once else past


def _later(past: Past, number: int, exchange: Exchange) -> Past:
    """Return what is known of an appointment once an exchange is over."""
    shown = exchange.payload if (exchange.payload or {}).get("id", number) == number else None
    requests = (*past.requests, exchange)
    if exchange.case.abandoned:
        # Its answer is lost, and nobody has seen what it has done.
        return Past(None, ACTION.done, requests)
    word = (shown or {}).get("status")
    return Past(shown or past.payload, word if is_word(word) else past.status, requests)
