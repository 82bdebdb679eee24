"""Sends cases through the guard, again where that is safe, and keeps every exchange."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from cancel_contract.errors import Unreachable
from cancel_contract.exchange.case import Case, Intent, appointment_path
from cancel_contract.exchange.exchange import (
    FIRST_REFUSAL,
    FORBIDDEN,
    GONE,
    Answer,
    Exchange,
    Trouble,
)
from cancel_contract.guard.attempt import Attempts
from cancel_contract.guard.budget import LONGEST_WAIT, Budget
from cancel_contract.guard.gateway import RETRIED, SENT_AGAIN, Gateway
from cancel_contract.guard.guard import Guard
from cancel_contract.guard.lost_target import LostTarget
from cancel_contract.guard.request import request_of
from cancel_contract.guard.request_ids import RequestIds
from cancel_contract.target.settings import variable
from cancel_contract.target.target import Target

THROTTLED: Final = 429
MOST_WAITS: Final = 5
"""How often one case waits for a throttled target before it counts as lost (policy)."""
MOST_WAITS_UNAVAILABLE: Final = 3
"""How often one case waits for a target that is unavailable, which may never end (policy)."""
PAUSE: Final = 0.2
"""Seconds before a connection is tried again (policy)."""
LEAST_PAUSE: Final = 0.25
"""Seconds to wait, at the least, before a case is sent a third time; twice as long each time (policy)."""
LONGEST_PAUSE: Final = 10.0
"""Longest pause, in seconds, before an absent server is asked again, whatever Retry-After says (policy)."""
MOST_TRIES: Final = 3
"""How often a case that is safe to repeat is sent when the connection breaks (policy)."""
MOST_TRIES_RESTARTING: Final = 6
"""The same on a target that has answered before, after growing pauses: it may be restarting (policy)."""
MOST_TRIES_GONE: Final = 4
"""How often a read that a gateway answers is sent, after growing pauses: a worker may be restarting (policy)."""
ADVICE: Final = f"see that it is up and that {variable('base_url')}, proxy and certificates are right"
"""The remedy for a target that cannot be reached, where nothing more is known."""
_BUSY: Final = f"try when it is less busy, or set {variable('max_rate')} lower"
_TO_NOBODY: Final = " to somebody without a good token"
_LIMITED: Final = "it may take so many failed attempts from one address: raise that limit for this one, or try later"


class Sender:
    """Sends cases to the target, and keeps the exchanges; safe for threads."""

    def __init__(self, target: Target, guard: Guard, budget: Budget, gateway: Gateway, request_ids: RequestIds) -> None:
        self._target, self._gateway, self._request_ids = target, gateway, request_ids
        self._guard, self._attempts = guard, Attempts(target, guard, request_ids)
        self._budget = budget
        self._lost = LostTarget(target)
        self.exchanges: list[Exchange] = []
        """Every exchange, in the order in which they ended."""

    @property
    def parallel(self) -> int:
        """How many requests may be under way at the same time."""
        return self._budget.limits.parallel

    @property
    def pace(self) -> float:
        """The seconds from one request to the next."""
        return self._budget.pace

    def take_turn(self, start: Callable[[], object]) -> None:
        """Wait for this thread's turn; its next request leaves as soon as `start` returns."""
        self._budget.take_turn(start)

    def send(self, case: Case) -> Exchange:
        """Send a case once; wait after a 429 or 503, and retry a broken connection only if the case allows it.

        Raises Refused (guard), Overspent (budget), Unreachable (no connection, or throttled for too long). A gateway's
        answer to a case under test raises Afresh or Unprepared.
        """
        with self._budget.single_file():
            exchange = self._try(case)
            if exchange.is_busy and not case.abandoned:
                with self._budget.single_file(waiting=True):
                    exchange = self._waited_for(exchange)
        if exchange.status in GONE and case.is_under_test:
            self._gateway.unanswered_by(exchange)
        return exchange

    def _waited_for(self, busy: Exchange) -> Exchange:
        """Wait, and send a case again for as long as it is refused and has had no effect."""
        case, came, failed = busy.case, [busy], self._gateway.others_failed
        refusal = self._budget.refused()
        if is_limited := busy.status in {THROTTLED, FORBIDDEN} or not case.is_under_test:
            self._budget.slow_down(refusal)
        while (wait := self._wait(came)) is not None:
            before = self._gateway.before(case)
            self._budget.wait(wait, came[-1].status or THROTTLED)
            if case.is_under_test and case.appointment is not None:
                now = self._look(case)
                if not self._gateway.has_had_no_effect(case, before, now):
                    self._changed(came[-1], before, now)
                    return came[-1]
                if len(came) > 1:
                    # The read may have spent what a strict limiter allows.
                    self._budget.sleep(wait)
            self._gateway.note(came[-1], f"{SENT_AGAIN} {wait:.0f} s")
            self._budget.sends_again()
            came.append(self._try(case))
            if not came[-1].is_busy:
                if not is_limited:
                    # Now it is known that the 503 was for the rate; an endpoint that is out of order stays so.
                    self._budget.slow_down(refusal)
                return came[-1]
        return self._given_up(came, others_failed=self._gateway.others_failed > failed)

    def _wait(self, came: Sequence[Exchange]) -> float | None:
        """Return the seconds before a case is sent again, growing if the target names none; nothing if it is not sent
        again.
        """
        last, times = came[-1], len(came)
        asked = retry_after(last.answer, datetime.now(UTC), unsaid=2.0 ** (times - 1))
        if times > 1:
            # Who asks for no wait holds a lock that somebody else has: trying at once again and again finds it locked.
            asked = max(asked, LEAST_PAUSE * 2 ** (times - 2))
        if last.status == THROTTLED:
            return asked if times <= MOST_WAITS else None
        if times > MOST_WAITS_UNAVAILABLE or self._gateway.is_hopeless(last.case):
            return None
        return min(asked, LONGEST_PAUSE)

    def _look(self, case: Case) -> Mapping[str, Any] | None:
        """Return the appointment of a case as a read shows it."""
        key = f"{case.key.partition('#')[0]}#read"
        path = appointment_path(self._target.account, case.appointment or 0)
        self._budget.sends_again()
        look = Case(key, Intent.READ, path, "GET", appointment=case.appointment, repeatable=True)
        return self.send(look).payload

    def _changed(self, busy: Exchange, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> None:
        """Note that a case was refused, and its appointment is not what it was before."""
        number = busy.case.appointment
        cancels = [one for one in self.exchanges if one.case.is_under_test and one.case.appointment == number]
        # Another one that was accepted, or that nobody has answered, may have done it by now.
        is_alone = all(one.status is not None and one.status >= FIRST_REFUSAL for one in cancels)
        if busy.status == THROTTLED and now is not None and is_alone:
            self._gateway.was_carried_out(busy, before, now)
        self._gateway.unanswered_by(busy, f"{busy.fact}, and appointment {number} was changed,")

    def _given_up(self, came: Sequence[Exchange], *, others_failed: bool) -> Exchange:
        last = came[-1]
        if last.status == THROTTLED:
            is_nobodys = last.case.is_under_test and not last.case.credential.is_right
            to, remedy = (_TO_NOBODY, _LIMITED) if is_nobodys else ("", _BUSY)
            told = f"{self._target.url} answered {len(came)} times 429 (too many requests) in a row{to}"
            raise Unreachable(f"{told}: {remedy}")
        if last.case.is_under_test:
            self._gateway.refused(came, others_failed=others_failed)
        elif last.case.method == "GET":
            raise self._unreachable(last, len(came))
        return last

    def _unreachable(self, exchange: Exchange, times: int) -> Unreachable:
        told = (
            f"{_TOLD[exchange.trouble]} ({exchange.trouble_text})"
            if exchange.trouble
            else f"answered a read {exchange.status}"
        )
        return Unreachable(f"{self._target.url} {told}, {times} times in a row: {ADVICE}")

    def _try(self, case: Case) -> Exchange:
        """Send a case until a connection can be used, and find out by a read whether the request's id is refused."""
        try:
            exchange = self._try_as_it_is(case)
        except Unreachable:
            last = self.exchanges[-1]
            if (found := self._request_ids.found_out(last, self._once)) is last:
                raise
            return found
        return self._request_ids.found_out(exchange, self._once)

    def _try_as_it_is(self, case: Case) -> Exchange:
        """Send a case until a connection to the target can be used."""
        exchange, times = self._once(case), 1
        while _is_worth_another(exchange) and not (exchange.answer and self._gateway.is_hopeless(case)):
            if times >= self._most_tries(exchange):
                if exchange.answer and case.method != "GET":
                    return exchange
                raise self._unreachable(exchange, times)
            if exchange.answer:
                pause = retry_after(exchange.answer, datetime.now(UTC), unsaid=PAUSE * 5 ** (times - 1))
                self._gateway.note(exchange, RETRIED)
                self._budget.sleep(min(pause, LONGEST_PAUSE))
            elif exchange.trouble is not Trouble.TIMEOUT:
                self._budget.sleep(PAUSE * 2 ** (times - 1))
            exchange, times = self._once(case), times + 1
        return exchange

    def _most_tries(self, exchange: Exchange) -> int:
        """Return how often a case is sent that comes to nothing; a target that was never there is given up soon."""
        if exchange.answer:
            return MOST_TRIES_GONE
        is_known = any(one.answer and not one.is_of_gateway for one in self.exchanges)
        return MOST_TRIES_RESTARTING if is_known and exchange.trouble is not Trouble.TIMEOUT else MOST_TRIES

    def _once(self, case: Case) -> Exchange:
        exchange = self._attempts.once(case)
        self.exchanges.append(exchange)
        self._gateway.saw(exchange)
        self._lost.saw(exchange)
        return exchange

    def objection(self, case: Case) -> str | None:
        """Return why the guard would not let a case leave, or nothing."""
        return self._guard.objection(request_of(case, self._target))


_TOLD: Final[Mapping[Trouble, str]] = {
    Trouble.UNREACHABLE: "cannot be reached",
    Trouble.LOST: "ended the connection without an answer",
    Trouble.TIMEOUT: "gave no answer in time",
}


def _is_worth_another(exchange: Exchange) -> bool:
    """Whether to retry a case: it never arrived, or it says that a retry is safe."""
    if exchange.trouble is Trouble.UNREACHABLE:
        return True
    if exchange.status in GONE:
        return exchange.case.repeatable and not exchange.case.is_under_test
    return exchange.case.repeatable and exchange.trouble in {Trouble.LOST, Trouble.TIMEOUT}


def retry_after(answer: Answer | None, now: datetime, unsaid: float = 1.0) -> float:
    """Return the seconds that a throttled target asks to wait (RFC 9110, 10.2.3), bounded; else `unsaid`."""
    text = ((answer.header("retry-after") if answer else None) or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return unsaid
    # The target's clock may not be ours: its answer says what time it was there.
    waits = [_seconds(until, clock) for clock in (_date(answer), now) if clock]
    fit = [wait for wait in waits if 0.0 <= wait <= LONGEST_WAIT]
    return fit[0] if fit else min(max(waits[-1], 0.0), LONGEST_WAIT)


def _date(answer: Answer | None) -> datetime | None:
    """Return the time at which an answer was written, by the clock of whoever wrote it."""
    try:
        return parsedate_to_datetime((answer.header("date") if answer else None) or "")
    except (ValueError, OverflowError):
        return None


def _seconds(until: datetime, since: datetime) -> float:
    # A time without a zone is UTC, as every date of HTTP is.
    return (until.replace(tzinfo=until.tzinfo or UTC) - since.replace(tzinfo=since.tzinfo or UTC)).total_seconds()
