"""Appointment variations: the optional fields of create, combined pairwise."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from allpairspy import AllPairs

from cancel_contract.exchange.timestamps import utc
from cancel_contract.target.settings import Settings

UNSTATED: Final = "unstated"
"""What is said of a field that a create leaves out, where a target takes none."""
_NAMES: Final[Mapping[str, str]] = {
    # No user, account or realm of a target is called so: refusals may name these.
    "latin": "Contract Test Guest",
    # Names of one word too, because many clients book with their first name alone.
    "cyrillic": "ПроверкаДоговора-Әңғүұқөһі",
    "other": '契約 テスト שלום 🧪 Ñandú "O\'Brien" \\ <b>&amp;',
    "long": "Contract test " + "very " * 40 + "long",
    # Past the 255 characters that a usual column holds.
    "longest": "Contract test " + "very " * 57 + "long",
    # Letters followed by their marks, and two blanks in a row, which a tidying server writes otherwise.
    "decomposed": unicodedata.normalize("NFD", "Contract  test \u00d1and\u00fa \u0419\u043e\u0434"),
}
_IDENTIFIERS: Final[Mapping[str, str | None]] = {
    "none": None,
    "text": "test 7 of a foreign passport",
    # The check digit of a person's number is right, and nobody is born in month 00 (observed: others are refused).
    "digits": "000053175246",
    "capitals": "TEST 7K",
}
_PAYMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "unpaid": {"service_amount": 9137},
    "prepaid": {"service_amount": 9137, "prepaid_amount": 2519, "prepaid_payment_method": "card"},
    "deposit": {"service_amount": 9137, "prepaid_amount": 1733, "prepaid_payment_method": "transfer"},
    "paid": {
        "service_amount": 17_777_780,
        "prepaid_amount": 2519,
        "prepaid_payment_method": "cash",
        "settlement_amount": 17_775_261,
        "settlement_payment_method": "card",
    },
    "ahead": {"service_amount": 9137, "prepaid_amount": 9137, "prepaid_payment_method": "card"},
    "free": {"service_amount": 0},
    UNSTATED: {},
    "twice": {
        "service_amount": 5038,
        "prepaid_amount": 2519,
        "prepaid_payment_method": "cash",
        "settlement_amount": 2519,
        "settlement_payment_method": "cash",
    },
    "largest": {"service_amount": 2**31 - 1, "prepaid_amount": 72_519, "prepaid_payment_method": "card"},
    "settled": {"service_amount": 9137, "settlement_amount": 9137, "settlement_payment_method": "card"},
    "transferred": {"service_amount": 9137, "settlement_amount": 9137, "settlement_payment_method": "transfer"},
    "partly": {"service_amount": 9137, "settlement_amount": 2519, "settlement_payment_method": "cash"},
    "small": {"service_amount": 97},
    "round": {"service_amount": 9000, "prepaid_amount": 2500, "prepaid_payment_method": "card"},
    "much": {
        "service_amount": 150_041_123,
        "prepaid_amount": 347,
        "prepaid_payment_method": "transfer",
        "settlement_amount": 150_040_776,
        "settlement_payment_method": "cash",
    },
    "cash-ahead": {"service_amount": 3719, "prepaid_amount": 3719, "prepaid_payment_method": "cash"},
    "cash-settled": {"service_amount": 6211, "settlement_amount": 6211, "settlement_payment_method": "cash"},
    "parts": {
        "service_amount": 8123,
        "prepaid_amount": 1733,
        "prepaid_payment_method": "card",
        "settlement_amount": 619,
        "settlement_payment_method": "cash",
    },
}
"""None is round, so that rounding shows, but the free one and the one for targets that take no other; the small one is
less than any note; the large ones exceed 2^24, where four-byte floats have gaps; the largest is what four bytes hold
(observed), and its deposit more than two hold; the two payments of the one that is paid twice are alike. Whatever is
paid, deposits and settlements come in each method, in part and in full.
"""
STATUSES: Final = ("scheduled", "confirmed", "completed", "no_show")
"""Every status that can precede a cancel (observed)."""
VISITS: Final = ("primary", "secondary", "other")
"""Every type of visit (observed)."""
_BIRTH_DATES: Final[Mapping[int, str]] = {30: "1956-02-29", 60: "2024-03-01", 90: "2000-01-01"}
"""By minutes: before 1970, where Unix time begins, and on 29 February, for other lengths as well; a child's, on the day
on which Almaty changed its offset; and one on the first day of a year.
"""
_COMMENT: Final = 'Made by contract tests; «тест» for 50% {off} {{name}}, "quoted" & a\\b\nin two lines'
"""It contains characters with a meaning in templates, formats and queries."""
_ATTRIBUTES: Final = {"contract": "test", "number": 7}
_RICH_ATTRIBUTES: Final = {
    **_ATTRIBUTES,
    "nested": {"list": [7, "seven", 7], "empty": {}},
    "none": None,
    "off": False,
    "camelCase": 7,
    "ключ": "значение",
    "empty": [],
    "blank": "",
    "part": 0.5,
    "two words": 1,
    "status": "regular",
    # More than a floating-point number holds.
    "large": 2**53 + 1,
}
"""Values of every kind, more of them than ten."""
_PHONES: Final = {"plain": "+7 000 264 81 {}", "spelled": "8 (000) 264-81-{}", "rich": "+999 264 81 {}"}
"""Nobody has these numbers: no number begins so in the one country, and no country has the other code. None is what a
house writes down where it has none.
"""
_FIRST_NUMBER: Final = 93
"""How the number of the first client ends: each has another one, as some targets know one client by one number."""
_RICH_TEXT: Final = "🧪 <b>bold</b>; https://example.com/?a=1&b=2#c; 👩\u200d⚕️ می\u200cرود"
"""With letters that are joined, or kept apart, by others that nobody sees."""
_LONG_COMMENT: Final = f"{_COMMENT} {'and so on ' * 420}to its end"
"""More than a page of memory."""
_OFFSET: Final = timedelta(minutes=15)
"""How far a start off the grid lies after a slot's."""
_GRID: Final = 30
"""Minutes of a slot."""
MOVE: Final = 60
"""Minutes by which one that is moved begins later than it was made: some targets take full hours alone."""
_MORE: Final = 30
"""Minutes by which a stated duration exceeds the range."""

_FACTORS: Final[Mapping[str, tuple[Any, ...]]] = {
    "status": STATUSES,
    # `settled` stands in if a target accepts no prepayment.
    "payment": ("unpaid", "prepaid", "paid"),
    "name": ("latin", "cyrillic", "other", "long"),
    "identifier": ("none", "text", "digits"),
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
    start: str = "plain"
    """How the start is given: `plain`, with the `offset` of its zone, with a `fraction` of a second, at a `quarter`."""
    duration: str = "range"
    """The duration that is stated: the minutes of the `range`, or `more`, which some targets take (observed), or none,
    where it is `unstated`.
    """
    reference: str = "marker"
    """What its references look like, see `Marker.references`."""
    begins: str = "ahead"
    """When it begins, where there is room: some days `ahead`, `soon` (within 24 hours), or it is `running`."""
    texts: str = "plain"
    """What else is written: `plain`, with a telephone as the desk has `spelled` it, or `rich` with attributes of every
    kind, an emoji, and a foreign telephone.
    """
    is_moved: bool = False
    """Whether it is to be moved before it is cancelled: the time after it is kept free for that."""
    is_whole: bool = False
    """Whether it is as long as a slot of the calendar, and takes one as it is offered."""
    behind: int = field(default=0, compare=False)
    """The minutes that are free behind it, where there is room: for those that follow it without a gap."""

    @property
    def shift(self) -> timedelta:
        """How far after the start of a slot it begins."""
        return _OFFSET if self.start == "quarter" else timedelta(0)

    @property
    def room(self) -> int:
        """The minutes that have to be free from the start of a slot on."""
        if self.is_whole:
            return self.minutes
        slots = -(-self.minutes // _GRID) * _GRID
        return slots + (_GRID if self.shift else 0) + (MOVE if self.is_moved else 0)

    @property
    def stated(self) -> int | None:
        """The duration that a create states, if any."""
        return None if self.duration == UNSTATED else self.minutes + (_MORE if self.duration == "more" else 0)

    @property
    def is_rewritten(self) -> bool:
        """Whether a target may store it otherwise than it was sent: only a read shows what it is before its cancel."""
        return self.start == "fraction" or self.duration == "more" or self.name in {"longest", "decomposed"}

    def spelled(self, start: datetime, zone: ZoneInfo) -> str:
        """Return the text of a start at a place of a zone."""
        if self.start == "offset":
            return start.astimezone(zone).isoformat()
        return utc(start).replace("Z", ".500Z") if self.start == "fraction" else utc(start)

    def __str__(self) -> str:
        with_ = [part for part in ("service", "contact", "birth_date", "comment") if getattr(self, part)]
        with_ += [self.begins] if self.begins != "ahead" else []
        return "-".join([self.status, self.payment, self.name, str(self.minutes), *with_])

    def fields(self, settings: Settings) -> dict[str, Any]:
        """Return the fields of a create request; nobody can be reached through them."""
        is_rich = self.texts == "rich"
        fields: dict[str, Any] = {
            "client_name": _NAMES[self.name],
            "status": self.status if self.status != UNSTATED else None,
            "appointment_type": self.visit if self.visit != UNSTATED else None,
            "client_phone": self._number if self.phone else None,
            "client_identifier": _IDENTIFIERS[self.identifier],
            "client_birth_date": _BIRTH_DATES.get(self.minutes, _BIRTH_DATES[_GRID]) if self.birth_date else None,
            "client_gender": ("male" if self.name == "latin" else "female") if self.birth_date else None,
            "client_comment": self._comment_text if self.comment else None,
            "custom_attributes": (_RICH_ATTRIBUTES if is_rich else _ATTRIBUTES) if self.comment else None,
            "service_id": settings.service_id if self.service else None,
            "contact_id": settings.contact_id if self.contact else None,
            **_PAYMENTS[self.payment],
        }
        return {name: value for name, value in fields.items() if value is not None}

    @property
    def _number(self) -> str:
        return _PHONES[self.texts].format(_FIRST_NUMBER + [*_NAMES].index(self.name))

    @property
    def _comment_text(self) -> str:
        text = _LONG_COMMENT if self.name == "longest" else _COMMENT
        return f"{text} {_RICH_TEXT}" if self.texts == "rich" else text


PLAIN: Final = Variation()
"""One with as few optional fields as possible."""
BARE: Final = Variation(phone=False)
"""One of which nothing is known but a name."""
FULL: Final = Variation("confirmed", "paid", "cyrillic", "text", 30, birth_date=True, comment=True)
"""One with payments and, if the resource has a compensation, an unpaid expense."""

OF_CONTACT: Final = replace(FULL, status="scheduled", contact=True, service=True, payment="deposit")
"""One with all that a rule may depend on, of a contact who has paid in part, another part than others have."""

OFF_GRID: Final = replace(FULL, payment="parts", minutes=60, start="quarter", phone=False, begins="soon")
"""The same over three slots, the first and the last of them in part, and within 24 hours; without a contact or a
telephone, so that nothing is sent to anybody.
"""

KIN: Final = Variation(identifier="digits", service=True, contact=True, birth_date=True)
"""One with a client, a service and a contact, so that another of its kind equals it in all of them."""


@cache
def pairwise() -> tuple[Variation, ...]:
    """Variations in which every two values of different fields meet at least once."""
    rows = AllPairs([list(values) for values in _FACTORS.values()])
    return tuple(Variation(*row) for row in rows)


_RARE: Final[Mapping[int, Mapping[str, Any]]] = {
    0: {"payment": "free", "visit": "secondary"},
    1: {"start": "offset", "payment": "ahead", "minutes": 720, "reference": "noughts"},
    2: {"start": "fraction", "reference": "exponent", "texts": "spelled"},
    3: {"name": "longest", "identifier": "capitals", "reference": "key", "is_moved": True},
    4: {"name": "decomposed", "payment": "largest", "minutes": 45, "texts": "rich"},
    5: {"name": "latin", "payment": "free", "minutes": 150, "visit": "other"},
    6: {"payment": "small", "reference": "path"},
    7: {"payment": "transferred", "minutes": 10, "visit": "other"},
    8: {"duration": "more", "payment": "partly", "minutes": 90, "texts": "rich", "visit": "secondary"},
    9: {"begins": "running", "status": "confirmed", "payment": "twice"},
}
"""By place, the rare values of a variation: few in each, because a target may refuse any of them. The types of visit
are those with which each still meets every way of payment, and nearly every status.

Rich texts are in those that are read before their cancel: a target may keep something else than its answer shows.
"""


def with_rare_values() -> tuple[Variation, ...]:
    """The pairwise variations, with rare values among the first of them."""
    return tuple(replace(one, **_RARE.get(place, {})) for place, one in enumerate(pairwise()))
