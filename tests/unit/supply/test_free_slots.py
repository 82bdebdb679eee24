"""The slots in which appointments are created, and what happens when one is taken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.supply.fallbacks import MOST_ALIKE
from cancel_contract.supply.variations import FULL, OFF_GRID
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.exchange import Exchange
    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


def test_slots_come_from_the_calendar(bench: Bench, shop: Shop) -> None:
    """A free slot of the calendar is where the appointment goes."""
    slot = {"resource_id": 9, "starts_at": "2031-01-01T10:00:00+05:00", "ends_at": "2031-01-01T10:30:00+05:00"}
    shop.calendar = httpx.Response(200, json={"payload": {"slots": [slot]}})

    bench.supply.fresh()

    assert (sent(shop.creates)["starts_at"], sent(shop.creates)["ends_at"]) == (
        "2031-01-01T05:00:00Z",
        "2031-01-01T05:30:00Z",
    )


@pytest.mark.parametrize(
    ("row", "is_read"),
    [
        ({"starts_at": "2031-01-01T10:00:00+05:00", "ends_at": "2031-01-01T10:30:00+05:00"}, True),
        ({"resource_id": 9, "start": "2031-01-01T10:00:00+05:00"}, False),
        ({"resource_id": 9, "date": "2031-01-01", "slots": []}, False),
    ],
)
def test_rows_of_another_shape_are_no_full_calendar(
    bench: Bench, shop: Shop, row: dict[str, object], *, is_read: bool
) -> None:
    """Rows need not name the one resource that was asked for; where none is readable, slots are guessed."""
    shop.calendar = httpx.Response(200, json={"payload": {"slots": [row]}})

    bench.supply.fresh()

    assert (sent(shop.creates)["starts_at"] == "2031-01-01T05:00:00Z") is is_read


def test_where_no_hour_is_free_half_an_hour_is_made(bench: Bench, shop: Shop) -> None:
    """What was asked for an hour is made for half of one, from then on without looking for more; it is reported."""
    hours = [f"2031-01-01T{hour:02}:00:00+05:00" for hour in range(8, 20)]
    ends = [text.replace(":00:00+", ":30:00+") for text in hours]
    slots = [{"resource_id": 9, "starts_at": first, "ends_at": end} for first, end in zip(hours, ends, strict=True)]
    shop.calendar = httpx.Response(200, json={"payload": {"slots": slots}})
    hour = replace(FULL, minutes=60)

    bench.supply.fresh(hour)
    looks = shop.calendars.call_count
    bench.supply.fresh(hour)

    assert [sent(shop.creates, number)["duration_min"] for number in range(2)] == [30, 30]
    assert bench.supply.left_out == {str(hour): "no room for 60 minutes; 30 instead"}
    assert shop.calendars.call_count == looks


def test_what_was_made_before_its_room_was_gone_is_no_incident(bench: Bench, shop: Shop) -> None:
    """The target takes such an appointment: the day was full in the end."""
    long = replace(FULL, minutes=720)
    slots = [
        {"resource_id": 9, "starts_at": f"2031-01-01T{start}:00+05:00", "ends_at": f"2031-01-01T{end}:00+05:00"}
        for start, end in (("08:00", "20:00"), ("21:00", "21:30"))
    ]
    answers = iter((slots, *[slots[1:]] * 99))
    shop.calendars.mock(side_effect=lambda _: httpx.Response(200, json={"payload": {"slots": next(answers)}}))

    made = [bench.supply.fresh(long).payload["duration_min"] for _ in range(2)]

    assert made == [720, 30]
    assert bench.supply.left_out == {}


def test_an_hour_for_which_every_slot_is_refused_is_made_shorter(bench: Bench, shop: Shop) -> None:
    """Refused slot after slot as taken, it is tried for half an hour before it is given up."""
    shop.creates.mock(
        side_effect=lambda request: (
            httpx.Response(409) if json.loads(request.content)["duration_min"] == 60 else shop.create(request)
        )
    )

    assert bench.supply.fresh(replace(FULL, minutes=60)).payload["duration_min"] == 30


@pytest.mark.parametrize("refusal", [httpx.Response(409), httpx.Response(422, json={"error": "Invalid duration"})])
def test_where_a_slot_is_booked_as_it_is_offered_visits_are_as_long(
    bench: Bench, shop: Shop, refusal: httpx.Response
) -> None:
    """It is found out once, for visits of all lengths; they begin where slots do."""
    first = datetime(2031, 1, 1, 3, tzinfo=UTC)
    starts = [first + timedelta(days=15 * day, minutes=50 * place) for day in range(8) for place in range(3)]
    ends = [start + timedelta(minutes=50) for start in starts]
    slots = [
        {"starts_at": first.isoformat(), "ends_at": end.isoformat()} for first, end in zip(starts, ends, strict=True)
    ]
    shop.calendar = httpx.Response(200, json={"payload": {"slots": slots}})
    shop.creates.mock(
        side_effect=lambda request: (
            shop.create(request) if json.loads(request.content)["duration_min"] == 50 else refusal
        )
    )

    made = [bench.supply.fresh(one).payload for one in (FULL, replace(FULL, minutes=90), OFF_GRID)]

    assert [one["duration_min"] for one in made] == [50, 50, 50]
    assert {datetime.fromisoformat(one["starts_at"]) for one in made} <= {*starts}
    assert shop.creates.call_count <= 3 + MOST_ALIKE + 1


def test_a_taken_slot_moves_on(bench: Bench, shop: Shop) -> None:
    """A 409 means: try further on, with another marker; what was not made is not counted."""
    shop.first = [httpx.Response(409, json={"code": "SLOT_CONFLICT"}), httpx.Response(409)]

    assert bench.supply.fresh().id == 6001
    assert len({sent(shop.creates, number)["starts_at"] for number in range(3)}) == 3
    assert len({sent(shop.creates, number)["external_ref"] for number in range(3)}) == 3
    assert bench.budget.appointments == 1
    assert not shop.lists.called


def test_too_many_taken_slots_end_it(bench: Bench, shop: Shop) -> None:
    """Where slot after slot is taken, it is given up with a remedy."""
    shop.creates.mock(return_value=httpx.Response(409))

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == (
        "12 slots in a row were refused (status is 409): "
        "set ONELINK_RESOURCE_ID to one with free working hours, or see what the target's log says"
    )


def test_a_conflict_that_says_nothing_is_of_the_content_where_others_are_taken(bench: Bench, shop: Shop) -> None:
    """Six slots in a row are not others' by chance: whoever has this telephone has a visit already."""
    bench.supply.fresh()
    shop.creates.mock(
        side_effect=lambda request: (
            httpx.Response(409) if "client_phone" in json.loads(request.content) else shop.create(request)
        )
    )

    bench.supply.fresh(FULL)
    made = shop.creates.call_count
    bench.supply.fresh(FULL)

    assert shop.creates.call_count == made + 1
    assert "client_phone" not in sent(shop.creates, made)


def test_where_nothing_is_free_it_is_not_tried_for_ever(bench: Bench, shop: Shop) -> None:
    """After three appointments in a row for which no slot was found no more are tried."""
    shop.creates.mock(return_value=httpx.Response(409))
    for _ in range(3):
        with pytest.raises(Unprepared, match="12 slots in a row"):
            bench.supply.fresh()

    with pytest.raises(Unprepared, match=r"36 slots in a row were refused \(status is 409\): set ONELINK_RESOURCE_ID"):
        bench.supply.fresh()

    assert shop.creates.call_count == 36


def test_a_slot_is_booked_again(bench: Bench, shop: Shop) -> None:
    """The slot of a cancelled appointment is asked for again, and what is made in it is ours."""
    snapshot = bench.supply.fresh()

    assert bench.supply.rebook(snapshot).status == 201
    assert sent(shop.creates, 0)["starts_at"] == sent(shop.creates, 1)["starts_at"]
    assert bench.supply.active == (6001, 6002)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 501])
def test_a_slot_that_may_not_be_booked_tells_nothing(make_bench: Callable[..., Bench], shop: Shop, status: int) -> None:
    """Where appointments are provided, whoever may make none learns nothing of a slot."""
    bench = make_bench(appointment_ids="5001")
    shop.rows = {5001: {"id": 5001, "status": "scheduled", "starts_at": "2031-01-01T05:00:00Z"}}
    snapshot = bench.supply.fresh()
    shop.first = [httpx.Response(status)]

    with pytest.raises(Unprepared) as caught:
        bench.supply.rebook(snapshot)

    assert str(caught.value) == (
        f"the slot of appointment 5001 may not be booked again (status is {status}): "
        "set ONELINK_API_TOKEN to the token of a member who may make appointments"
    )


def test_who_makes_appointments_is_told_of_a_booking_that_is_refused(bench: Bench, shop: Shop) -> None:
    """Whoever has made one before ought to be given its slot again."""
    snapshot = bench.supply.fresh()
    shop.first = [httpx.Response(403)]

    assert bench.supply.rebook(snapshot).status == 403


@pytest.mark.parametrize("payload", [None, {}, {"starts_at": None}, {"starts_at": "soon"}])
def test_a_slot_that_is_not_known_is_not_booked(
    bench: Bench, exchanged: Callable[..., Exchange], payload: object
) -> None:
    """An appointment that does not say when it starts has no slot to book again."""
    with pytest.raises(Unprepared) as caught:
        bench.supply.rebook(Snapshot(5001, exchanged(200, {"payload": payload})))

    assert str(caught.value) == "appointment 5001 does not say when it starts: its slot is not known"
