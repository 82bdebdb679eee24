"""Whom lists and calendars show, by which of their rows, and how a breach names the answer that tells of them."""

from typing import Any, Final

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses.conftest import Judge, Maker
from tests.unit.clauses.raw_findings import only_breach
from tests.unit.clauses.seen_rows import OTHER, THIRD, TOLD

_CLAUSE: Final = "answer/nobody-seen"
_NOBODY: Final = NotApplicable("lists and calendars have shown no other client")
_PHONE: Final = "87010000081"


def _list(m: Any, *rows: Any, body: Any = None, **parts: Any) -> Any:  # noqa: ANN401  the fixture's own class
    return Role.LISTED, m.cancel(200, Intent.LIST, body={"payload": [*rows]} if body is None else body, **parts)


def _day(m: Any, *rows: Any) -> Any:  # noqa: ANN401  likewise
    return Role.CALENDAR, m.cancel(200, Intent.CALENDAR, body={"payload": {"appointments": [*rows]}})


def _run(m: Any, *steps: Any, ours: Any = None, **told: Any) -> Episode:  # noqa: ANN401  likewise
    """All answers of a run: what is known of our client, some steps, and an answer that tells something."""
    known = {"client_name": "Contract Test", "client_phone": "+7 000 000 00 00", "contact_id": None, **(ours or {})}
    return Episode(Kind.SEEN, ((Role.BEFORE, m.read(**known)), *steps, m.done(**{"contact_id": None, **told})))


def _shown_at(place: str) -> tuple[str]:
    return (f"the answer shows a client of another appointment at {place}",)


@pytest.mark.parametrize("view", [_list, _day])
def test_a_list_or_a_calendar_is_enough(judge: Judge, view: Any) -> None:  # noqa: ANN401  a function of steps
    """Each of them alone shows another client."""
    assert judge(_CLAUSE, lambda m: _run(m, view(m, OTHER), notice=TOLD)) == _shown_at("/payload/notice")


@pytest.mark.parametrize(
    "make",
    [
        lambda m: _list(m, trouble=Trouble.LOST),
        lambda m: _list(m, body=[OTHER]),
        lambda m: _list(m, body={"payload": {}}),
        lambda m: _list(m, body={"payload": 5}),
    ],
    ids=["unanswered", "no envelope", "empty", "a number"],
)
def test_a_list_that_cannot_be_read_shows_nobody(judge: Judge, make: Any) -> None:  # noqa: ANN401  a function of steps
    """Only rows of an envelope are clients."""
    assert judge(_CLAUSE, lambda m: _run(m, make(m), notice=TOLD)) == (_NOBODY,)


@pytest.mark.parametrize(
    ("ours", "row"),
    [
        ({"contact_id": 5}, {**OTHER, "contact_id": 5}),
        ({"client_identifier": "900101300123"}, {"id": 9, "client_name": "Guest", "client_identifier": "none"}),
    ],
)
def test_our_contact_and_a_guest_are_nobody_else(judge: Judge, ours: Any, row: Any) -> None:  # noqa: ANN401  fields
    """Whoever has our client's contact is our client, and a label is no name."""
    assert judge(_CLAUSE, lambda m: _run(m, _list(m, row), ours=ours, notice=TOLD)) == (_NOBODY,)


def test_who_works_there_is_known_from_a_row(judge: Judge) -> None:
    """A doctor of an appointment may be a client of another one."""
    row = {**THIRD, "doctor": {"name": "Another Person", "phone": _PHONE}}

    assert judge(_CLAUSE, lambda m: _run(m, _list(m, OTHER, row), notice=TOLD)) == (None,)


def test_a_short_identifier_is_no_second_thing(judge: Judge) -> None:
    """Its digits stand in many numbers."""
    row = {"id": 81, "client_phone": "+7 701 000 00 81", "client_identifier": "81"}

    assert judge(_CLAUSE, lambda m: _run(m, _list(m, row), notice=_PHONE)) == (None,)


def test_two_numbers_are_two_things_in_either_order(judge: Judge) -> None:
    """The place is that of the first of them."""
    told = {"last": {"iin": "0000081", "phone": _PHONE}}

    assert judge(_CLAUSE, lambda m: _run(m, _list(m, OTHER), **told)) == _shown_at("/payload/last/iin")


@pytest.mark.parametrize(
    ("number", "place"), [("+7 701 000 00 81", None), ("%2B77010000081", None), ("+7 701 000 00 99", "/payload/notice")]
)
def test_a_number_that_nobody_in_particular_gets_is_the_houses(judge: Judge, number: str, place: str | None) -> None:
    """A refusal without a good token shows the desk's number in its head."""

    def made(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        row = {name: value for name, value in OTHER.items() if name != "client_identifier"}
        return _run(m, _list(m, row), m.done(401, headers=(("X-Call", number),)), notice=TOLD)

    assert judge(_CLAUSE, made) == (_shown_at(place) if place else (None,))


def test_an_unknown_number_in_a_header_is_nobodys(judge: Judge) -> None:
    """Only numbers of clients whom a list has shown are looked for."""
    headers = (("X-Notify", "+7 701 000 00 99"),)

    assert judge(_CLAUSE, lambda m: _run(m, _list(m, OTHER), headers=headers)) == (None,)


def test_a_text_in_another_encoding_is_read_all_the_same(judge: Judge) -> None:
    """Bytes that are no UTF-8 hide nothing of the rest."""

    def made(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        return _run(m, _list(m, OTHER), m.done(409, body=b"\xff another person " + _PHONE.encode()))

    assert judge(_CLAUSE, made) == _shown_at("/body")


def test_a_breach_says_which_answer_tells_of_whom(maker: Maker) -> None:
    """Its parts name no client, and the answer is shown by it."""
    found = only_breach(_CLAUSE, _run(maker, _list(maker, OTHER), notice=TOLD))

    assert found.differences == (Difference("leak", "/payload/notice", "another client's", "its own alone"),)
    assert [str(one) for one in found.differences] == [found.message]
    assert found.shown_by is not None
    assert found.shown_by.payload is not None
    assert found.shown_by.payload["notice"] == TOLD
