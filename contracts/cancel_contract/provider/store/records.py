"""The provider's records: frozen, replaced as wholes and never changed in place."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

Payload: TypeAlias = dict[str, Any]
"""A JSON object on its way out or in."""

RepeatPolicy: TypeAlias = Literal["idempotent", "rejected"]
"""What a cancel of a cancelled appointment answers: the same payload, or 409 (policy)."""

STATUSES: Final = ("scheduled", "confirmed", "completed", "cancelled", "no_show")
"""Every status of an appointment (observed in the table's definition)."""

APPOINTMENT_TYPES: Final = ("primary", "secondary", "other")
"""Every type of an appointment (observed in the table's definition)."""

PAYMENT_STATUSES: Final = ("awaiting_payment", "prepaid", "paid", "cancelled")
"""Every payment status (observed in the table's definition)."""

IMPORTED: Final = "medelement"
"""The source of appointments that only the vendor's clinic system may change (observed)."""

MAX_AMOUNT: Final = 2**31 - 1
"""The largest amount that the real table holds (observed)."""


@dataclass(frozen=True, slots=True)
class Account:
    """One tenant."""

    id: int
    suspended: bool = False
    scheduling: bool = True


@dataclass(frozen=True, slots=True)
class User:
    """The holder of a token, and the accounts it is a member of."""

    id: int
    token: str
    accounts: frozenset[int]
    privileged: bool = True


@dataclass(frozen=True, slots=True)
class Resource:
    """Who or what is booked; working hours are minutes of its own day."""

    id: int
    account_id: int
    name: str
    time_zone: str
    opens_minute: int
    closes_minute: int
    slot_minutes: int
    compensation_percent: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which nobody works."""

    id: int
    account_id: int
    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Service:
    """What is done in an appointment."""

    id: int
    account_id: int
    name: str
    kind: str
    duration_min: int
    price: int


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of money received."""

    id: int
    amount: int
    payment_method: str
    payment_kind: str
    recorded_by_id: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Expense:
    """What the account owes the resource for a paid appointment."""

    id: int
    amount: int
    status: str
    resource_id: int
    created_at: datetime
    updated_at: datetime
    paid_at: datetime | None = None
    paid_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """One row of the appointments' table with its payments and its expense."""

    id: int
    account_id: int
    resource_id: int
    starts_at: datetime
    ends_at: datetime
    client_name: str
    created_at: datetime
    updated_at: datetime
    contact_id: int | None = None
    service_id: int | None = None
    company_id: int | None = None
    conversation_id: int | None = None
    created_by_id: int | None = None
    status: str = "scheduled"
    appointment_type: str = "primary"
    given_minutes: int | None = None
    client_phone: str | None = None
    client_identifier: str | None = None
    client_birth_date: date | None = None
    client_gender: str | None = None
    client_comment: str | None = None
    payment_status: str = "awaiting_payment"
    service_amount: int = 0
    prepaid_amount: int = 0
    prepaid_payment_method: str | None = None
    settlement_amount: int = 0
    settlement_payment_method: str | None = None
    external_ref: str | None = None
    idempotency_key: str | None = None
    source: str = "api"
    custom_attributes: Payload = field(default_factory=dict)
    service_name_snapshot: str | None = None
    service_type_snapshot: str | None = None
    service_duration_snapshot: int | None = None
    compensation_percent_snapshot: int = 0
    payments: tuple[Payment, ...] = ()
    expense: Expense | None = None

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def duration_min(self) -> int:
        """The duration that was given, else the minutes from start to end."""
        return self.minutes if self.given_minutes is None else self.given_minutes

    @property
    def cancelled(self) -> bool:
        """Whether it is cancelled."""
        return self.status == "cancelled"
