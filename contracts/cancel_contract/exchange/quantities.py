"""Puts numbers of things, and lengths of time, into words."""

from datetime import timedelta

from cancel_contract.exchange.timestamps import instant


def counted(number: int, what: str) -> str:
    """Return a number of things: `1 entry`, `2 entries`, `3 days`."""
    many = f"{what[:-1]}ies" if what.endswith("ry") else f"{what}s"
    return f"{number} {what if number == 1 else many}"


def span(time: timedelta) -> str:
    """Return about how long a time is: `40 minutes`, `5 hours`, `3 days`."""
    units = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
    word, unit = next((each for each in units if time >= 2 * each[1]), ("second", timedelta(seconds=1)))
    return counted(time // unit, word) if time >= unit else "less than a second"


def moved(here: object, there: object) -> str:
    """Return by how much one moment lies after or before another, as `3 days later`; empty for anything else."""
    one, other = instant(here), instant(there)
    if one is None or other is None or one == other:
        return ""
    return f"{span(abs(one - other))} {'later' if one > other else 'earlier'}"
