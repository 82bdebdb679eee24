"""The list and the calendar (sibling, observation 11)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cancel_contract.provider import SEED
from cancel_contract.provider.api.answers import Answer

Ask = Callable[..., Answer]
Made = Callable[..., int]
Read = Callable[[Answer], dict[str, Any]]

SLOT = {"starts_at": "2031-05-01T05:00:00Z", "ends_at": "2031-05-01T05:30:00Z"}
DAY = "view=day&from=2031-05-01T00:00:00Z&to=2031-05-01T20:00:00Z&include_slots=true"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {5000, 5001}),
        (f"resource_ids={SEED.resource_id}", {5000}),
        ("resource_ids=11,12", {5000, 5001}),
        ("status=confirmed", {5001}),
        ("status=scheduled,confirmed", {5000, 5001}),
        ("payment_status=prepaid", {5001}),
        ("from=2031-03-02T00:00:00Z", {5001}),
        ("to=2031-03-01T05:00:00Z", {5000}),
    ],
)
def test_list(ask: Ask, made: Made, query: str, expected: set[int]) -> None:
    """A list gives what its filters name, with the count."""
    made()
    made(resource_id=SEED.other_resource_id, status="confirmed", service_amount=10, prepaid_amount=1)
    value = json.loads(ask("GET", "appointments", query=query).body)

    assert {row["id"] for row in value["payload"] if row["id"] >= 5000} == expected
    assert value["meta"] == {"count": len(value["payload"])}
    assert value["payload"] == sorted(value["payload"], key=lambda row: (row["starts_at"], row["id"]))


def test_calendar(ask: Ask, made: Made, payload: Read) -> None:
    """The calendar shows resources, hours, appointments, and the slots that are free."""
    number = made(**SLOT)
    value = payload(ask("GET", "calendar", query=f"{DAY}&resource_ids={SEED.resource_id}"))

    assert value["resources"] == [{"id": SEED.resource_id, "name": "Test room 1", "time_zone": "Asia/Almaty"}]
    assert value["work_rules"][0] == {"resource_id": 11, "weekday": 0, "start_minute": 0, "end_minute": 1440}
    assert ([row["id"] for row in value["appointments"]], value["holidays"]) == ([number], [])
    assert len(value["slots"]) == 39
    assert SLOT["starts_at"] not in {slot["starts_at"] for slot in value["slots"]}
    assert value["slots"][0] == {
        "resource_id": SEED.resource_id,
        "starts_at": "2031-05-01T00:00:00Z",
        "ends_at": "2031-05-01T00:30:00Z",
    }


def test_calendar_holiday(ask: Ask, payload: Read) -> None:
    """A holiday is shown and has no slots."""
    value = payload(ask("GET", "calendar", query=DAY.replace("2031-05-01", "2030-01-01").replace("T20", "T19")))

    assert value["holidays"] == [{"id": 1, "date": "2030-01-01", "name": "New Year"}]
    assert value["slots"] == []


def test_calendar_without_slots(ask: Ask, payload: Read) -> None:
    """Slots come only where they are asked for."""
    assert payload(ask("GET", "calendar", query=DAY.removesuffix("&include_slots=true")))["slots"] == []


@pytest.mark.parametrize(
    "query", ["", "from=x&to=y", DAY.replace("view=day", "view=x"), DAY.replace("to=2031", "to=2032")]
)
def test_calendar_refuses(ask: Ask, query: str) -> None:
    """A calendar without bounds, with an unknown view or over a long range is answered 422."""
    answer = ask("GET", "calendar", query=query)

    assert (answer.status, json.loads(answer.body)["code"]) == (422, "VALIDATION_ERROR")
