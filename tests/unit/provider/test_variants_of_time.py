"""Honest variants that tell the time otherwise, or count by it: instants, limiters, how far ahead one can book."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cancel_contract.provider import SEED, Provider
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.store.store import Clock

Ask = Callable[..., Answer]
Draft = Callable[..., dict[str, Any]]

PATH = f"appointments/{SEED.paid_expense_appointment_ids[0]}"


def test_instants(asking: Callable[[Provider], Ask]) -> None:
    """Other spellings of an instant name the same moment."""
    spelled = {}
    for name in ("offset-instants", "fractional-seconds"):
        spelled[name] = json.loads(asking(Provider(variants=[name]))("GET", PATH).body)["payload"]["starts_at"]
    plain = json.loads(asking(Provider())("GET", PATH).body)["payload"]["starts_at"]

    assert spelled["offset-instants"].endswith("+05:00")
    assert spelled["fractional-seconds"].endswith(".000Z")
    assert {datetime.fromisoformat(text) for text in spelled.values()} == {datetime.fromisoformat(plain)}


@pytest.mark.parametrize("name", ["throttled-seconds", "throttled-date", "throttled-bare"])
def test_throttled(asking: Callable[[Provider], Ask], clock: Clock, name: str) -> None:
    """Each 25th request is answered 429 in its own form, and has no effect."""
    ask = asking(Provider(variants=[name], strangers=4, clock=clock))
    statuses = [ask("GET", PATH).status for _ in range(24)]
    refused = ask("POST", f"{PATH}/cancel")

    assert (set(statuses), refused.status) == ({200}, 429)
    assert b'"status":"completed"' in ask("GET", PATH).body
    later = "Mon, 14 Oct 2030 09:26:54 GMT"
    waits = {"throttled-seconds": "1", "throttled-date": later, "throttled-bare": None}
    assert refused.header("retry-after") == waits[name]


def test_rate(asking: Callable[[Provider], Ask]) -> None:
    """Too many requests within a second are answered 429, and a second later none is, whichever way the clock goes."""
    now = [datetime(2030, 10, 14, tzinfo=UTC)]
    ask = asking(Provider(variants=["throttled-rate"], strangers=4, clock=lambda: now[-1]))

    assert [ask("GET", PATH).status for _ in range(41)].count(429) == 1
    for seconds in (1, -3600):
        now.append(now[-1] + timedelta(seconds=seconds))
        assert [ask("GET", PATH).status for _ in range(41)].count(429) == 1


def test_near_and_past_follow_the_providers_clock(asking: Callable[[Provider], Ask], draft: Draft) -> None:
    """How far ahead can be booked, and what has passed, is counted from the provider's time, not from the machine's."""
    body = draft()
    starts = datetime.fromisoformat(body["starts_at"])

    def status(days: int) -> int:
        return asking(Provider(variants=["near-only"], strangers=4, clock=lambda: starts - timedelta(days=days)))(
            "POST", "appointments", data=body
        ).status

    assert [status(days) for days in (39, 41)] == [201, 409]


def test_rows_are_dated_by_the_providers_clock(asking: Callable[[Provider], Ask], draft: Draft) -> None:
    """A clock with a zone of its own dates rows in UTC; a cancel that changes nothing leaves the date as it is."""
    now = [datetime(2030, 10, 14, 5, tzinfo=ZoneInfo(SEED.time_zone))]
    ask = asking(Provider(strangers=4, clock=lambda: now[-1]))
    made = json.loads(ask("POST", "appointments", data=draft()).body)["payload"]
    dates = [made["created_at"]]
    for _ in range(2):
        now.append(now[-1] + timedelta(hours=1))
        dates.append(json.loads(ask("POST", f"appointments/{made['id']}/cancel").body)["payload"]["updated_at"])

    assert [datetime.fromisoformat(date) for date in dates] == [now[0], now[1], now[1]]
