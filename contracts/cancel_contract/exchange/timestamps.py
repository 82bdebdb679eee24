"""Reads timestamps in the forms in which the target writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


def moment_of(value: object) -> datetime | None:
    """The time that an ISO 8601 text names, with its zone if it has one; nothing for any other value."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def instant(value: object) -> datetime | None:
    """The time that an ISO 8601 text with a zone names; nothing for any other value."""
    moment = moment_of(value)
    return moment if moment and moment.tzinfo else None


def utc(moment: datetime) -> str:
    """Return a time as the API writes it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def minutes_of(payload: Mapping[str, Any]) -> int | None:
    """Return the whole minutes from start to end of an appointment; nothing if it does not say."""
    start, end = (instant(payload.get(name)) for name in ("starts_at", "ends_at"))
    return round((end - start) / timedelta(minutes=1)) if start and end else None
