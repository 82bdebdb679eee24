"""Timestamps are read in the forms in which the target writes them, and nothing else is taken for one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest

from cancel_contract.exchange.timestamps import instant, minutes_of, moment_of, utc

FIVE_EAST = timezone(timedelta(hours=5))
MORNING = datetime(2026, 11, 2, 9, tzinfo=FIVE_EAST)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02T09:00:00+05:00", MORNING),
        ("2026-11-02T04:00:00Z", MORNING),
        ("2026-11-02T09:00:00", datetime(2026, 11, 2, 9)),  # noqa: DTZ001  a text without a zone
        ("2026-11-02", datetime(2026, 11, 2)),  # noqa: DTZ001  likewise
        ("soon", None),
        ("", None),
        (None, None),
        (1_700_000_000, None),
        (date(2026, 11, 2), None),
    ],
)
def test_a_text_names_a_time(text: object, moment: datetime | None) -> None:
    """A text of ISO 8601 names a time with or without a zone, and no other value names one."""
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2026-11-02T09:00:00+05:00", MORNING), ("2026-11-02T09:00:00", None), ("2026-11-02", None), ("soon", None),
     (None, None)],
)  # fmt: skip
def test_only_a_zone_makes_an_instant(text: object, moment: datetime | None) -> None:
    """A time without a zone may be any."""
    assert instant(text) == moment


class Elsewhere(datetime):
    """A time on a machine whose own zone is five hours east."""

    def astimezone(self, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one
        """Return the time in a zone, or in the machine's own."""
        return super().astimezone(tz or FIVE_EAST)


@pytest.mark.parametrize("moment", [MORNING, MORNING.astimezone(UTC), Elsewhere(2026, 11, 2, 4, tzinfo=UTC)])
def test_a_time_is_written_in_utc(moment: datetime) -> None:
    """The API writes a time in UTC, with the letter for it, wherever the machine is."""
    assert utc(moment) == "2026-11-02T04:00:00Z"


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-02T09:00:00+05:00", "2026-11-02T04:30:00Z", 30),
        ("2026-11-02T04:00:00Z", "2026-11-02T04:29:31Z", 30),
        ("2026-11-02T04:00:00Z", "2026-11-02T04:29:29Z", 29),
        ("2026-11-02T04:30:00Z", "2026-11-02T04:00:00Z", -30),
        ("2026-11-02T04:00:00Z", "2026-11-02T04:00:00Z", 0),
        ("2026-11-02T04:00:00Z", None, None),
        (None, "2026-11-02T04:30:00Z", None),
        ("2026-11-02T04:00:00Z", "2026-11-02T04:30:00", None),
    ],
)
def test_the_minutes_of_an_appointment_are_whole(start: str | None, end: str | None, minutes: int | None) -> None:
    """The minutes from start to end are rounded, and told only where both are known."""
    assert minutes_of({"starts_at": start, "ends_at": end}) == minutes


def test_an_appointment_without_times_has_no_minutes() -> None:
    """A payload that lacks its times does not say how long it is."""
    assert minutes_of({}) is None
