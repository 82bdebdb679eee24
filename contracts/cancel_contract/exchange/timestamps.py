"""Reads timestamps in the forms in which the target writes them."""

from datetime import datetime


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
