"""Handles answers of a gateway or limiter in the application's place: 429, 502, 503, 504 and those of a network.

It counts them, decides what is done about each, and says at the end whether the target or the gateway caused them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, PositiveInt

from cancel_contract.errors import Afresh, Unprepared
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.compare import documented_differences
from cancel_contract.exchange.credential import MEMBER
from cancel_contract.exchange.exchange import BUSY, FORBIDDEN, Exchange
from cancel_contract.exchange.record import RECORD
from cancel_contract.exchange.spoken import asked_for
from cancel_contract.fragment.document import Fragment
from cancel_contract.guard.gateway_counts import OTHERS, Counts, Suspect
from cancel_contract.target.settings import variable

MOST_AFRESH: Final = 2
"""How often one scenario starts afresh after answers of a gateway (policy)."""
FEW: Final = 5
"""Fewer gateway answers than this prove nothing: one or two occur in any network (policy)."""
MOST_PART: Final = 10
"""A verdict is trusted while at most one answer in this number is a gateway's (policy)."""
PAUSE: Final = 1.0
"""Seconds to wait before a request that a gateway answered is sent again (policy)."""
ENOUGH: Final = 2
"""After this number of cases that only a gateway answers, the run stops waiting for further ones (policy)."""

BY_CHANCE: Final = 0.01
"""Expected number of cases that fail in a row by chance, up to which a row of failures proves nothing (policy)."""
SENT_AGAIN: Final = "sent again after"
RETRIED: Final = "retried"
_CARRIED_OUT: Final = "and yet the appointment was cancelled by it"
"""What an incident says if the case was sent again and answered."""


@dataclass(frozen=True, slots=True)
class Incident:
    """An answer that a gateway gave in the application's place."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    case: str
    status: PositiveInt
    handling: str
    """What was done about it."""


class Gateway:
    """The answers of gateways during a run; safe for threads."""

    def __init__(
        self, fragment: Fragment, once: frozenset[int] = frozenset(), hopeless: list[Suspect] | None = None
    ) -> None:
        """Begin with nothing seen.

        `once` are the appointments that may be cancelled only once, `hopeless` what other lanes waited for in vain.
        """
        self.incidents: list[Incident] = []
        self.unanswered: list[Exchange] = []
        """Appointments of the current scenario for which a cancel got no answer of the application."""
        self._fragment, self._once = fragment, once
        self._met: dict[tuple[str, Intent], list[tuple[int, Exchange]]] = {}
        self._play = self._afresh = self._raised = 0
        self._shown: dict[int, Mapping[str, Any]] = {}
        self._counts = Counts()
        self.hopeless: list[Suspect] = [] if hopeless is None else hopeless
        """The suspects of all lanes."""
        self._lock = RLock()

    # What comes

    def saw(self, exchange: Exchange) -> None:
        """Count an exchange, and remember what it shows of an appointment."""
        if exchange.status is None:
            return
        with self._lock:
            self._counts.saw(exchange, exchange.status)
            if not exchange.is_of_gateway:
                self._passed(exchange.case)
                self._remember(exchange)

    def _passed(self, case: Case) -> None:
        """Forget a gateway's answers to a case in an earlier play, once the application has answered it: it is not
        suspect.
        """
        met = self._met.get(_name(case))
        if met and met[-1][0] < self._play:
            del self._met[_name(case)]

    def _remember(self, exchange: Exchange) -> None:
        payload, case = exchange.payload, exchange.case
        number = payload.get("id") if payload else None
        if payload and isinstance(number, int) and case.credential == MEMBER and case.appointment in {None, number}:
            self._shown[number] = payload

    # What is done about it.

    def before(self, case: Case) -> Mapping[str, Any] | None:
        """What was last shown of the appointment that a case names."""
        return self._shown.get(case.appointment) if case.appointment is not None else None

    def has_had_no_effect(self, case: Case, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
        """Whether a case can be sent again: its appointment, as shown before and now, is unchanged.

        In a burst on one appointment each cancel is a repeat, so that the effect of another one does not count as its
        own.
        """
        if case.intent in {Intent.RACED, Intent.DELETED}:
            # Whatever changed, another writer may have changed it, and a cancel may be sent twice; what was deleted
            # shows nothing before and after.
            return True
        if now is None or before is None:
            return False
        if case.intent is Intent.REPEAT and ACTION.is_done(now):
            return True
        return not any(documented_differences(self._fragment, now, before))

    def was_carried_out(self, refused: Exchange, before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> None:
        """Note that an appointment, as shown before and now, was cancelled by a request that was refused."""
        if before is not None and not ACTION.is_done(before) and ACTION.is_done(now):
            with self._lock:
                self._counts.carried_out.append(refused)

    def is_hopeless(self, case: Case) -> bool:
        """Whether waiting for a case is hopeless: a gateway alone answered enough others."""
        return case.intent not in OTHERS and len(self.hopeless) >= ENOUGH

    @property
    def others_failed(self) -> int:
        """How many requests beside those under test a gateway has answered."""
        return self._counts.others_alone + len(self._counts.killers)

    def note(self, exchange: Exchange, done: str) -> None:
        """List an answer of a gateway with what was done about it."""
        with self._lock:
            self.incidents.append(Incident(exchange.case.key, exchange.status or 0, done))

    def begin(self) -> None:
        """Begin another scenario."""
        with self._lock:
            self._convict()
            self._met, self._afresh, self.unanswered = {}, 0, []
            self._play += 1

    def begin_anew(self) -> None:
        """Begin the same scenario again."""
        with self._lock:
            self._play += 1

    def unanswered_by(self, exchange: Exchange, fact: str = "") -> None:
        """Note that nobody knows whether a case under test took effect, because a gateway answered.

        Raises Afresh if the scenario starts again, or Unprepared if its appointment may be cancelled only once.
        """
        case, told = exchange.case, f"{fact or exchange.fact} for {exchange.case.key}"
        with self._lock:
            if case.intent is Intent.LARGE_BODY:
                # A limiter may refuse as many requests as it likes.
                self.note(exchange, "left as it is: the body is large")
                return
            self._met.setdefault(_name(case), []).append((self._play, exchange))
            self.unanswered.append(exchange)
            if self._may_not_be_asked_again(case):
                self.note(exchange, "not sent again: the settings provide its appointment")
                raise Unprepared(f"{told}, whose appointment the settings provide, and is cancelled once: run it again")
            if len(self._in_a_row(case)) < self._needed and self._may_begin_anew(case):
                self.unanswered = []
                if exchange.answer:
                    self.note(exchange, "the scenario started again on other appointments")
                raise Afresh(case.appointment, told)
            self.note(exchange, "not sent again")

    def left_open(self, exchange: Exchange) -> None:
        """Note that nobody knows what became of a request beside those under test. Raises Afresh if the scenario starts
        again.
        """
        with self._lock:
            if self._may_begin_anew(exchange.case):
                self.note(exchange, "the scenario started again on other appointments")
                raise Afresh(exchange.case.appointment, f"{exchange.fact} for {exchange.case.key}")
            self.unanswered.append(exchange)
            if exchange.answer:
                self.note(exchange, "not sent again")

    def _may_begin_anew(self, case: Case) -> bool:
        if self._raised != self._play and (self._afresh >= MOST_AFRESH or self.is_hopeless(case)):
            return False
        # In a burst each thread gets Afresh, but the scenario starts again only once.
        self._afresh += self._raised != self._play
        self._raised = self._play
        return True

    def _may_not_be_asked_again(self, case: Case) -> bool:
        # A refused caller whose case names none of our appointments names one of another account.
        return case.appointment in self._once or (case.appointment is None and case.intent is Intent.REFUSED)

    def refused(self, exchanges: Sequence[Exchange], *, others_failed: bool) -> None:
        """Note that a case was refused each time it was sent, although it had no effect in between."""
        with self._lock:
            self.note(exchanges[-1], "given up")
            self.unanswered.append(exchanges[-1])
            if not others_failed:
                self._suspect([tuple(exchanges)])

    @property
    def _needed(self) -> int:
        """How many plays in a row make a case suspect: one more if the gateway also fails on its own."""
        return 3 if self._counts.others_alone else 2

    def _in_a_row(self, case: Case) -> tuple[Exchange, ...]:
        """The gateway's answers to a case, play by play."""
        return tuple(dict(self._met.get(_name(case), ())).values())

    def _convict(self) -> None:
        rows = [tuple(dict(met).values()) for met in self._met.values()]
        self._suspect([row for row in rows if len(row) >= self._needed])

    def _suspect(self, rows: list[Suspect]) -> None:
        self._counts.suspects += rows
        self.hopeless += rows

    # What it means.

    def join(self, others: Iterable["Gateway"]) -> None:
        """Take over what other lanes of the same run have met: whether it was much is decided over all of them."""
        with self._lock:
            for other in others:
                self._counts.add(other.counted())

    def counted(self) -> Counts:
        """Return what was met, once nothing more is sent."""
        with self._lock:
            self._convict()
            self._met = {}
            return self._counts

    def guilty(self) -> tuple[tuple[str, tuple[Exchange, ...]], ...]:
        """Return the cases that only a gateway answers, or after which alone other requests fail, with the answers.

        So are cancels that were refused and carried out, whatever else failed.
        """
        done = tuple((_CARRIED_OUT, (one,)) for one in self._counts.carried_out[:1])
        return (*done, *self._convicted())

    def _convicted(self) -> tuple[tuple[str, tuple[Exchange, ...]], ...]:
        with self._lock:
            self.counted()
            if self._counts.last or self._is_unwell:
                return ()
            killers = tuple(self._counts.killers.values())
            if not self._counts.suspects and len(killers) >= FEW and not self._counts.others_alone:
                return ((f"{len(killers)} times, and only right after that to other requests, too", killers),)
            rows = [row for row in self._counts.suspects if not self._may_be_chance(row)]
            return tuple((_told_of(row), row) for row in rows)

    def _may_be_chance(self, row: Sequence[Exchange]) -> bool:
        """Whether a case may have failed so often in a row by chance, since its gateway fails now and then anyway."""
        met = self._counts
        usual = (met.others_alone + 1) / (met.others + 1)
        return met.others_alone > 0 and usual ** len(row) * (met.answers - met.others) > BY_CHANCE

    @property
    def _is_unwell(self) -> bool:
        """Whether the gateway fails whatever it is asked."""
        return self._counts.others_alone >= FEW and self._counts.others_alone * MOST_PART > self._counts.others

    def doubt(self, url: str) -> str:
        """Return why no verdict can be trusted and what to do about it; empty if one can."""
        count = self._counts.statuses.total()
        # If the server is gone, the last answers are all of its gateway, and that has already ended the run.
        part, of = count - self._counts.last, self._counts.answers - self._counts.last
        is_much = part >= FEW and (part * MOST_PART > of or self._is_unwell)
        if self._convicted() or not is_much:
            return ""
        statuses = "/".join(map(str, sorted(self._counts.statuses)))
        busy = sum(self._counts.statuses[status] for status in BUSY | {FORBIDDEN}) * 2 > count
        remedy = (
            f"it limits the rate, or the server is overloaded: set {variable('max_rate')} lower"
            if busy
            else "see the logs of the gateway and of the server behind it, then run the gate again"
        )
        return f"the gateway before {url} answered {statuses} to {count} of {self._counts.answers} requests: {remedy}"


def _name(case: Case) -> tuple[str, Intent]:
    return case.key, case.intent


def _told_of(row: Sequence[Exchange]) -> str:
    often = "once" if len(row) == 1 else f"{len(row)} times in a row"
    return f"{often} for {asked_for(row[0].case)}, while others were answered"
