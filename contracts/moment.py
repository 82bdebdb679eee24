"""The moment that a text of the target's names. Lives here: how it is read. May not know: which field it stands in."""

from datetime import datetime


def instant(value: object) -> datetime | None:
    """The moment that an ISO 8601 text with a zone names; nothing for any other value."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
