"""When appointments overlap, and whether a calendar offers the time of a cancelled one again."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.clauses.calendars import is_offered
from cancel_contract.clauses.effect_elsewhere import listed_rows, overlap
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge, Maker
from tests.unit.clauses.raw_findings import parts

_CLAUSE: Final = "effect/calendar"
_TAKEN: Final = "the calendar still shows the slot of the cancelled appointment as taken"
_WHEN: Final = {"starts_at": "2023-11-07T05:00:00Z", "ends_at": "2023-11-07T06:00:00Z", "resource_id": 123}


def _at(begin: str | None, end: str | None, resource: int = 123, **more: Any) -> dict[str, Any]:  # noqa: ANN401  fields of a row
    times = {"starts_at": begin and f"2023-11-07T{begin}:00Z", "ends_at": end and f"2023-11-07T{end}:00Z"}
    return {**times, "resource_id": resource, **more}


def _day(m: Any, slots: Any, rows: Any = (), **cancelled: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    """The calendar of a day after the cancel of what lay from 5:00 to 6:00."""
    shown = {"payload": {"slots": slots, "appointments": [*rows]}}
    calendar = Role.CALENDAR, m.cancel(200, Intent.CALENDAR, body=shown)
    return Episode(Kind.SLOT, (m.done(**{**_WHEN, **cancelled}), calendar))


@pytest.mark.parametrize(
    ("one", "other", "does"),
    [
        (_at("05:00", "06:00"), _at("05:30", "06:30"), True),
        (_at("05:00", "06:00"), _at("05:15", "05:30"), True),
        (_at("05:00", "06:00"), _at("05:30", "06:30", 124), False),
        (_at("05:00", "06:00"), _at("06:00", "07:00"), False),
        (_at("06:00", "07:00"), _at("05:00", "06:00"), False),
        (_at("07:00", "08:00"), _at("05:00", "06:00"), False),
        (_at(None, "06:00"), _at("05:30", "06:30"), False),
        (_at("05:00", None), _at("05:30", "06:30"), False),
        (_at("05:00", "06:00"), _at(None, "06:30"), False),
        (_at("05:00", "06:00"), _at("05:30", None), False),
    ],
)
def test_two_of_one_resource_overlap_where_they_share_time(one: Any, other: Any, *, does: bool) -> None:  # noqa: ANN401  rows
    """One that begins when another ends does not overlap it; of one without a time nothing is known."""
    assert overlap(one, other) is does


@pytest.mark.parametrize(
    ("slots", "rows", "cancelled"),
    [
        # Slots that follow each other, in any order, or end with it.
        ([_at("05:30", "06:30"), _at("04:30", "05:30")], [], {}),
        ([_at("05:00", "06:00")], [], {}),
        # Another client has it by now.
        ([], [_at("05:30", "06:30", id=8, status="scheduled")], {}),
        # Another has the other half of a slot of which this one had a part.
        (
            [],
            [_at("05:45", "06:15", id=8, status="scheduled")],
            {"starts_at": "2023-11-07T05:15:00Z", "ends_at": "2023-11-07T05:45:00Z"},
        ),
        # Where ends are not told, the start is enough.
        ([_at("05:00", None)], [], {}),
        ([_at("04:00", "05:30")], [], {"ends_at": None}),
    ],
)
def test_a_slot_is_offered_where_all_of_its_time_is(judge: Judge, slots: Any, rows: Any, cancelled: Any) -> None:  # noqa: ANN401  parts of a calendar
    """All of its time is free, or somebody else's."""
    assert judge(_CLAUSE, lambda m: _day(m, slots, rows, **cancelled)) == (None,)


@pytest.mark.parametrize(
    ("slots", "rows", "cancelled"),
    [
        # A gap, another resource, a later start.
        ([_at("05:00", "05:20"), _at("05:40", "06:30")], [], {}),
        ([_at("05:00", "06:00", 124)], [], {}),
        ([_at("05:30", None)], [], {}),
        # What ends before it, or when it begins.
        ([_at("03:00", "04:00")], [], {"ends_at": None}),
        ([_at("04:00", "05:00")], [], {"ends_at": None}),
        # Another cancelled one, and one at another time.
        ([], [_at("05:00", "06:00", id=8, status="cancelled")], {}),
        ([], [_at("07:00", "08:00", id=8, status="scheduled")], {}),
    ],
)
def test_a_slot_is_taken_where_some_of_its_time_is(judge: Judge, slots: Any, rows: Any, cancelled: Any) -> None:  # noqa: ANN401  parts of a calendar
    """Not all of its time can be booked, and nobody else has it."""
    (told,) = judge(_CLAUSE, lambda m: _day(m, slots, rows, **cancelled))

    assert str(told).startswith(_TAKEN)


def test_the_part_that_is_offered_is_told(judge: Judge) -> None:
    """Slots that lie elsewhere, or are another resource's, are none of its parts."""
    slots = [_at("05:00", "05:30"), _at("05:30", "06:00", 124), _at("06:00", "06:30")]

    assert judge(_CLAUSE, lambda m: _day(m, slots)) == (
        f"{_TAKEN}: of 2023-11-07T05:00:00Z to 2023-11-07T06:00:00Z it offers only the slot of 2023-11-07T05:00:00Z",
    )


def test_the_cancelled_one_is_nobody_else_in_its_slot(maker: Maker) -> None:
    """A calendar that shows it as active shows its slot as taken, too."""
    row = _at("05:00", "06:00", id=7, status="scheduled")

    assert parts(maker, _CLAUSE, lambda m: _day(m, [], [row])) == [
        (Difference("slot", "calendar", "no free slot", "one"),),
        (Difference("list", "calendar/status", "another word", "'cancelled'"),),
    ]


def test_a_slot_without_a_start_is_not_offered() -> None:
    """Nobody knows which slot it was."""
    assert not is_offered({"slots": []}, {})


def test_a_refused_list_shows_no_rows(maker: Maker) -> None:
    """What a refusal holds is no list."""
    body = {"payload": [{"id": 7}, "x"]}

    assert listed_rows(maker.cancel(404, Intent.LIST, body=body)) is None
    assert listed_rows(maker.cancel(200, Intent.LIST, body=body)) == [{"id": 7}]


_MARK: Final = "cancel-contract-0000000a-1790000000-1"
_FREED: Final = {"id": 7, "client_name": "A", "external_ref": _MARK, "idempotency_key": _MARK, **_WHEN}
_COPY: Final = {"id": 8, "status": "scheduled", "client_name": "A", **_WHEN}
_HELD: Final = "appointment 8, which nobody asked for, has it for the same client"


def _taken(m: Any, row: dict[str, Any], *more: Any, is_booked: bool = True) -> Episode:  # noqa: ANN401  the fixture's own class
    booking = replace(m.cancel(409, Intent.CREATE), request_body=json.dumps(_WHEN).encode())
    listed = m.cancel(200, Intent.LIST, body={"payload": [row]})
    steps = (m.done(**_FREED), *more, *([(Role.REBOOK, booking)] if is_booked else []), (Role.HOLDERS, listed))
    return Episode(Kind.SLOT, steps)


@pytest.mark.parametrize(
    ("row", "is_free"),
    [
        (_COPY, False),
        ({**_COPY, "external_ref": _MARK}, False),
        ({**_COPY, "client_name": "B"}, True),
        ({**_COPY, "external_ref": _MARK.replace("0000000a", "0000000b")}, True),
        ({**_COPY, "ends_at": "2023-11-07T05:30:00Z"}, True),
    ],
)
def test_what_nobody_asked_for_holds_a_slot_for_no_other_client(
    judge: Judge, row: dict[str, Any], *, is_free: bool
) -> None:
    """A visit of the same client at the same time was booked by the target itself; others have come since."""
    told = (f"status is 409, not 201, when the slot is booked again: {_HELD}",)

    assert judge("effect/slot-free", lambda m: _taken(m, row)) == ((None,) if is_free else told)


def test_a_slot_that_the_target_itself_has_booked_is_told_without_a_booking(judge: Judge) -> None:
    """A list shows it at the end; of what was revived in the meantime it tells nothing."""
    told = (f"the slot is not free again: {_HELD}",)

    assert judge("effect/slot-free", lambda m: _taken(m, _COPY, is_booked=False)) == told
    assert judge("effect/slot-free", lambda m: _taken(m, {**_COPY, "status": "cancelled"}, is_booked=False)) == ()
    assert judge("effect/slot-free", lambda m: _taken(m, _COPY, (Role.REVIVED, m.read()), is_booked=False)) == ()
