"""Run statistics beside the verdicts: what was sent, and what came of it. Plain data that travels from a worker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, NonNegativeInt, TypeAdapter

from cancel_contract.exchange.case import PERMITTED
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.exchange.record import RECORD
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.gateway import Gateway, Incident
from cancel_contract.ledger.observed_schema import ObservedSchema
from cancel_contract.ledger.provided import Change
from cancel_contract.redaction.personal_data import discreet_key
from cancel_contract.redaction.request_ids import HEADER


@dataclass(slots=True)
class Statistics:
    """What was sent and what came; several can be added up."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    requests: NonNegativeInt = 0
    appointments: NonNegativeInt = 0
    """How many were created."""
    throttled: NonNegativeInt = 0
    """Answers that were 429 or 503 and waited for."""
    retries: NonNegativeInt = 0
    """Requests sent because of a 429 or 503, including the reads before a resend."""
    lost: NonNegativeInt = 0
    """Connections that broke, or gave no answer in time."""
    incidents: list[Incident] = field(default_factory=list)
    """Every answer of a gateway or limiter, in the order in which they came."""
    refused_variations: dict[str, str] = field(default_factory=dict)
    """Appointment variations that the target refuses, with its answer."""
    own_changes: dict[str, float] = field(default_factory=dict)
    """Fields that the target changes by itself in new appointments, with the seconds that each is left alone for."""
    refused_headers: dict[str, str] = field(default_factory=dict)
    """Headers of the run's own that the target refuses, so that they are left out, with how it answers."""
    still_active: list[int] = field(default_factory=list)
    """Appointments that could not be cancelled at the end."""
    unanswered_creates: list[str] = field(default_factory=list)
    """Markers of creates of which nobody knows whether they made an appointment: not answered, or not found again."""
    copies: list[int] = field(default_factory=list)
    """Active appointments of the run's client that the target has made by itself: nobody owns them."""
    changed: list[Change] = field(default_factory=list)
    """Provided appointments that the run has changed."""
    observed_schema: Annotated[ObservedSchema, Field(exclude=True)] = field(default_factory=ObservedSchema)
    timings: Annotated[list[float], Field(exclude=True)] = field(default_factory=list)
    """Seconds that answers of the endpoint under test took."""

    def saw(self, exchange: Exchange, documented: Sequence[str]) -> None:
        """Count one exchange with the endpoint under test."""
        self.lost += exchange.trouble in {Trouble.LOST, Trouble.TIMEOUT} and not exchange.case.abandoned
        answer = exchange.answer
        if answer is None:
            return
        self.timings.append(round(exchange.elapsed, 4))
        if answer.payload is not None and exchange.case.intent in PERMITTED:
            self.observed_schema.payload(answer.payload, documented)
        elif isinstance(answer.json, dict) and answer.status >= 400:
            self.observed_schema.error(answer.status, sorted(map(discreet_key, answer.json)))

    def took_budget(self, budget: Budget) -> None:
        """Take over what was counted while requests were sent."""
        self.requests, self.appointments = budget.requests, budget.appointments
        self.throttled, self.retries = budget.throttled, budget.sent_again

    def took_incidents(self, gateway: Gateway) -> None:
        """Take over what a gateway has answered."""
        self.incidents += gateway.incidents

    def cleaned(self, active: Iterable[int]) -> None:
        """Note the appointments that could not be cancelled at the end."""
        self.still_active += [number for number in active if number not in self.still_active]

    def supplied(self, refused: Mapping[str, str], unanswered: Iterable[str]) -> None:
        """Note which variations of appointments the target refused, and the markers of unanswered creates."""
        self.refused_variations.update(refused)
        self.unanswered_creates += unanswered

    def found_copies(self, active: Iterable[int]) -> None:
        """Note active appointments that the target has made by itself."""
        self.copies += active

    def found_own_changes(self, names: Iterable[str], seconds: float) -> None:
        """Note what the target changes by itself, and for how long it is waited for."""
        self.own_changes.update(dict.fromkeys(names, seconds))

    def found_refused(self, request_id: str) -> None:
        """Note how the target answers a request with an id and one without, if it refuses the header."""
        self.refused_headers.update({HEADER: request_id} if request_id else {})

    def found_changed(self, changed: Iterable[Change]) -> None:
        """Note appointments of the settings that are not what they were."""
        self.changed += changed

    def dump(self) -> dict[str, Any]:
        """Return the statistics as plain data."""
        return asdict(self)

    def merge(self, dumped: Mapping[str, Any]) -> None:
        """Add a worker's statistics."""
        more = _form().validate_python(dumped, strict=False)
        for name in (each.name for each in fields(self)):
            mine, theirs = getattr(self, name), getattr(more, name)
            if isinstance(mine, ObservedSchema):
                mine.add(theirs)
            elif isinstance(mine, dict):
                mine.update(theirs)
            elif isinstance(mine, list):
                mine.extend(theirs)
            else:
                setattr(self, name, mine + theirs)

    def in_order(self) -> "Statistics":
        """Return what a report tells of them, in an order that does not depend on who came first."""
        return replace(
            self,
            refused_variations=dict(sorted(self.refused_variations.items())),
            own_changes=dict(sorted(self.own_changes.items())),
            still_active=sorted(self.still_active),
            unanswered_creates=sorted(self.unanswered_creates),
            copies=sorted(self.copies),
            changed=sorted(self.changed, key=lambda one: (one.id, one.setting, one.became)),
            observed_schema=ObservedSchema(),
            timings=[],
        )


@cache
def _form() -> TypeAdapter[Statistics]:
    # It takes longer to make than most commands take to start.
    return TypeAdapter(Statistics)
