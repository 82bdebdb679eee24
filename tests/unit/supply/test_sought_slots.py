"""Appointments that are to follow another one directly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.supply.variations import KIN, PLAIN, with_rare_values
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.case import Case
    from cancel_contract.supply.slots import Slots
    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop

TAKEN = httpx.Response(409, json={"error": "Taken", "code": "SLOT_CONFLICT"})


def _end(shop: Shop) -> datetime:
    return datetime.fromisoformat(sent(shop.creates)["ends_at"])


def test_a_start_that_is_sought_is_taken_where_it_is_free(bench: Bench, shop: Shop) -> None:
    """Half an hour after a guessed slot's start is free as far as anybody knows."""
    bench.supply.fresh()
    end = _end(shop)
    bench.supply.fresh(PLAIN, end)

    assert datetime.fromisoformat(sent(shop.creates)["starts_at"]) == end


def test_a_start_that_is_refused_is_not_tried_again(bench: Bench, shop: Shop) -> None:
    """Somebody has taken it: the appointment is made elsewhere."""
    bench.supply.fresh()
    end = _end(shop)
    shop.first = [TAKEN]
    made = bench.supply.fresh(PLAIN, end)

    assert made.id in bench.supply.active
    assert datetime.fromisoformat(sent(shop.creates)["starts_at"]) != end


def test_a_start_that_is_not_known_to_be_free_is_not_tried(bench: Bench, shop: Shop) -> None:
    """The same start twice, or one with too little room, is given up at once."""
    bench.supply.fresh()
    start = datetime.fromisoformat(sent(shop.creates)["starts_at"])
    bench.supply.fresh(PLAIN, start)

    assert datetime.fromisoformat(sent(shop.creates)["starts_at"]) != start
    assert shop.creates.call_count == 2


@pytest.mark.parametrize(("minutes", "room"), [(10, 30), (30, 30), (45, 60), (150, 150), (720, 720)])
def test_room_is_of_whole_slots(minutes: int, room: int) -> None:
    """What comes after a short visit begins on the grid again."""
    found = {one.minutes: one.room for one in with_rare_values() if not (one.shift or one.is_moved)}

    assert found[minutes] == room


def test_what_is_to_be_moved_keeps_the_next_slot_free() -> None:
    """One of the first ten is to be moved by an hour, in a room of three slots."""
    assert [(one.minutes, one.room) for one in with_rare_values()[:10] if one.is_moved] == [(30, 90)]
    assert KIN.room == KIN.minutes


def _slot(hour: str) -> dict[str, object]:
    start = datetime.fromisoformat(f"2031-01-01T{hour}:00+05:00")
    return {"resource_id": 9, "starts_at": start.isoformat(), "ends_at": (start + timedelta(minutes=30)).isoformat()}


@pytest.mark.parametrize(("behind", "hour"), [(0, 10), (60, 12), (90, 10)])
def test_where_others_are_to_follow_it_lies_where_they_have_room(
    make_slots: Callable[..., tuple[Slots, list[Case]]], behind: int, hour: int
) -> None:
    """In a full calendar few are: without any, it is made all the same, and no day is looked at for that."""
    slots, asked = make_slots({"slots": [_slot(text) for text in ("10:00", "12:00", "12:30", "13:00")]})

    assert slots.take(30, behind=behind).hour == hour
    assert len(asked) == 1


def test_room_for_what_follows_makes_no_other_appointment() -> None:
    """It changes nothing of what is asked for, so that what is learnt of the one holds for the other."""
    assert replace(PLAIN, behind=60) == PLAIN
    assert str(replace(PLAIN, behind=60)) == str(PLAIN)
