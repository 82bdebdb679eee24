"""Appointment variations: the optional fields of create, combined pairwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from allpairspy import AllPairs

from cancel_contract.target.settings import Settings

_NAMES: Final[Mapping[str, str]] = {
    "latin": "Contract Test",
    # Names of one word too, because many clients book with their first name alone.
    "cyrillic": "ПроверкаДоговора-Әңғүұқөһі",
    "other": "契約 テスト 🧪 Ñandú O'Brien <b>&amp;",
    "long": "Contract test " + "very " * 40 + "long",
}
_IDENTIFIERS: Final[Mapping[str, str | None]] = {"none": None, "text": "test 7", "digits": "0000001"}
_PAYMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "unpaid": {"service_amount": 9137},
    "prepaid": {"service_amount": 9137, "prepaid_amount": 2519, "prepaid_payment_method": "card"},
    "paid": {
        "service_amount": 17_777_779,
        "prepaid_amount": 2519,
        "prepaid_payment_method": "cash",
        "settlement_amount": 17_775_260,
        "settlement_payment_method": "card",
    },
    "settled": {"service_amount": 9137, "settlement_amount": 9137, "settlement_payment_method": "card"},
}
"""None is round, so that rounding shows; the large ones exceed 2^24, where four-byte floats have gaps."""
STATUSES: Final = ("scheduled", "confirmed", "completed", "no_show")
"""Every status that can precede a cancel (observed)."""
VISITS: Final = ("primary", "secondary", "other")
"""Every type of visit (observed)."""
_BIRTH_DATES: Final[Mapping[int, str]] = {30: "1956-02-29", 60: "2024-03-01"}
"""By minutes: before 1970, where Unix time begins; on 29 February; a child's, on the day on which Almaty changed its
offset.
"""
_COMMENT: Final = 'Made by contract tests; «тест» for 50% {off}, "quoted" & a\\b\nin two lines'
"""It contains characters with a meaning in templates, formats and queries."""

_FACTORS: Final[Mapping[str, tuple[Any, ...]]] = {
    "status": STATUSES,
    # `settled` stands in if a target accepts no prepayment.
    "payment": ("unpaid", "prepaid", "paid"),
    "name": tuple(_NAMES),
    "identifier": tuple(_IDENTIFIERS),
    "minutes": (30, 60),
    "service": (True, False),
    "contact": (False, True),
    "birth_date": (True, False),
    "comment": (True, False),
    "phone": (True, False),
    "visit": VISITS,
}


@dataclass(frozen=True, slots=True)
class Variation:
    """One combination of optional fields."""

    status: str = "scheduled"
    payment: str = "unpaid"
    name: str = "latin"
    identifier: str = "none"
    minutes: int = 30
    service: bool = False
    contact: bool = False
    birth_date: bool = False
    comment: bool = False
    phone: bool = True
    visit: str = "primary"

    def __str__(self) -> str:
        with_ = [part for part in ("service", "contact", "birth_date", "comment") if getattr(self, part)]
        return "-".join([self.status, self.payment, self.name, str(self.minutes), *with_])

    def fields(self, settings: Settings) -> dict[str, Any]:
        """Return the fields of a create request; nobody can be reached through them."""
        fields: dict[str, Any] = {
            "client_name": _NAMES[self.name],
            "status": self.status,
            "appointment_type": self.visit,
            "client_phone": "+7 000 000 00 00" if self.phone else None,
            "client_identifier": _IDENTIFIERS[self.identifier],
            "client_birth_date": _BIRTH_DATES[self.minutes] if self.birth_date else None,
            "client_gender": "female" if self.birth_date else None,
            "client_comment": _COMMENT if self.comment else None,
            "custom_attributes": {"contract": "test", "number": 7} if self.comment else None,
            "service_id": settings.service_id if self.service else None,
            "contact_id": settings.contact_id if self.contact else None,
            **_PAYMENTS[self.payment],
        }
        return {name: value for name, value in fields.items() if value is not None}


PLAIN: Final = Variation()
"""One with as few optional fields as possible."""
FULL: Final = Variation("confirmed", "paid", "cyrillic", "text", 30, birth_date=True, comment=True)
"""One with payments and, if the resource has a compensation, an unpaid expense."""

KIN: Final = Variation(identifier="digits", service=True, contact=True, birth_date=True)
"""One with a client, a service and a contact, so that another of its kind equals it in all of them."""


@cache
def pairwise() -> tuple[Variation, ...]:
    """Variations in which every two values of different fields meet at least once."""
    rows = AllPairs([list(values) for values in _FACTORS.values()])
    return tuple(Variation(*row) for row in rows)
