"""The record of one request and its answer, with the secrets already removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from cancel_contract.exchange.case import Case
from cancel_contract.redaction.request_ids import HEADER, is_own

OK: Final = 200
ACCEPTED: Final = 202
"""What was asked for is not done yet (RFC 9110, 15.3.3): the answer may show what was before."""
FIRST_REFUSAL: Final = 400
"""From this status on, nothing was done."""
FIRST_FAILURE: Final = 500
"""From this status on, nobody knows whether anything was done."""
BUSY: Final = frozenset({429, 503, 529})
"""Statuses for a refusal in the application's place: nothing was done. Some networks have 529 for an overload."""
FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_NO_BACKEND: Final = b"default backend - 404"
"""What the ingress of Kubernetes answers while the application is replaced (its default backend)."""
_OF_LIMITERS: Final = ("retry-after", "cf-mitigated")
"""Headers of limiters and firewalls; no refusal of a right has them."""
_OF_NETWORKS: Final = frozenset({460, 499, 520, 521, 522, 523, 524, 525, 526, 527, 530, 561})
"""Statuses that no application has: a delivery network, a balancer or a web server answers them for a server behind it,
such as Cloudflare's, Amazon's and nginx.
"""
TIMED_OUT: Final = 408
"""A server that gave up waiting, perhaps for its own work."""
GONE: Final = frozenset({TIMED_OUT, 502, 504}) | _OF_NETWORKS
"""Statuses of a gateway that got no answer of the application: nobody knows whether anything was done."""


class Trouble(StrEnum):
    """Why no whole answer came."""

    UNREACHABLE = "unreachable"
    """No connection: refused, no such host, TLS not in order."""
    LOST = "lost"
    """The connection ended before any byte of the answer came."""
    TIMEOUT = "timeout"
    """The connection stood, the request was sent, and no whole answer came in time."""
    BROKEN = "broken"
    """An answer began and is not HTTP, or ended before it was whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    json: Any = None
    """The body as JSON, if it is JSON; read leniently, see `json_fault`."""
    json_fault: str | None = None
    """Why a strict parser refuses the body."""
    framing_fault: str | None = None
    """Why the message's length cannot be trusted."""
    echoes: tuple[str, ...] = ()
    """The names of the secrets in the answer."""
    encodings: tuple[str, ...] = ()
    """How each of them is encoded there; empty for one that is not."""

    def header(self, name: str) -> str | None:
        """Return a header's value; repeated ones are joined as RFC 9110 5.3 says."""
        values = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None

    @property
    def says_json(self) -> bool:
        """Whether it says that it is JSON of some kind; letter case does not matter (RFC 9110, 8.3.1)."""
        return "json" in (self.header("content-type") or "").lower()

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """The appointment in the envelope, if there is one."""
        inner = self.json.get("payload") if isinstance(self.json, dict) else None
        return inner if isinstance(inner, dict) else None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, or the trouble that came instead."""

    number: int
    case: Case
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    started: datetime
    elapsed: float
    """Seconds from the request's first byte to the answer's last."""
    answer: Answer | None = None
    trouble: Trouble | None = None
    trouble_text: str = ""

    @property
    def status(self) -> int | None:
        """The answer's status."""
        return self.answer.status if self.answer else None

    @property
    def is_refused(self) -> bool:
        """Whether it was refused, so that nothing was done."""
        return FIRST_REFUSAL <= (self.status or 0) < FIRST_FAILURE and self.status not in GONE

    @property
    def request_id(self) -> str:
        """The id of ours that the request bore; empty where it bore none."""
        sent = (value for name, value in self.request_headers if name.lower() == HEADER.lower())
        return next(filter(is_own, sent), "")

    @property
    def is_of_gateway(self) -> bool:
        """Whether its status is one that a gateway or limiter answers in the application's place."""
        return self.is_busy or self.status in GONE

    @property
    def is_busy(self) -> bool:
        """Whether a limiter or an overloaded server has refused it: by the status, or by a 403 that says when to come
        back, that nothing is left of a rate, or that a firewall stands before the application, or by the page of an
        ingress that has no application behind it for a moment. An odd request they may refuse in any way, and for ever.
        """
        if self.case.is_odd:
            return self.status in BUSY
        if self.status == _NOT_FOUND and self.answer is not None:
            return self.answer.body.strip() == _NO_BACKEND
        if self.status != FORBIDDEN or self.answer is None:
            return self.status in BUSY
        said = map(self.answer.header, _OF_LIMITERS)
        return any(said) or (self.answer.header("x-ratelimit-remaining") or "").strip() == "0"

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """The appointment in the answer's envelope."""
        return self.answer.payload if self.answer else None

    @property
    def appointment(self) -> int | None:
        """The appointment that it is about: the one that was asked for, or that a create shows."""
        if self.case.appointment is not None:
            return self.case.appointment
        shown = (self.payload or {}).get("id")
        return shown if type(shown) is int else None

    @property
    def fact(self) -> str:
        """Return what came, in a word or two, as the subject of a sentence: `status is 409`."""
        if self.trouble is Trouble.BROKEN:
            return f"the answer is cut short, or no HTTP ({self.trouble_text})"
        return f"status is {self.status}" if self.answer else f"no answer came ({self.trouble}: {self.trouble_text})"

    @property
    def is_unread(self) -> bool:
        """Whether an answer came of which nobody knows what it says, because it was not delivered as it states."""
        if self.answer is None:
            return self.trouble is Trouble.BROKEN
        return self.answer.framing_fault is not None and self.answer.json is None
