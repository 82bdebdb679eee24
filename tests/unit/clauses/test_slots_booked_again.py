"""What a new booking of a slot is, beside the cancelled appointment: the parts of each breach, and what is none."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.clauses.slots import is_free_again
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge, Maker
from tests.unit.clauses.raw_findings import parts

Sent = dict[str, Any]
_CLAUSE: Final = "effect/new-booking"
_COMMENT: Final = {"client_comment": "Afraid of needles"}
_SENT: Final = {"client_name": "A", **_COMMENT}
_PRICE: Final = {"client_name": "B", "service_amount": 9137}
_ROWS: Final = [{"id": 21}, {"id": 22}, {"id": "23"}, "x"]
_NEW: Final = {"id": 8, "status": "scheduled", "payment_status": "awaiting_payment", "payments": [],
               "client_comment": None, "prepaid_amount": 0, "settlement_amount": 0, "service_amount": 9137}  # fmt: skip


def _create(m: Any, sent: dict[str, Any], shown: dict[str, Any], code: int = 201) -> Any:  # noqa: ANN401  the fixture's own class
    body = {"payload": m.payload(**shown)} if code == 201 else None
    return replace(m.cancel(code, Intent.CREATE, body=body), request_body=json.dumps(sent).encode())


def _slot(m: Any, first: Any, second: Any, booked: Any, *, cancelled: Any = None) -> Episode:  # noqa: ANN401  likewise
    done = m.done(**{"payments": _ROWS, **first, **(cancelled or {})})
    again = Role.REBOOK, _create(m, second, {**_NEW, **booked})
    return Episode(Kind.SLOT, ((Role.BEFORE, _create(m, first, {})), done, again))


@pytest.mark.parametrize(
    ("booked", "found"),
    [
        ({"id": 7}, Difference("slot", "booking", "the cancelled appointment", "another one")),
        ({"payments": _ROWS}, Difference("slot", "booking", "2 payments of the cancelled one", "0")),
        (_COMMENT, Difference("slot", "booking/client_comment", "that of the cancelled one", "its own")),
        ({"status": "cancelled"}, Difference("slot", "booking/status", "'cancelled'", "an active one")),
        ({"payment_status": "prepaid"},
         Difference("slot", "booking/payment_status", "'prepaid'", "that of an unpaid one")),
    ],
)  # fmt: skip
def test_a_breach_says_what_is_wrong_with_a_booking(maker: Maker, booked: dict[str, Any], found: Difference) -> None:
    """Breaches of one cause have the same parts, whichever appointment shows them."""
    assert parts(maker, _CLAUSE, lambda m: _slot(m, _SENT, _PRICE, booked)) == [(found,)]


@pytest.mark.parametrize("status", [200, 202, 204, 303])
def test_that_a_create_answers_otherwise_than_its_page_says_is_no_breach(maker: Maker, status: int) -> None:
    """The slot was free all the same."""
    booking = maker.cancel(status, Intent.CREATE, body=None)

    assert is_free_again(Episode(Kind.SLOT, ((Role.REBOOK, booking),)), booking)


@pytest.mark.parametrize(
    ("first", "second", "booked", "cancelled"),
    [
        # Both were sent the same.
        (_SENT, {**_PRICE, **_COMMENT}, _COMMENT, {}),
        # The first was sent nothing, and the second has nothing.
        ({"client_name": "A"}, {**_PRICE, "client_comment": "Mine"}, {}, {"client_comment": None}),
        # The cancelled one has something else than it was sent.
        (_SENT, _PRICE, _COMMENT, {"client_comment": "Afraid"}),
        # Another price than the one that was asked for.
        (_SENT, _PRICE, {"service_amount": 0, "payment_status": "paid"}, {}),
        # What was asked for as paid, or is shown to be.
        (_SENT, {**_PRICE, "prepaid_amount": 9137}, {"payment_status": "paid"}, {}),
        (_SENT, _PRICE, {"settlement_amount": 9137, "payment_status": "paid"}, {}),
        (_SENT, {**_PRICE, "payment_status": "paid"}, {"payment_status": "paid"}, {}),
    ],
)
def test_what_a_booking_has_of_its_own_is_no_breach(
    judge: Judge, first: Sent, second: Sent, booked: Sent, cancelled: Sent
) -> None:
    """What was sent, or is not what the cancelled one was sent, is the new client's."""
    assert judge(_CLAUSE, lambda m: _slot(m, first, second, booked, cancelled=cancelled)) == (None,)


def test_a_slot_that_somebody_else_has_by_then_shows_so(judge: Judge) -> None:
    """Where another appointment has the slot, none of ours is made in it."""
    when = {"resource_id": 123, "starts_at": "2026-11-05T05:00:00Z", "ends_at": "2026-11-05T06:00:00Z"}

    def taken(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        row = m.payload(id=9, status="scheduled", **when)
        steps = (
            (Role.REBOOK, _create(m, when, {}, 409)),
            (Role.HOLDERS, m.cancel(200, Intent.LIST, body={"payload": [row]})),
        )
        return Episode(Kind.SLOT, (m.done(), *steps))

    told = "status is 409 when the slot is booked again, since somebody else has it by then"
    assert judge(_CLAUSE, taken) == (NotApplicable(told),)


@pytest.mark.parametrize("code", [409, 422])
def test_whom_a_refusal_shows_is_no_new_booking(judge: Judge, code: int) -> None:
    """A booking that is refused may show who has the slot, even the cancelled appointment itself."""

    def build(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        refusal = m.cancel(code, Intent.CREATE, body={"error": "Taken", "payload": m.payload(id=7)})
        return Episode(Kind.SLOT, (m.done(), (Role.REBOOK, refusal)))

    assert judge(_CLAUSE, build) == ()
