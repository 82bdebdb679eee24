"""What whoever books the slot of a cancelled appointment may have of it: nothing that only its own create sent."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge

_FIRST: Final = {
    "client_name": "Тест Контракт",
    "client_comment": "Afraid of needles",
    "client_birth_date": "1956-02-29",
    "client_gender": "female",
    "custom_attributes": {"number": 7},
    "service_amount": 17_777_779,
    "prepaid_amount": 2519,
}
_SECOND: Final = {"client_name": "Contract Test", "service_amount": 9137, "status": "scheduled"}
_OWN: Final = {
    "id": 8, "status": "scheduled", "payment_status": "awaiting_payment", "payments": [], "expense": None,
    "client_phone": None, "client_identifier": None, "client_birth_date": None, "client_gender": None,
    "client_comment": None, "custom_attributes": {}, "prepaid_amount": 0, "settlement_amount": 0, **_SECOND,
}  # fmt: skip


def _slot(m: Any, first: Any, second: Any, booked: Any, **cancelled: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    def create(body: object, shown: dict[str, Any]) -> Any:  # noqa: ANN401  likewise
        made = m.cancel(201, Intent.CREATE, body={"payload": m.payload(**shown)})
        return replace(made, request_body=body if isinstance(body, bytes) else json.dumps(body).encode())

    known = {**(first if isinstance(first, dict) else {}), **cancelled}
    steps = ((Role.BEFORE, create(first, {})), m.done(**known), (Role.REBOOK, create(second, booked)))
    return Episode(Kind.SLOT, steps)


@pytest.mark.parametrize(
    ("booked", "told"),
    [
        ({"client_comment": "Afraid of needles"}, "client_comment is that of the cancelled one, not empty"),
        ({"custom_attributes": {"number": 7}}, "custom_attributes is that of the cancelled one, not empty"),
        ({"client_birth_date": "1956-02-29"}, "client_birth_date is that of the cancelled one, not empty"),
        ({"service_amount": 17_777_779}, "service_amount is that of the cancelled one, not what was sent"),
        ({"prepaid_amount": 2519}, "prepaid_amount is that of the cancelled one, not empty"),
        ({"status": "cancelled"}, "status is 'cancelled', not 'scheduled' as was asked for"),
        ({"payment_status": "paid"}, "payment_status is 'paid', though nothing was paid"),
    ],
)  # fmt: skip
def test_what_is_passed_on_is_told(judge: Judge, booked: dict[str, object], told: str) -> None:
    """What only the cancelled appointment was sent is nothing of the next client's."""
    found = judge("effect/new-booking", lambda m: _slot(m, _FIRST, _SECOND, {**_OWN, **booked}))

    assert found == (f"in the new booking of the slot, {told}",)


@pytest.mark.parametrize(
    ("first", "second", "booked"),
    [
        (_FIRST, _SECOND, {}),
        # A comment and attributes by default.
        ({"client_name": "A"}, _SECOND, {"client_comment": "Afraid of needles", "custom_attributes": {"number": 7}}),
        # The price of a resource, of which nobody has sent any.
        (_FIRST, {"client_name": "B"}, {"service_amount": 17_777_779}),
        # A client whom the server knows.
        ({**_FIRST, "client_phone": "+7 1"}, {**_SECOND, "client_phone": "71"}, {"client_birth_date": "1956-02-29"}),
        ({**_FIRST, "contact_id": 5}, {**_SECOND, "contact_id": 5}, {"client_gender": "female"}),
        (_FIRST, {**_SECOND, "client_name": _FIRST["client_name"]}, {"client_gender": "female"}),
        # Something is paid for, or costs nothing.
        (_FIRST, {**_SECOND, "prepaid_amount": 9137}, {"prepaid_amount": 9137, "payment_status": "paid"}),
        (_FIRST, {"client_name": "B"}, {"service_amount": 0, "payment_status": "paid"}),
        (b"no JSON", b"[]", {"client_comment": "Afraid of needles"}),
    ],
)
def test_what_is_not_passed_on_is_no_breach(judge: Judge, first: Any, second: Any, booked: dict[str, object]) -> None:  # noqa: ANN401  bodies of creates
    """What a server fills in by itself, or knows of one client, is not the cancelled appointment's."""
    whole = {"client_comment": "Afraid of needles", "custom_attributes": {"number": 7}, "service_amount": 17_777_779}
    found = judge("effect/new-booking", lambda m: _slot(m, first, second, {**_OWN, **booked}, **whole))

    assert found == (None,)


def test_a_read_before_tells_nothing_of_what_was_sent(judge: Judge) -> None:
    """What a server had before is not what a create sent."""

    def made(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        episode = _slot(m, _FIRST, _SECOND, {**_OWN, "client_gender": "female"})
        return replace(episode, steps=(m.before(), *episode.steps[1:]))

    assert judge("effect/new-booking", made) == (None,)


def test_a_booking_that_shows_nothing_tells_nothing(judge: Judge) -> None:
    """Some answer a create with its place alone, others in an envelope of their own; what is cut short is neither."""

    def booked(body: bytes) -> Any:  # noqa: ANN401  the fixture's own class
        return lambda m: Episode(Kind.SLOT, (m.done(), (Role.REBOOK, m.cancel(201, Intent.CREATE, body=body))))

    nothing = NotApplicable("the answer to a create shows nothing of what it has made")
    assert judge("effect/new-booking", booked(b"")) == (nothing,)
    assert judge("effect/new-booking", booked(b'{"id": 8}')) == (nothing,)
    assert judge("effect/new-booking", booked(b"null")) == (nothing,)
    assert judge("effect/new-booking", booked(b'{"payload": {"id": 7')) == ()


def _later(m: Any, first: Any, second: Any, booked: Any, *, is_after: bool = True) -> Episode:  # noqa: ANN401  the fixture's own class
    def create(number: int, body: object, **shown: Any) -> Any:  # noqa: ANN401  likewise
        made = m.cancel(201, Intent.CREATE, body={"payload": m.payload(**shown)})
        return replace(made, number=number, request_body=json.dumps(body).encode())

    cancel = replace(m.cancel(), number=2 if is_after else 4)
    made = (create(1, first, id=7), create(3, second, **{**_OWN, **booked}))
    return Episode(Kind.MADE, (*((Role.BEFORE, one) for one in made), (Role.CANCEL, cancel)))


_WITH_NUMBER: Final = {**_SECOND, "client_phone": "+7 000 111 22 33"}
_NAMED: Final = {"client_name": _FIRST["client_name"]}
_OWN_PRICE: Final = {"service_amount": 17_777_779}
_THEIRS: Final = "is that of the cancelled one, not"


@pytest.mark.parametrize(
    ("first", "second", "booked", "told"),
    [
        (_FIRST, _SECOND, _NAMED, f"client_name {_THEIRS} what was sent"),
        ({**_FIRST, "contact_id": 51}, _SECOND, {"contact_id": 51}, f"contact_id {_THEIRS} empty"),
        (_FIRST, _WITH_NUMBER, {"client_comment": "Afraid of needles"}, f"client_comment {_THEIRS} empty"),
        (_FIRST, _SECOND, _OWN_PRICE, f"service_amount {_THEIRS} what was sent"),
    ],
)  # fmt: skip
def test_what_any_later_booking_has_of_a_cancelled_one_is_told(
    judge: Judge, first: dict[str, object], second: dict[str, object], booked: dict[str, object], told: str
) -> None:
    """In whatever slot it is, it is for the client that was sent."""

    def found(*, is_after: bool = True) -> Any:  # noqa: ANN401  findings
        return judge("effect/new-booking", lambda m: _later(m, first, second, booked, is_after=is_after))

    assert found() == (f"in a booking after the cancel of appointment 7, {told}",)
    assert found(is_after=False) == ()


@pytest.mark.parametrize(
    ("first", "second", "booked"),
    [
        (_FIRST, _SECOND, {}),
        # By its number a client is known, with contact and birth date.
        ({**_FIRST, "contact_id": 51}, _WITH_NUMBER, {"contact_id": 51, "client_birth_date": "1956-02-29"}),
        # Both are one client, by whatever a server goes.
        ({**_FIRST, "client_identifier": "7"}, {**_SECOND, "client_identifier": "7"}, _NAMED),
        ({**_FIRST, "client_phone": "71"}, {**_SECOND, "client_phone": "71"}, _NAMED),
        # A name that is cut, and a gender that is guessed.
        ({**_FIRST, "client_name": "Contract"}, _SECOND, {"client_name": "Contract"}),
        (_FIRST, _SECOND, {"client_gender": "female"}),
    ],
)  # fmt: skip
def test_what_a_server_may_know_of_a_later_client_is_no_breach(
    judge: Judge, first: dict[str, object], second: dict[str, object], booked: dict[str, object]
) -> None:
    """A desk has a file of its clients."""
    assert judge("effect/new-booking", lambda m: _later(m, first, second, booked)) == (None,)


def test_what_a_file_of_the_client_holds_is_no_breach(judge: Judge) -> None:
    """A booking of the same number, before it, was sent the name that a cancelled one was, too."""

    def made(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        episode = _later(m, _FIRST, _WITH_NUMBER, _NAMED)
        role, first = episode.steps[0]
        of_client = {**_WITH_NUMBER, **_NAMED}
        body = {"payload": m.payload(id=6)}
        known = replace(m.cancel(201, Intent.CREATE, body=body), number=2, request_body=json.dumps(of_client).encode())
        return replace(episode, steps=((role, first), (role, known), *episode.steps[1:]))

    assert judge("effect/new-booking", made) == (None,)
