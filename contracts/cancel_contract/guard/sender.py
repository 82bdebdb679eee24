"""Sends a case through the guard, and returns the exchange."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from cancel_contract.errors import Refused, Unreachable
from cancel_contract.exchange.case import Case, Intent, appointment_path
from cancel_contract.exchange.credential import Shown
from cancel_contract.exchange.exchange import (
    BUSY,
    GONE,
    Answer,
    Exchange,
    Trouble,
)
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.guard.budget import LONGEST_WAIT, Budget
from cancel_contract.guard.framing import framing_fault
from cancel_contract.guard.gateway import ASKED_AGAIN, SENT_AGAIN, Gateway
from cancel_contract.guard.guard import Guard
from cancel_contract.redaction.personal_data import discreet_quotes
from cancel_contract.target.settings import variable
from cancel_contract.target.target import ROAD, Target

THROTTLED: Final = 429
CONNECT_TIMEOUT: Final = 10.0
"""Seconds to wait for a connection (policy)."""
NO_PATIENCE: Final = 1e-6
"""Seconds to wait for an answer that is to be lost."""
MOST_WAITS: Final = 5
"""How often one case waits for a throttled target before it counts as lost (policy)."""
MOST_WAITS_UNAVAILABLE: Final = 3
"""How often one case waits for a target that is unavailable, which may never end (policy)."""
PAUSE: Final = 0.2
"""Seconds before a connection is tried again (policy)."""
LONGEST_PAUSE: Final = 10.0
"""Longest pause, in seconds, before an absent server is asked again, whatever Retry-After says (policy)."""
MOST_TRIES: Final = 3
"""How often a case that is safe to repeat is sent when the connection breaks (policy)."""
MOST_TRIES_GONE: Final = 4
"""How often a read that a gateway answers is sent, after growing pauses: a worker may be restarting (policy)."""


ADVICE: Final = f"see that it is up and that {variable('base_url')}, proxy and certificates are right"
"""The remedy for a target that cannot be reached, where nothing more is known."""


class Sender:
    """Sends cases to the target and keeps every exchange."""

    def __init__(
        self, target: Target, guard: Guard, budget: Budget, gateway: Gateway, keep: Callable[[Exchange], None]
    ) -> None:
        self._target, self._gateway = target, gateway
        self._guard = guard
        self._budget = budget
        self._keep = keep
        self._numbers = itertools.count(1)

    @property
    def parallel(self) -> int:
        """How many requests may be under way at the same time."""
        return self._budget.limits.parallel

    def take_turn(self) -> float:
        """Wait for this thread's turn, so that its next request leaves at once; returns the seconds of a turn."""
        self._budget.take_turn()
        return self._budget.pace

    def send(self, case: Case) -> Exchange:
        """Send a case once; wait after a 429 or 503, and retry a broken connection only if the case allows it.

        Raises Refused (guard), Overspent (budget), Unreachable (no connection, or throttled for too long). A gateway's
        answer to a case under test raises Afresh or Unprepared.
        """
        exchange = self._try(case)
        if exchange.status in BUSY and not case.abandoned:
            exchange = self._waited_for(exchange)
        if exchange.status in GONE and case.is_under_test:
            self._gateway.unanswered_by(exchange)
        return exchange

    def _waited_for(self, busy: Exchange) -> Exchange:
        """Wait, and send a case again for as long as it is refused and has had no effect."""
        case, came, failed = busy.case, [busy], self._gateway.others_failed
        while (wait := self._wait(came)) is not None:
            before = self._gateway.before(case)
            self._budget.wait(wait, came[-1].status or THROTTLED, first=len(came) == 1)
            if case.is_under_test and case.appointment is not None:
                if not self._is_as(before, case):
                    self._gateway.unanswered_by(
                        came[-1], f"{came[-1].fact}, and appointment {case.appointment} was changed,"
                    )
                    return came[-1]
                if len(came) > 1:
                    # The read may have spent what a strict limiter allows.
                    self._budget.sleep(wait)
            self._gateway.note(came[-1], f"{SENT_AGAIN} {wait:.0f} s")
            self._budget.sends_again()
            came.append(self._try(case))
            if came[-1].status not in BUSY:
                return came[-1]
        return self._given_up(came, others_failed=self._gateway.others_failed > failed)

    def _wait(self, came: Sequence[Exchange]) -> float | None:
        """Return the seconds before a case is sent again, growing if the target names none; nothing if it is not sent
        again.
        """
        last, times = came[-1], len(came)
        asked = retry_after(last.answer, datetime.now(UTC), unsaid=2.0 ** (times - 1))
        if last.status == THROTTLED:
            return asked if times <= MOST_WAITS else None
        if times > MOST_WAITS_UNAVAILABLE or self._gateway.is_hopeless(last.case):
            return None
        return min(asked, LONGEST_PAUSE)

    def _is_as(self, before: Mapping[str, Any] | None, case: Case) -> bool:
        """Whether a read shows that a case has had no effect on its appointment."""
        key = f"{case.key.partition('#')[0]}#read"
        path = appointment_path(self._target.account, case.appointment or 0)
        look = Case(key, Intent.READ, path, "GET", appointment=case.appointment, repeatable=True)
        self._budget.sends_again()
        return self._gateway.has_had_no_effect(case, before, self.send(look).payload)

    def _given_up(self, came: Sequence[Exchange], *, others_failed: bool) -> Exchange:
        last = came[-1]
        if last.status == THROTTLED:
            raise Unreachable(
                f"{self._target.url} answered {len(came)} times 429 (too many requests) in a row: "
                f"try when it is less busy, or set {variable('max_rate')} lower"
            )
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
        """Send a case until a connection to the target can be used."""
        exchange, times = self._once(case), 1
        while _is_worth_another(exchange) and not (exchange.answer and self._gateway.is_hopeless(case)):
            if times >= (MOST_TRIES_GONE if exchange.answer else MOST_TRIES):
                if exchange.answer and case.method != "GET":
                    return exchange
                raise self._unreachable(exchange, times)
            if exchange.trouble is Trouble.UNREACHABLE:
                self._budget.sleep(PAUSE)
            elif exchange.answer:
                pause = retry_after(exchange.answer, datetime.now(UTC), unsaid=PAUSE * 5 ** (times - 1))
                self._gateway.note(exchange, ASKED_AGAIN)
                self._budget.sleep(min(pause, LONGEST_PAUSE))
            exchange, times = self._once(case), times + 1
        return exchange

    def _once(self, case: Case) -> Exchange:
        exchange = self._exchanged(case, self.request(case), datetime.now(UTC))
        self._keep(exchange)
        return exchange

    def _exchanged(self, case: Case, request: httpx.Request, started: datetime) -> Exchange:
        answer, trouble, text = self._came(request)
        clean = self._target.redactor
        return Exchange(
            number=next(self._numbers),
            case=case,
            url=clean.clean_text(f"{self._target.settings.base_url}{request.extensions['target'].decode()}"),
            request_headers=clean.clean_pairs(self._headers(request)),
            request_body=clean.clean(request.content),
            started=started,
            elapsed=request.extensions.get("elapsed", 0.0),
            answer=answer,
            trouble=trouble,
            trouble_text=discreet_quotes(clean.clean_text(text)),
        )

    def _headers(self, request: httpx.Request) -> Iterator[tuple[str, str]]:
        """Yield a request's headers; one from the settings appears by its name only, however short its value is."""
        extra = {(name, value.get_secret_value().encode()) for name, value in self._target.settings.extra_headers}
        for name, value in ((name.decode(), value) for name, value in request.headers.raw):
            yield name, f"${ROAD}{name}" if (name, value) in extra else value.decode("latin-1")

    def _came(self, request: httpx.Request) -> tuple[Answer | None, Trouble | None, str]:
        try:
            return self._answer(self._guard.handle_request(request), request.method), None, ""
        except httpx.LocalProtocolError as error:
            # A request that cannot be encoded is our mistake, and says nothing about the target.
            text = self._target.redactor.clean_text(str(error))
            raise Refused(f"{request.method} {request.extensions['case'].key} cannot be sent as HTTP: {text}") from None
        except httpx.TransportError as error:
            return None, *_trouble(error, request)

    def objection(self, case: Case) -> str | None:
        """Return why the guard would not let a case leave, or nothing."""
        return self._guard.objection(self.request(case))

    def request(self, case: Case) -> httpx.Request:
        """Return the request of a case, with its token."""
        shown = self._show(case)
        query = "&".join(part for part in (case.query, shown.query) if part)
        # The user agent lets the target's operators find us; Accept makes the framework answer in JSON (observed).
        fixed = [(b"user-agent", b"cancel-contract"), (b"accept", b"application/json"), (b"accept-encoding", b"gzip")]
        given = {name.lower().encode() for name, _ in case.headers}
        headers = [(name, value) for name, value in fixed if name not in given]
        headers += [(name.encode(), value) for name, value in (*case.headers, *shown.headers)]
        extra = self._target.settings.extra_headers
        headers += [(name.encode(), value.get_secret_value().encode()) for name, value in extra]
        path = f"{case.path}?{query}" if query else case.path
        extensions = {"case": case, "target": path.encode(), "timeout": self._timeout(case)}
        body = case.body if case.body is not None else shown.body
        # A POST without a body states its length, as every client library does; some proxies answer 411 otherwise.
        return httpx.Request(case.method, self._target.url, headers=headers, content=body or b"", extensions=extensions)

    def _show(self, case: Case) -> Shown:
        token = self._target.token(case.credential.holder)
        if token is None and case.credential.showing != "none":
            raise AssertionError(f"{case.key} asks for a token that the settings do not name")
        shown = case.credential.show(token or "")
        if shown.body is not None and case.body is not None:
            raise AssertionError(f"{case.key} has a body and shows its token in one")
        return shown

    def _timeout(self, case: Case) -> dict[str, float]:
        patience = self._target.settings.time_limit
        reading = NO_PATIENCE if case.abandoned else patience
        return {"connect": CONNECT_TIMEOUT, "read": reading, "write": patience, "pool": 60.0}

    def _answer(self, response: httpx.Response, method: str) -> Answer:
        tape: bytes = response.extensions.get("tape", b"")
        framing = framing_fault(tape, method)
        if framing and (stream := response.extensions.get("network_stream")):
            # Bytes after the answer may be taken for the answer to the next request.
            stream.close()
        try:
            body = response.read()
        except httpx.DecodingError:
            body, framing = b"", "its body is not in the content encoding that it states"
        value, fault = parse_json(body)
        clean = self._target.redactor
        headers = tuple((name.decode("latin-1"), text.decode("latin-1")) for name, text in response.headers.raw)
        heads = "\n".join(part for pair in headers for part in pair).encode()
        if found := clean.found(heads + b"\n" + body):
            body, headers = clean.clean(body), clean.clean_pairs(headers)
            value, _ = parse_json(body)
        echoes = tuple(name for name in found if not name.startswith(ROAD))
        return Answer(response.status_code, headers, body, value, fault, framing, echoes)


_BEFORE_ANSWER: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout)
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


def _trouble(error: httpx.TransportError, request: httpx.Request) -> tuple[Trouble, str]:
    text = str(error) or type(error).__name__
    if isinstance(error, _BEFORE_ANSWER):
        return Trouble.UNREACHABLE, text
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT, text
    # The same error stands for a connection that ended before an answer, and for an answer that is not HTTP: the bytes
    # that were read tell them apart.
    return (Trouble.BROKEN if request.extensions.get("tape") else Trouble.LOST), text


def retry_after(answer: Answer | None, now: datetime, unsaid: float = 1.0) -> float:
    """Return the seconds that a throttled target asks to wait (RFC 9110, 10.2.3), bounded; else `unsaid`."""
    text = ((answer.header("retry-after") if answer else None) or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return unsaid
    return min(max(wait, 0.0), LONGEST_WAIT)
