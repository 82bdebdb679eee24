"""Counts the requests of a run, and records what was done to strangers' appointments."""

from dataclasses import dataclass, field

from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import named_appointment
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.store.store import Store


@dataclass(slots=True)
class Audit:
    """The count of a run; a stranger's appointment is one that was there before the run and was not handed over."""

    store: Store
    strangers: dict[int, Appointment]
    requests: int = 0
    named: int = 0
    named_requests: list[str] = field(default_factory=list)

    def count(self, request: Request) -> None:
        """Count a request; any method but GET that names a stranger's appointment is told apart."""
        self.requests += 1
        if request.method != "GET" and named_appointment(request.path) in self.strangers:
            self.named += 1
            self.named_requests.append(f"{request.method} {request.path}")

    @property
    def touched(self) -> tuple[int, ...]:
        """The ids of strangers' appointments that are not what they were."""
        rows = self.store.appointments
        return tuple(number for number, row in self.strangers.items() if rows.get(number) != row)

    def marked(self, prefix: str) -> tuple[Appointment, ...]:
        """Return the appointments of which a reference begins with a prefix."""
        rows = self.store.appointments.values()
        return tuple(row for row in rows if any(it.startswith(prefix) for it in _references(row)))

    def active(self, prefix: str = "") -> tuple[int, ...]:
        """Return the ids of appointments not cancelled of which a reference begins with a prefix."""
        return tuple(row.id for row in self.marked(prefix) if not row.cancelled)


def _references(row: Appointment) -> tuple[str, ...]:
    return tuple(it for it in (row.external_ref, row.idempotency_key) if it is not None)
