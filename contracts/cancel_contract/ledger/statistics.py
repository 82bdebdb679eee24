"""Run statistics: counters, the observed schema of fields and values, timings.

They are plain data, so that a worker can send them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cancel_contract.exchange.case import PERMITTED
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.gateway import Gateway
from cancel_contract.redaction.personal_data import discreet, discreet_key

WORDS: Final = ("status", "appointment_type", "payment_status")
"""Fields whose values are enumerated, and so are shown."""


@dataclass(slots=True)
class Statistics:
    """What was sent and what came; several can be added up."""

    requests: int = 0
    appointments: int = 0
    throttled: int = 0
    sent_again: int = 0
    """Requests that were sent because of a 429 or 503: the same case again, and a look at its appointment first."""
    lost: int = 0
    """Connections that broke, or gave no answer in time."""
    incidents: list[tuple[str, int, str]] = field(default_factory=list)
    """The answers of a gateway: case, status, what was done."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Appointment variations that the target refuses, with its answer."""
    left: list[int] = field(default_factory=list)
    """Appointments that could not be cancelled at the end."""
    unsure: list[str] = field(default_factory=list)
    """Markers of creates whose answers were lost: nobody knows whether those appointments are active."""
    changed: list[tuple[int, str, str]] = field(default_factory=list)
    """Provided appointments that differ from what they were: id, variable, what became of it."""
    fields: Counter[str] = field(default_factory=Counter)
    """Fields of an appointment that the fragment does not name."""
    nulls: Counter[str] = field(default_factory=Counter)
    """Documented fields that were null."""
    values: Counter[str] = field(default_factory=Counter)
    """Values of enumerated fields, as field=value."""
    errors: Counter[str] = field(default_factory=Counter)
    """Shapes of error answers, as status: key, key."""
    timings: list[float] = field(default_factory=list)
    """Seconds that answers of the endpoint under test took."""

    def saw(self, exchange: Exchange, documented: Sequence[str]) -> None:
        """Count one exchange with the endpoint under test."""
        self.lost += exchange.trouble in {Trouble.LOST, Trouble.TIMEOUT} and not exchange.case.abandoned
        answer = exchange.answer
        if answer is None:
            return
        self.timings.append(round(exchange.elapsed, 4))
        if answer.payload is not None and exchange.case.intent in PERMITTED:
            self._payload(answer.payload, documented)
        elif isinstance(answer.json, dict) and answer.status >= 400:
            self.errors[f"{answer.status}: {', '.join(sorted(map(discreet_key, answer.json)))}"] += 1

    def ended(self, budget: Budget, gateway: Gateway) -> None:
        """Take over what was counted while requests were sent."""
        self.requests, self.appointments = budget.requests, budget.appointments
        self.throttled, self.sent_again = budget.throttled, budget.sent_again
        self.incidents += gateway.incidents

    def cleaned(self, left: Iterable[int]) -> None:
        """Note the appointments that could not be cancelled at the end."""
        self.left += [number for number in left if number not in self.left]

    def supplied(self, left_out: Mapping[str, str], unsure: Iterable[str]) -> None:
        """Note which variations of appointments the target refused, and the marks of creates that stayed unanswered."""
        self.left_out.update(left_out)
        self.unsure += unsure

    def found_changed(self, changed: Iterable[tuple[int, str, str]]) -> None:
        """Note appointments of the settings that are not what they were: id, variable, what became of it."""
        self.changed += changed

    def _payload(self, payload: Mapping[str, Any], documented: Sequence[str]) -> None:
        self.fields.update(discreet_key(name) for name in payload if name not in documented)
        self.nulls.update(name for name, value in payload.items() if value is None and name in documented)
        self.values.update(f"{name}={discreet(payload[name])}" for name in WORDS if isinstance(payload.get(name), str))

    def dump(self) -> dict[str, Any]:
        """The statistics as plain data."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    def merge(self, dumped: Mapping[str, Any]) -> None:
        """Add a worker's statistics."""
        for name, value in dumped.items():
            mine = getattr(self, name)
            if isinstance(mine, dict):
                mine.update(value)
            elif isinstance(mine, list):
                mine.extend(value)
            else:
                setattr(self, name, mine + value)


def _plain(value: Any) -> Any:  # noqa: ANN401  counters, lists and numbers alike
    return dict(value) if isinstance(value, dict) else list(value) if isinstance(value, Iterable) else value
