"""The record of one promise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Literal

from cancel_contract.exchange.case import OTHER_METHODS
from cancel_contract.exchange.difference import Broken
from cancel_contract.exchange.episode import Episode, Evidence
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment
from cancel_contract.fragment.schema_errors import SchemaError
from cancel_contract.fragment.shipped import ENDPOINT

OPERATION: Final = ENDPOINT.pointer
"""Where the fragment holds the operation."""
ANSWER: Final = f"{OPERATION}/responses/200"
APPOINTMENT: Final = "/components/schemas/Appointment"
FIELDS: Final = f"{APPOINTMENT}/properties"


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The sentence that says how the target showed that it lacks what a clause is about."""

    evidence: str


Finding = Broken | NotApplicable | None
"""What one look at the evidence gives: nothing where the promise was kept, else the breach."""


class Level(StrEnum):
    """How much a breach weighs: a broken MUST closes the gate (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"


Source = Literal["documented", "sibling", "observed", "policy"]
"""How a promise is known: the endpoint's page, another page of the API, observed behaviour, or our policy."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clause is judged by, beside the evidence."""

    fragment: Fragment
    account: int
    repeat_policy: Literal["idempotent", "rejected", "either"] = "idempotent"
    time_limit: float = 10.0
    """Seconds."""

    def errors(self, payload: Mapping[str, Any], body: bytes) -> tuple[SchemaError, ...]:
        """Return the errors of the fragment in a payload; computed once per body."""
        return _errors(self.fragment, _Keyed(body, payload))

    @property
    def repeat_statuses(self) -> frozenset[int]:
        """Return the statuses that a repeated cancel may have."""
        rejected = frozenset({409, 422})
        return {"idempotent": frozenset({200}), "rejected": rejected, "either": rejected | {200}}[self.repeat_policy]


@dataclass(frozen=True)
class _Keyed:
    """A payload with its text as the cache key."""

    body: bytes
    payload: Mapping[str, Any]

    def __hash__(self) -> int:
        return hash(self.body)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self.body == other.body


@lru_cache(maxsize=512)
def _errors(fragment: Fragment, keyed: _Keyed) -> tuple[SchemaError, ...]:
    return fragment.payload_errors(keyed.payload)


class Part(StrEnum):
    """A part of an exchange that a recording may lack."""

    BODY = "body"
    HEADERS = "headers"
    TIME = "time"
    WORDS = "words"
    """Personal data, which a recorder may mask inside a body."""
    WIRE = "wire"
    """The bytes on the wire, and who closed a connection: no recording has them."""


STATUS: Final = frozenset[Part]()
"""What every recording has; of fields of a payload that is not there nothing is found."""
BODY: Final = frozenset({Part.BODY})
HEADERS: Final = frozenset({Part.HEADERS})
TIME: Final = frozenset({Part.TIME})
WORDS: Final = frozenset({Part.WORDS})
WIRE: Final = frozenset({Part.WIRE})


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise of the endpoint.

    `findings` looks at one piece of evidence and yields once for each time the promise was exercised; it yields
    nothing where the evidence does not bear on it. It is pure and never raises on bad data.
    """

    id: str
    level: Level
    source: Source
    pointer: str
    """A JSON pointer into the fragment, or a section of an RFC."""
    statement: str
    findings: Callable[[Any, Terms], Iterator[Finding]]
    over: type[Exchange] | type[Episode] = Episode
    """Whether it is judged on single exchanges or on episodes."""
    needs: tuple[str, ...] = ()
    """The settings without which it stays untested."""
    evidence: frozenset[Part] = field(kw_only=True)
    """The parts of an exchange that have to be recorded: without them it would hold for nothing."""
    judges_fixture_requests: bool = field(default=False, kw_only=True)
    """Whether the answers to fixture requests can break it, too."""
    held_by: frozenset[Part] = field(default=STATUS, kw_only=True)
    """The parts without which it can be seen broken, and never held: one mask may stand for two names."""

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]

    def judge(self, evidence: Evidence, terms: Terms) -> tuple[Finding, ...]:
        """Yield every finding on a piece of evidence; none if the clause judges the other kind."""
        return tuple(self.findings(evidence, terms)) if isinstance(evidence, self.over) else ()


def under_test(exchange: Exchange) -> bool:
    """Whether an exchange addresses the endpoint under test, and its answer was waited for."""
    return exchange.case.is_under_test


def succeeded(exchange: Exchange) -> bool:
    """Whether the endpoint under test answered that it has cancelled; other methods never cancel."""
    return under_test(exchange) and exchange.status == 200 and exchange.case.intent not in OTHER_METHODS


def otherwise_accepted(exchange: Exchange) -> bool:
    """Whether a cancel was accepted with another status than 200, which one clause reports and no other uses."""
    return exchange.status is not None and 200 < exchange.status < 300
