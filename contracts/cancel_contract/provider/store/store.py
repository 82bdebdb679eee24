"""The provider's tables in memory: each row is one frozen record.

Nothing here awaits, so that whatever is read and written between two awaits is one transaction.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from cancel_contract.provider.store.records import (
    Account,
    Appointment,
    Holiday,
    Resource,
    Service,
    User,
)

Clock: TypeAlias = Callable[[], datetime]
"""Gives the time, with its zone."""


def _utc() -> datetime:
    return datetime.now(UTC)


REAL_TIME: Final[Clock] = _utc
"""The machine's own clock."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What does not change during a run: tenants, users, and what is booked."""

    accounts: tuple[Account, ...]
    users: tuple[User, ...]
    resources: tuple[Resource, ...]
    services: tuple[Service, ...]
    contacts: frozenset[tuple[int, int]]
    companies: frozenset[tuple[int, int]]
    conversations: frozenset[tuple[int, int]]
    holidays: tuple[Holiday, ...] = ()

    def account(self, number: int) -> Account | None:
        """Return an account."""
        return next((account for account in self.accounts if account.id == number), None)

    def user_of(self, token: str) -> User | None:
        """Return the holder of a token."""
        return next((user for user in self.users if user.token == token), None)

    def member(self, account: int, number: int) -> bool:
        """Whether a user belongs to an account."""
        return any(user.id == number and account in user.accounts for user in self.users)

    def resource(self, account: int, number: int) -> Resource | None:
        """Return a resource of an account."""
        return next((it for it in self.resources if (it.account_id, it.id) == (account, number)), None)

    def service(self, account: int, number: int) -> Service | None:
        """Return a service of an account."""
        return next((it for it in self.services if (it.account_id, it.id) == (account, number)), None)


@dataclass(slots=True)
class Store:
    """The tables that change: appointments by id, where the next ids begin, and the clock that dates what changes."""

    directory: Directory
    first_id: int
    clock: Clock = REAL_TIME
    appointments: dict[int, Appointment] = field(default_factory=dict)
    cancels: dict[int, int] = field(default_factory=dict)
    _next_id: int = field(init=False)
    _next_row_id: int = field(init=False)

    def __post_init__(self) -> None:
        self._next_id = self._next_row_id = self.first_id

    def next_id(self) -> int:
        """Return the id of the next appointment made by a caller."""
        self._next_id += 1
        return self._next_id - 1

    def next_row_id(self) -> int:
        """Return the id of the next payment or expense."""
        self._next_row_id += 1
        return self._next_row_id - 1

    def now(self) -> datetime:
        """Return the time in UTC as rows hold it, in whole seconds."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def copied(self, clock: Clock) -> "Store":
        """Return a store of its own that begins with the same rows and goes on with the same ids, by another clock."""
        other = copy(self)
        other.clock = clock
        other.appointments, other.cancels = dict(self.appointments), dict(self.cancels)
        return other

    def put(self, appointment: Appointment) -> Appointment:
        """Write an appointment."""
        self.appointments[appointment.id] = appointment
        return appointment

    def get(self, account: int, number: int) -> Appointment | None:
        """Return an appointment of an account."""
        found = self.appointments.get(number)
        return found if found and found.account_id == account else None

    def remove(self, number: int) -> None:
        """Delete an appointment for good."""
        del self.appointments[number]

    def of_account(self, account: int) -> Iterator[Appointment]:
        """Return an account's appointments."""
        return (it for it in self.appointments.values() if it.account_id == account)

    def by_key(self, account: int, key: str) -> Appointment | None:
        """Return the appointment that an idempotency key made."""
        return next((it for it in self.of_account(account) if it.idempotency_key == key), None)

    def by_reference(self, account: int, reference: str) -> Appointment | None:
        """Return the appointment that bears an external reference."""
        return next((it for it in self.of_account(account) if it.external_ref == reference), None)
