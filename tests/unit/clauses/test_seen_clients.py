"""Clients whom lists and calendars have shown, and what of them answers to cancels may not tell."""

from typing import Any

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.episode import Episode, Kind
from tests.unit.clauses.conftest import Judge
from tests.unit.clauses.seen_rows import OTHER, THIRD, TOLD, seen


def _told(place: str) -> tuple[str]:
    return (f"the answer shows a client of another appointment at {place}",)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"notice": TOLD}, "/payload/notice"),
        ({"resource": {"now": {"full": "Another Person", "tel": "+77010000081"}}}, "/payload/resource/now/tel"),
        ({"duplicates": [{"client": "Another Person", "number": "0000081"}]}, "/payload/duplicates/number"),
        ({"last": {"phone": "87010000081", "iin": "0000081"}}, "/payload/last/phone"),
        ({"contact_id": 5, "contact": {"visits": [TOLD, "Third Person 87010000082"]}}, "/payload/contact/visits"),
    ],
)  # fmt: skip
def test_two_things_of_another_client_are_told(judge: Judge, told: Any, place: str) -> None:  # noqa: ANN401  fields of an answer
    """A name beside a number, wherever they stand; of a contact, two others."""
    assert judge("answer/nobody-seen", lambda m: seen(m, OTHER, THIRD, told=told)) == _told(place)


def test_a_refusal_tells_of_nobody(judge: Judge) -> None:
    """JSON or not."""
    assert judge("answer/nobody-seen", lambda m: seen(m, OTHER, told=TOLD.encode(), status=409)) == _told("/body")


def test_a_number_in_a_header_is_enough(judge: Judge) -> None:
    """A header with another client's number has no other meaning, unless many have it."""
    headers = (("X-Notify", "%2B77010000081"),)
    walk_in = {**THIRD, "client_phone": OTHER["client_phone"]}

    assert judge("answer/nobody-seen", lambda m: seen(m, OTHER, headers=headers)) == _told("x_notify")
    assert judge("answer/nobody-seen", lambda m: seen(m, OTHER, walk_in, headers=headers)) == (None,)
    assert judge("answer/nobody-seen", lambda m: seen(m, OTHER, headers=(("X-Support", headers[0][1]),))) == (None,)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"notice": "Another Person"},
        {"notice": "8 701 000 00 81", "number": "0000082"},
        {"contact": {"name": "Contract Test", "phone": "+7 000 000 00 00"}},
        {"doctor": {"name": "Another Person", "phone": "+77010000081"}},
        {"created_by": {"name": "Another Person", "phone": "+77010000081"}},
        {"contact_id": 5, "contact": {"relatives": [TOLD]}},
    ],
)
def test_our_client_staff_and_relatives_may_be_told(judge: Judge, told: Any) -> None:  # noqa: ANN401  fields of an answer
    """One thing alone is many people's; who works there may be a client, too; a contact has relatives."""
    assert judge("answer/nobody-seen", lambda m: seen(m, OTHER, THIRD, told=told)) == (None,)


@pytest.mark.parametrize(
    "house",
    [
        {"resources": [{"name": "Another Person", "phone": "87010000081"}]},
        {"staff": ["87010000081", "0000081"]},
    ],
)
def test_what_is_of_the_house_is_nobodys(judge: Judge, house: Any) -> None:  # noqa: ANN401  parts of a calendar
    """A resource that is called like a client, and a number that the calendar shows as the desk's."""
    assert judge("answer/nobody-seen", lambda m: seen(m, OTHER, THIRD, told={"notice": TOLD}, **house)) == (None,)


@pytest.mark.parametrize(
    "row",
    [
        {"id": 7, "client_name": "Another Person", "client_phone": "+7 701 000 00 81"},
        {"id": 9, "client_name": "Contract Test", "client_phone": "+7 000 000 00 00"},
        {"id": 9, "client_name": "Another Person", "external_ref": "cancel-contract-x-1700000000-1"},
        {"id": [], "contact_id": {}, "client_name": None, "client_phone": 5},
        {"id": 9, "client_name": "Guest"},
    ],
)
def test_without_another_client_it_does_not_apply(judge: Judge, row: Any) -> None:  # noqa: ANN401  a row of a list
    """Of our own appointments, another run's, and people without a name or number nothing can be told."""
    found = judge("answer/nobody-seen", lambda m: seen(m, row, told={"notice": TOLD}))

    assert found == (NotApplicable("lists and calendars have shown no other client"),)


def test_other_episodes_say_nothing(judge: Judge) -> None:
    """Only a whole run is judged."""
    assert judge("answer/nobody-seen", lambda m: Episode(Kind.WHOLE, (m.done(),))) == ()
