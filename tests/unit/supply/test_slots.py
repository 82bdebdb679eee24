"""Where appointments are booked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from cancel_contract.errors import NoRoom, Unprepared
from cancel_contract.supply.slots import Place, Slots, under_way
from tests.unit.supply.conftest import TODAY, ZONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.case import Case
    from cancel_contract.exchange.exchange import Exchange


def slot(start: str, end: str | None = None, resource: int = 9) -> dict[str, Any]:
    """Make a slot as the calendar names it."""
    return {"resource_id": resource, "starts_at": start, "ends_at": end}


def test_the_calendar_is_asked_first(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """Free slots come from the calendar, each once, and no more of it is read than is needed."""
    slots, sent = make_slots({"slots": [
        slot("2026-11-26T05:00:00Z", "2026-11-26T05:30:00Z"), slot("2026-11-26T07:00:00Z", "2026-11-26T07:30:00Z"),
    ]})  # fmt: skip

    assert [slots.take(30).isoformat() for _ in range(2)] == ["2026-11-26T05:00:00+00:00", "2026-11-26T07:00:00+00:00"]
    assert [(case.path, case.query) for case in sent] == [
        (
            "/api/v1/accounts/1/scheduling/calendar",
            (
                "from=2026-11-26T00%3A00%3A00%2B05%3A00&to=2026-12-02T00%3A00%3A00%2B05%3A00"
                "&view=day&include_slots=true&resource_ids=9"
            ),
        )
    ]


def test_long_appointments_need_room(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """An hour goes where two slots follow on one another; what is left serves others."""
    slots, _ = make_slots({"slots": [
        slot("2026-11-26T05:00:00Z", "2026-11-26T05:30:00Z"),
        slot("2026-11-26T09:30:00Z", "2026-11-26T10:00:00Z"),
        slot("2026-11-26T09:00:00Z", "2026-11-26T09:30:00Z"),
        slot("2026-11-26T10:00:00Z", "2026-11-26T10:30:00Z"),
    ]})  # fmt: skip

    assert [slots.take(minutes).strftime("%H:%M") for minutes in (60, 30, 30)] == ["09:00", "05:00", "10:00"]


def _days(case: Case) -> tuple[datetime, datetime]:
    """Return the first moment that a look at the calendar asks for, and the one after the last."""
    asked = parse_qs(case.query)
    return datetime.fromisoformat(asked["from"][0]), datetime.fromisoformat(asked["to"][0])


def test_a_calendar_may_serve_only_a_week_at_once(exchanged: Callable[..., Exchange]) -> None:
    """Refused so many days, fewer are asked for, and none is left out."""
    sent: list[str] = []

    def send(case: Case) -> Exchange:
        first, end = _days(case)
        sent.append(f"{first:%m-%d} to {end:%m-%d}")
        free = [slot("2026-12-10T05:00:00Z")] if first.date() <= date(2026, 12, 10) < end.date() else []
        return exchanged(200, {"payload": {"slots": free}}) if (end - first).days <= 7 else exchanged(422)

    slots = Slots(send, Place(1, 9, ZONE), TODAY, 0)

    assert slots.take(30).isoformat() == "2026-12-10T05:00:00+00:00"
    assert sent == ["11-26 to 12-02", "12-02 to 12-08", "12-08 to 01-01", "12-08 to 12-14"]


def test_a_calendar_may_show_one_day_at_a_time(exchanged: Callable[..., Exchange]) -> None:
    """However many days are asked for, it shows the first: then each is asked for alone, and none is left out."""
    sent: list[str] = []

    def send(case: Case) -> Exchange:
        first, end = _days(case)
        sent.append(f"{first:%m-%d} to {end:%m-%d}")
        return exchanged(200, {"payload": {"slots": [slot(f"{first:%Y-%m-%d}T05:00:00Z")]}})

    slots = Slots(send, Place(1, 9, ZONE), TODAY, 0)

    assert [f"{slots.take(30):%m-%d}" for _ in range(4)] == ["11-26", "11-27", "11-28", "11-29"]
    assert sent == ["11-26 to 12-02", "11-27 to 11-28", "11-28 to 11-29", "11-29 to 11-30"]


def test_a_resource_that_works_on_one_day_is_looked_for_on_many(
    make_slots: Callable[..., tuple[Slots, list[Case]]],
) -> None:
    """The day after one that is shown alone is closed: from then on many are asked for at once."""
    slots, sent = make_slots(
        {"slots": [slot("2026-11-26T05:00:00Z")]}, {"slots": []}, {"slots": [slot("2026-12-03T05:00:00Z")]}
    )

    assert [f"{slots.take(30):%m-%d}" for _ in range(2)] == ["11-26", "12-03"]
    assert [parse_qs(case.query)["to"][0][5:10] for case in sent] == ["12-02", "11-28", "12-22"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [("21:37", "2026-11-24T00:00"), ("20:37", "2026-11-23T22:30"), ("23:59", "2026-11-24T01:30")],
)
def test_what_begins_soon_ends_the_same_day(
    make_slots: Callable[..., tuple[Slots, list[Case]]], now: str, expected: str
) -> None:
    """Where slots go on over midnight, a visit does not: working hours are a day's."""
    first = datetime(2026, 11, 23, 20, tzinfo=ZONE)
    starts = [first + timedelta(minutes=30 * number) for number in range(30)]
    slots, _ = make_slots({"slots": [
        slot(start.isoformat(), (start + timedelta(minutes=30)).isoformat()) for start in starts
    ]})  # fmt: skip

    begun = slots.soon(datetime.fromisoformat(f"2026-11-23T{now}+05:00"), 90)

    assert begun is not None
    assert f"{begun:%Y-%m-%dT%H:%M}" == expected


def test_odd_slots_are_passed_over(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """What is no slot of the resource is passed over; a time without a zone is the resource's own."""
    slots, _ = make_slots({"slots": [
        7, slot("soon"), slot("2026-11-26T05:00:00Z", resource=8), {"resource_id": 9}, slot("2026-11-26T12:00:00"),
    ]})  # fmt: skip

    assert slots.take(30) == datetime(2026, 11, 26, 12, tzinfo=ZONE)


def test_no_two_of_them_overlap(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """Slots of any length that are given out never overlap."""
    slots, _ = make_slots({})
    taken = [(slots.take(minutes), minutes) for minutes in (30, 60) * 40]
    spans = sorted((start, start + timedelta(minutes=minutes)) for start, minutes in taken)

    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_runs_begin_on_different_days(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """Two runs look for slots on different days, so that they do not take them from one another."""
    days = {make_slots({}, offset=offset)[0].take(30).date() for offset in range(10)}

    assert len(days) == 10
    assert min(days) == TODAY + timedelta(days=3)


def test_a_full_calendar_ends_the_search(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """Months without a free slot end with a reason and a remedy."""
    slots, sent = make_slots()

    with pytest.raises(Unprepared) as caught:
        slots.take(30)

    assert str(caught.value) == (
        "resource 9 has no free slot of 30 minutes from 2026-11-24 until 2027-03-23, or is not there: "
        "set ONELINK_RESOURCE_ID to one with free working hours"
    )
    assert len(sent) == 8


def test_what_is_too_short_for_one_is_kept_for_others(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """A search through all days for an hour leaves the half hours of those that are not looked at anew."""
    slots, _ = make_slots({"slots": [slot(f"2026-11-{day}T05:00:00Z") for day in (26, 27, 28)]})
    slots.took(slots.take(30))

    with pytest.raises(NoRoom):
        slots.take(60)

    assert [f"{slots.take(30):%m-%d}" for _ in range(2)] == ["11-27", "11-28"]


def test_the_day_of_a_slot_is_asked_for_again(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """The day is that of the resource's zone; where there is no start, or no calendar, nothing is asked."""
    slots, sent = make_slots({"slots": []})

    assert slots.near({"starts_at": "2026-11-26T20:00:00Z"}) is not None
    assert slots.near({"starts_at": 7}) is None
    assert [case.query.split("&")[:2] for case in sent] == [
        ["from=2026-11-27T00%3A00%3A00%2B05%3A00", "to=2026-11-28T00%3A00%3A00%2B05%3A00"]
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "found"),
    [
        ("2026-11-23T06:00:00Z", "2026-11-23T10:00:00Z", "2026-11-23T08:00:00Z"),
        ("2026-11-24T03:30:00Z", "2026-11-24T05:30:00Z", "2026-11-24T04:00:00Z"),
        ("2026-11-24T05:30:00Z", "2026-11-24T09:00:00Z", None),
        ("2026-11-23T06:00:00Z", "2026-11-23T07:30:00Z", None),
        ("2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z", None),
    ],
    ids=["an hour ahead", "just within", "too late", "too near", "too short"],
)
def test_a_visit_may_begin_soon(
    begins: str, ends: str, found: str | None, make_slots: Callable[..., tuple[Slots, list[Case]]]
) -> None:
    """It begins within 24 hours, and not at once; where there is no such room, none is found."""
    half = timedelta(minutes=30)
    starts = [datetime.fromisoformat(begins)]
    while starts[-1] + half < datetime.fromisoformat(ends):
        starts.append(starts[-1] + half)
    slots, sent = make_slots({"slots": [slot(one.isoformat(), (one + half).isoformat()) for one in starts]})

    soon = slots.soon(datetime(2026, 11, 23, 11, 30, tzinfo=ZONE), 90)

    assert soon == (datetime.fromisoformat(found) if found else None)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("now", "begun"), [("10:14", "09:30"), ("10:15", "10:00"), ("10:44", "10:00"), ("00:05", "23:30")]
)
def test_a_visit_may_have_begun(now: str, begun: str) -> None:
    """It began on the grid, and an hour after that is a quarter of an hour away at least."""
    at = datetime.fromisoformat(f"2026-11-23T{now}:31+05:00")

    assert f"{under_way(at):%H:%M:%S}" == f"{begun}:00"
    assert timedelta(minutes=15) <= under_way(at) + timedelta(hours=1) - at


def test_a_day_that_is_kept_comes_last(make_slots: Callable[..., tuple[Slots, list[Case]]]) -> None:
    """Others create there meanwhile."""
    slots, _ = make_slots({"slots": [
        slot("2026-11-26T05:00:00Z", "2026-11-26T06:00:00Z"), slot("2026-11-27T05:00:00Z", "2026-11-27T05:30:00Z"),
    ]})  # fmt: skip

    days = [slots.take(30, kept={date(2026, 11, 26)}).day for _ in range(3)]

    assert days == [27, 26, 26]
