"""What the client takes and gives. Lives here: the fragment's shapes as pydantic models. May not know: HTTP.

A property test holds the models to the fragment, both ways. Numbers are whole JSON integers, fields beyond the
documented ones are kept, and no representation or error shows a value: most of an appointment is personal data.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T", date, datetime)

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-5][0-9])"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _text_only(form: re.Pattern[str], read: Callable[[str], T], wish: str) -> Callable[[object], object]:
    # pydantic by itself takes more spellings, and numbers: the wire has one spelling.
    def parsed(value: object) -> object:
        if not isinstance(value, str):
            return value
        if form.fullmatch(value) is None:
            raise ValueError(wish)
        try:
            return read(value)
        except ValueError:
            # The reader's own words would quote what may be a birth date.
            raise ValueError(wish) from None

    return parsed


Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Money = Annotated[int, Field(ge=0)]
Received = Annotated[int, Field(ge=1)]
Minutes = Annotated[int, Field(ge=5, le=720)]
Instant = Annotated[AwareDatetime, BeforeValidator(_text_only(_INSTANT, datetime.fromisoformat, "no RFC 3339 moment"))]
Day = Annotated[date, BeforeValidator(_text_only(_DAY, date.fromisoformat, "no calendar day"))]
Status = Literal["scheduled", "confirmed", "completed", "cancelled", "no_show"]
AppointmentType = Literal["primary", "secondary", "other"]
PaymentStatus = Literal["awaiting_payment", "prepaid", "paid", "cancelled"]
PaymentKind = Literal["prepaid", "adjustment", "payment"]
ExpenseStatus = Literal["unpaid", "paid"]


class Record(BaseModel):
    """What all records share: frozen, strict, and open to fields that came later."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"<{' '.join([type(self).__name__, *map(str, self._shown())])}>"

    __str__ = __repr__

    def _shown(self) -> list[object]:
        return [getattr(self, name) for name in ("id",) if name in type(self).model_fields]


class Payment(Record):
    """One payment received for the appointment (documented)."""

    id: Id
    amount: Received
    payment_method: str
    payment_kind: PaymentKind


class Expense(Record):
    """What the resource is owed for the appointment (documented)."""

    id: Id
    amount: Money
    status: ExpenseStatus


class Appointment(Record):
    """One appointment, with the documented fields in the documented order (documented; nullability observed)."""

    id: Id
    account_id: Id
    resource_id: Id
    contact_id: Id | None
    service_id: Id | None
    company_id: Id | None
    conversation_id: Id | None
    created_by_id: Id | None
    starts_at: Instant
    ends_at: Instant
    duration_min: Minutes
    status: Status
    appointment_type: AppointmentType
    client_name: str
    client_phone: str | None
    client_identifier: str | None
    client_birth_date: Day | None
    client_gender: str | None
    payment_status: PaymentStatus
    service_amount: Money
    prepaid_amount: Money
    settlement_amount: Money
    external_ref: str | None
    idempotency_key: str | None
    payments: tuple[Payment, ...]
    expense: Expense | None


class Envelope(Record):
    """What every successful answer is wrapped in (documented)."""

    payload: Appointment


class AppointmentList(Record):
    """The answer of the list operation (observed)."""

    payload: tuple[Appointment, ...]


class NewAppointment(Record):
    """What an appointment is made from (sibling); what is not given is not sent.

    An `idempotency_key` lets the client repeat a create whose answer was lost.
    """

    model_config = ConfigDict(extra="forbid")

    resource_id: Id
    starts_at: Instant
    ends_at: Instant
    client_name: str
    contact_id: Id | None = None
    service_id: Id | None = None
    company_id: Id | None = None
    conversation_id: Id | None = None
    created_by_id: Id | None = None
    duration_min: Minutes | None = None
    status: Status | None = None
    appointment_type: AppointmentType | None = None
    client_phone: str | None = None
    client_identifier: str | None = None
    client_birth_date: Day | None = None
    client_gender: str | None = None
    client_comment: str | None = None
    external_ref: str | None = None
    idempotency_key: str | None = None
    service_amount: Money | None = None
    prepaid_amount: Money | None = None
    prepaid_payment_method: str | None = None
    settlement_amount: Money | None = None
    settlement_payment_method: str | None = None
    payment_status: PaymentStatus | None = None
    custom_attributes: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """Return the JSON body that asks for this appointment."""
        return self.model_dump(mode="json", exclude_none=True)
