"""Clauses effect/...: evidence that keeps each promise, breaks it, or does not concern it."""

from dataclasses import replace
from typing import Any

from cancel_contract.clauses import CATALOGUE, effect_races
from cancel_contract.clauses.money import MONEY
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses import change_marks
from tests.unit.clauses import tables_of_afterwards as tables
from tests.unit.clauses.change_marks import DAY, OTHER_DAY
from tests.unit.clauses.conftest import FamilyWithGaps, Make

PAID = {"id": 9, "amount": 2000, "status": "paid"}
UNPAID = {**PAID, "status": "unpaid"}
PAYMENTS = [
    {"id": 1, "amount": 1000, "payment_method": "cash", "payment_kind": "prepaid"},
    {"id": 2, "amount": 4000, "payment_method": "card", "payment_kind": "payment"},
]
OF_ANOTHER = {"id": 9, "appointment_id": 6}
BESIDE = "after a cancel of another appointment, in appointment 7 beside it, "
RECORDED = [{**payment, "recorded_by_id": 101} for payment in PAYMENTS]


def _first(m: Any, was: dict[str, Any] | None = None, **answered: Any) -> Episode:  # noqa: ANN401  the fixture's own
    """A first cancel in which the answer differs from what was before."""
    return Episode(Kind.FIRST_CANCEL, (m.before(**(was or {})), m.done(**answered)), "completed")


def _read(m: Any, **read: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    """A first cancel in which the read-back differs from what was before."""
    return Episode(Kind.FIRST_CANCEL, (m.before(), m.done(), m.after(**read)), "completed")


def _refused(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.FIRST_CANCEL, (m.before(), m.done(409), m.after(status="completed")), "completed")


def _refused_with_a_payload(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    told = m.done(409, body={"payload": m.payload()})
    return Episode(Kind.FIRST_CANCEL, (m.before(), told, m.after(status="completed")), "completed")


def _beside(m: Any, *later: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.NEIGHBOUR, (m.untouched(Role.OTHER_BEFORE), *later))


def _listed(m: Any, listed: Any, code: int = 200) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.LATE, (m.done(code), (Role.LISTED, m.read(body=listed))))


def _rebooked(m: Any, code: int) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.SLOT, (m.done(), (Role.REBOOK, m.cancel(code, Intent.CREATE))))


def _booked(m: Any, shown: Any = None, code: int = 201, **booked: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    """A slot that was looked for in the calendar and booked again, by nobody who has paid."""
    body = {"payload": m.payload(**{"id": 8, "status": "scheduled", "payments": [], **booked})}
    calendar = (Role.CALENDAR, m.read(body={"payload": shown}))
    return Episode(Kind.SLOT, (m.done(), calendar, (Role.REBOOK, m.cancel(code, Intent.CREATE, body=body))))


def _day(m: Any, **slot: Any) -> dict[str, Any]:  # noqa: ANN401  the fixture's own class
    """What the calendar shows of a day with one free slot, in which appointment 7 is cancelled."""
    free = {"resource_id": 123, "starts_at": "2023-11-07T05:00:00Z", "ends_at": "2023-11-07T06:30:00Z", **slot}
    return {"slots": [free, "x"], "appointments": [{"id": 8, "status": "scheduled"}, m.payload()]}


def _later(m: Any, **late: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.LATE, ((Role.BEFORE, m.read()), m.after(**late)))


def _foretold(m: Any, *, kind: Kind = Kind.MODEL, **read: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(kind, (m.after(**read),), "cancel, read", m.payload())


HELD: list[tuple[str, Make]] = [
    ("effect/status-cancelled", _read),
    ("effect/payment-status-cancelled", _read),
    ("effect/read-back", _read),
    ("effect/read-back", lambda m: _read(m, starts_at="2023-11-07T10:31:56+05:00")),
    ("effect/money-shown", _read),
    ("effect/amounts-kept", _read),
    ("effect/payments-kept", lambda m: _first(m, {"payments": PAYMENTS}, payments=PAYMENTS[::-1])),
    ("effect/recorded-by", lambda m: _first(m, {"payments": RECORDED}, payments=RECORDED[::-1])),
    ("effect/times-kept", lambda m: _first(m, {}, ends_at="2023-11-07T11:01:56+05:00")),
    ("effect/client-kept", _read),
    ("effect/references-kept", _read),
    ("effect/undocumented-kept", lambda m: _first(m, {"client_comment": "x"}, client_comment="x", source="api")),
    ("effect/unpaid-expense-gone", lambda m: _first(m, {"expense": UNPAID}, expense=None)),
    ("effect/paid-expense-kept", lambda m: _first(m, {"expense": PAID}, expense={**PAID, "paid_at": None})),
    ("effect/every-status", _read),
    ("effect/neighbour-untouched", lambda m: _beside(m, m.untouched(Role.OTHER_AFTER))),
    ("effect/slot-free", lambda m: _rebooked(m, 201)),
    ("effect/listed", lambda m: _listed(m, {"payload": [{"id": 8}, {"id": 7, "status": "cancelled"}]})),
    ("effect/listed", lambda m: _listed(m, {"payload": [{"id": 8}, {"id": 7}]})),
    ("effect/undocumented-kept",
     lambda m: _first(m, {"payments": [{"id": 1, "created_at": DAY}], "source": "x"},
                      payments=[{"id": 2, "created_at": OTHER_DAY}, {"id": 1, "created_at": DAY}], source="x")),
    ("effect/undocumented-kept", lambda m: _first(m, {"payments": [{"id": 1}], "source": "x"}, source="x")),
    ("effect/undocumented-kept", lambda m: _first(m, {"service_name_snapshot": "X"}, service_name_snapshot="Y")),
    ("effect/undocumented-kept", lambda m: _first(m, {"expense": {"paid_at": DAY}}, expense=None)),
    ("effect/listed-alike", lambda m: _listed(m, {"payload": [{"id": 8, "status": "x"}, {"id": 7, "payments": None}]})),
    ("effect/listed-alike", lambda m: _listed(m, {"payload": [m.payload(starts_at="2023-11-07T10:31:56+05:00")]})),
    *(("effect/listed-alike",
       lambda m, text=text: _listed(m, {"payload": [m.payload(client_phone=text, client_name=None)]}))
      for text in ("+7 ***00", "<string 8>")),
    ("effect/listed-alike",
     lambda m: Episode(Kind.LATE, (m.done(payments=[OF_ANOTHER]),
                                   (Role.LISTED, m.read(body={"payload": [m.payload(payments=[OF_ANOTHER])]}))))),
    ("effect/calendar", lambda m: _booked(m, _day(m))),
    ("effect/calendar", lambda m: _booked(m, _day(m, starts_at="2023-11-07T10:31:56+05:00", ends_at=None))),
    ("effect/new-booking", _booked),
    ("effect/new-booking", lambda m: _booked(m, code=200, payments=None)),
    ("effect/any-order", _foretold),
    ("effect/lasting", lambda m: Episode(Kind.LATE, (m.after(),))),
    ("effect/settled", _later),
    *change_marks.HELD,
    *tables.EFFECT_HELD,
]  # fmt: skip

BROKEN: list[tuple[str, Make, str]] = [
    ("effect/status-cancelled", lambda m: _first(m, {}, status="completed"),
     "in the answer, status is 'completed', not 'cancelled'"),
    ("effect/status-cancelled", lambda m: _read(m, without=["status"]),
     "read back, status is missing, not 'cancelled'"),
    ("effect/payment-status-cancelled", lambda m: _read(m, payment_status="paid"),
     "read back, payment_status is 'paid', not 'cancelled'"),
    ("effect/read-back", lambda m: _read(m, status="scheduled"),
     "read back, status is 'scheduled', not 'cancelled' as in the answer"),
    ("effect/read-back", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(), m.after(404))),
     "status is 404 when the cancelled appointment is read, not 200"),
    ("effect/read-back", lambda m: _read(m, without=["status"], payment_status="x" * 41),
     ("read back, status is missing, not 'cancelled'; "
     "payment_status is a text of 41 characters, not 'cancelled' as in the answer")),
    ("effect/read-back", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(service_amount=0), m.after())),
     "in the answer, service_amount is 0, not 5000 as read back"),
    ("effect/amounts-kept", lambda m: _first(m, {}, service_amount=0),
     "in the answer, service_amount is 0, not 5000"),
    ("effect/amounts-kept", lambda m: _first(m, {}, without=["prepaid_amount"]),
     "in the answer, prepaid_amount is missing, not 1000"),
    ("effect/recorded-by",
     lambda m: _first(m, {"payments": RECORDED}, payments=[RECORDED[0], {**RECORDED[1], "recorded_by_id": 104}]),
     "in the answer, a payment's recorded_by_id is 104, not 101"),
    ("effect/payments-kept", lambda m: _first(m, {"payments": PAYMENTS}, payments=[*PAYMENTS, PAYMENTS[0]]),
     "in the answer, there are 3 payments, not 2"),
    ("effect/payments-kept", lambda m: _first(m, {"payments": PAYMENTS[:1]}, payments=[{**PAYMENTS[0], "amount": 1}]),
     "in the answer, a payment's amount is 1, not 1000"),
    ("effect/payments-kept",
     lambda m: _first(m, {"payments": PAYMENTS[:1]}, payments=[{**PAYMENTS[0], "payment_method": "card"}]),
     "in the answer, a payment's payment_method is 'card', not 'cash'"),
    ("effect/times-kept", lambda m: _first(m, {}, starts_at="2023-11-07T05:31:57Z"),
     "in the answer, starts_at is '2023-11-07T05:31:57Z' (1 second later), not '2023-11-07T05:31:56Z'"),
    ("effect/client-kept", lambda m: _first(m, {}, client_name="Тест"),
     "in the answer, client_name is 4 characters long, not 13: it is cut after 4"),
    ("effect/client-kept", lambda m: _first(m, {}, client_name="Контракт Тест", client_phone=None),
     "in the answer, client_name is another one; client_phone is null, not a text of 16 characters"),
    ("effect/client-kept", lambda m: _first(m, {}, client_name=5, client_gender=[1]),
     ("in the answer, client_name is a number, not a text of 13 characters; "
     "client_gender is an array of 1 entry, not a text of 6 characters")),
    ("effect/references-kept", lambda m: _first(m, {}, service_id=None, contact_id=1, company_id=True, resource_id=2),
     "in the answer, resource_id is 2, not 123; contact_id is 1, not 123; service_id is null, not 123; and 1 more"),
    ("effect/undocumented-kept",
     lambda m: _first(m, {"custom_attributes": {"number": 1}}, custom_attributes={"number": 2}),
     "in the answer, custom_attributes is another one: 'number' is another one"),
    ("effect/unpaid-expense-gone", lambda m: _first(m, {"expense": UNPAID}, expense=UNPAID),
     "in the answer, the unpaid expense is still there: expense is an object of 3 fields, not null"),
    ("effect/paid-expense-kept", lambda m: _first(m, {"expense": PAID}, expense=None),
     "in the answer, expense is null, not an object of 3 fields"),
    ("effect/paid-expense-kept", lambda m: _first(m, {"expense": PAID}, expense=UNPAID),
     "in the answer, the expense's status is 'unpaid', not 'paid'"),
    ("effect/money-shown", lambda m: _first(m, {}, without=MONEY),
     "in the answer, service_amount is missing, which was shown before the cancel"),
    ("effect/every-status", _refused, "status is 409, not 200, for an appointment whose status was 'completed'"),
    ("effect/neighbour-untouched", lambda m: _beside(m, m.untouched(Role.OTHER_AFTER, status="cancelled")),
     f"{BESIDE}status is 'cancelled', not 'completed'"),
    ("effect/neighbour-untouched", lambda m: _beside(m, (Role.OTHER_AFTER, m.read(404))),
     f"{BESIDE}status is 404 when the appointment is read, not 200"),
    ("effect/slot-free", lambda m: _rebooked(m, 409), "status is 409, not 201, when the slot is booked again"),
    ("effect/listed", lambda m: _listed(m, {"payload": [{"id": 8}]}),
     "the list of cancelled appointments (1 row) does not hold appointment 7"),
    ("effect/listed", lambda m: _listed(m, {"payload": [{"id": 7, "status": "scheduled"}]}),
     "in the list, status is 'scheduled', not 'cancelled'"),
    ("effect/listed", lambda m: _listed(m, {"payload": [{"id": 8, "status": "cancelled"}, {"id": 7}]}),
     "in the list, status is missing, not 'cancelled'"),
    ("effect/listed", lambda m: _listed(m, {"payload": [{"id": 7, "status": "cancelled"}] * 2}),
     "the list of cancelled appointments holds appointment 7 2 times, not once"),
    ("effect/any-order", lambda m: _foretold(m, status="scheduled"),
     "after cancel, read, status is 'scheduled', not 'cancelled'"),
    ("effect/lasting", lambda m: Episode(Kind.LATE, (m.after(status="confirmed"),), "later"),
     "later, status is 'confirmed', not 'cancelled'"),
    ("effect/lasting", lambda m: Episode(Kind.LATE, (m.after(status="confirmed"),)),
     "at the end of the run, status is 'confirmed', not 'cancelled'"),
    ("effect/lasting", lambda m: Episode(Kind.LATE, (m.after(404),)),
     "at the end of the run, status is 404 when the cancelled appointment is read, not 200"),
    ("effect/undocumented-kept", lambda m: _first(m, {"service_name_snapshot": "X"}, service_name_snapshot=None),
     "in the answer, service_name_snapshot is null, not a text of 1 character"),
    ("effect/undocumented-kept",
     lambda m: _first(m, {"expense": {"id": 1, "paid_at": DAY}}, expense={"id": 1, "paid_at": None}),
     "in the answer, the expense's paid_at is null, not a text of 20 characters"),
    ("effect/undocumented-kept", lambda m: _first(m, {"prepaid_payment_method": "card"}, prepaid_payment_method=None),
     "in the answer, prepaid_payment_method is null, not 'card'"),
    ("effect/undocumented-kept",
     lambda m: _first(m, {"settlement_payment_method": "card"}, settlement_payment_method=""),
     "in the answer, settlement_payment_method is an empty text, not a text of 4 characters"),
    ("effect/undocumented-kept",
     lambda m: _first(m, {"payments": [{"id": 1, "created_at": DAY}]}, payments=[{"id": 1, "created_at": OTHER_DAY}]),
     "in the answer, a payment's created_at is '2026-10-31T10:00:00Z' (24 hours later), not '2026-10-30T10:00:00Z'"),
    ("effect/listed-alike", lambda m: _listed(m, {"payload": [m.payload(payment_status="paid", expense=None)]}),
     "in the list, payment_status is 'paid', not 'cancelled' as in the answer"),
    ("effect/calendar", lambda m: _booked(m, _day(m, resource_id=124)),
     "the calendar still shows the slot of the cancelled appointment as taken"),
    ("effect/calendar", lambda m: _booked(m, _day(m, ends_at="2023-11-07T05:31:00Z")),
     "the calendar still shows the slot of the cancelled appointment as taken"),
    ("effect/calendar", lambda m: _booked(m, _day(m, ends_at="2023-11-07T06:00:00Z")),
     ("the calendar still shows the slot of the cancelled appointment as taken: of 2023-11-07T05:31:56Z to "
     "2023-11-07T06:01:56Z it offers only the slot of 2023-11-07T05:00:00Z")),
    ("effect/calendar", lambda m: _booked(m, {"appointments": [{"id": 7, "status": "scheduled"}]}),
     "in the calendar, appointment 7 has status 'scheduled', not 'cancelled'"),
    ("effect/new-booking", lambda m: _booked(m, id=7),
     "the new booking of the slot is the cancelled appointment itself, not another one"),
    ("effect/new-booking", lambda m: _booked(m, payments=m.payload()["payments"]),
     "the new booking of the slot has 2 payments of the cancelled one, not 0"),
    ("effect/settled", lambda m: _later(m, prepaid_amount=0),
     "at the end of the run, prepaid_amount is 0, not 1000 as after the cancel"),
    ("effect/listed-alike",
     lambda m: Episode(Kind.LATE, (m.done(expense=None), (Role.LISTED, m.read(body={"payload": [m.payload()]})))),
     "in the list, expense is an object of 3 fields, not null as in the answer"),
    ("effect/listed-alike",
     lambda m: _listed(m, {"payload": [m.payload(payments=[{"id": 8, "appointment_id": 7}, OF_ANOTHER])]}),
     "in the list, a payment's appointment_id is 6, not 7 as in the answer"),
    *change_marks.BROKEN,
    *tables.EFFECT_BROKEN,
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    ("effect/money-shown", _refused),
    ("effect/every-status", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(201), m.after()))),
    ("effect/slot-free", lambda m: Episode(Kind.SLOT, (m.done(409), (Role.REBOOK, m.cancel(409))))),
    ("effect/lasting", lambda m: Episode(Kind.LATE, (m.before(), m.after(status="completed")))),
    ("effect/settled", lambda m: Episode(Kind.LATE, (m.before(), m.after(prepaid_amount=0)))),
    ("effect/status-cancelled", _refused),
    ("effect/status-cancelled", lambda m: Episode(Kind.REPEAT, _read(m).steps)),
    ("effect/payment-status-cancelled", _refused),
    ("effect/read-back", _refused),
    ("effect/read-back", _refused_with_a_payload),
    ("effect/amounts-kept", _refused),
    ("effect/payments-kept", lambda m: Episode(Kind.FIRST_CANCEL, (m.done(), m.after()))),
    ("effect/recorded-by", lambda m: _first(m, {"payments": PAYMENTS}, payments=PAYMENTS)),
    ("effect/recorded-by", _refused),
    ("effect/times-kept", _refused),
    ("effect/client-kept", _refused),
    ("effect/references-kept", _refused),
    ("effect/undocumented-kept", _refused),
    ("effect/unpaid-expense-gone", lambda m: _first(m, {"expense": PAID}, expense=UNPAID)),
    ("effect/paid-expense-kept", lambda m: _first(m, {"expense": UNPAID}, expense=None)),
    ("effect/every-status", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(trouble=Trouble.LOST)))),
    ("effect/neighbour-untouched", lambda m: _beside(m, (Role.OTHER_AFTER, m.read(trouble=Trouble.LOST)))),
    ("effect/slot-free", _read),
    ("effect/listed", lambda m: _listed(m, {"payload": []}, 409)),
    ("effect/listed", lambda m: _listed(m, {"payload": {}})),
    ("effect/listed", lambda m: _listed(m, [])),
    ("effect/any-order", lambda m: _foretold(m, kind=Kind.LATE, status="scheduled")),
    ("effect/lasting", _read),
    ("effect/listed-alike", lambda m: _listed(m, {"payload": [{"id": 8, "status": "scheduled"}]})),
    ("effect/listed-alike", lambda m: _listed(m, {"payload": {}})),
    ("effect/listed-alike", lambda m: _listed(m, [])),
    ("effect/calendar", lambda m: _booked(m, {})),
    ("effect/calendar", lambda m: _booked(m, [])),
    ("effect/calendar", lambda m: replace(_booked(m, _day(m)), kind=Kind.FIRST_CANCEL)),
    ("effect/new-booking", lambda m: _rebooked(m, 409)),
    ("effect/new-booking", lambda m: replace(_booked(m, id=7), kind=Kind.FIRST_CANCEL)),
    ("effect/settled", lambda m: Episode(Kind.LATE, (m.after(),))),
    ("effect/settled", lambda m: _first(m, {})),
    *change_marks.ASIDE,
    *tables.EFFECT_ASIDE,
]  # fmt: skip


class TestEffect(FamilyWithGaps):
    """The tables above."""

    name = "effect"
    clauses = tuple(one for one in CATALOGUE if one not in effect_races.CLAUSES)
