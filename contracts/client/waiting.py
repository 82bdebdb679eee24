"""When a call is made again, and after how long. Lives here: the retry policy. May not know: HTTP calls, models."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from contracts.client.errors import AnswerLost, ServerError, Throttled, TlsFailed, Unsent

_SECONDS: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently a call is made again; all times in seconds.

    `attempts` counts the first one: 1 means never again. A server that asks for more than `longest_asked` is not waited
    for: the error goes to the caller, with the time asked for.
    """

    attempts: int = 4
    total: float = 60.0
    first: float = 0.2
    longest: float = 5.0
    jitter: float = 0.5
    longest_asked: float = 30.0


def seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """Return the wait that a Retry-After header asks for (RFC 9110, 10.2.3); nothing if it is missing or nonsense."""
    text = (retry_after or "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def send_again(error: Exception, retries: Retries, *, repeatable: bool) -> bool | float:
    """Tell whether a call that ended so is made again, or after how many seconds.

    What never arrived, and what was throttled, did nothing: those are always safe. What may have been done is made
    again only if doing it twice is as good as once.
    """
    if isinstance(error, Unsent):
        return not isinstance(error, TlsFailed)
    if isinstance(error, Throttled):
        return _bounded(error.retry_after, retries)
    if isinstance(error, ServerError):
        return repeatable and _bounded(error.retry_after, retries)
    return repeatable and isinstance(error, AnswerLost)


def _bounded(asked: float | None, retries: Retries) -> bool | float:
    if asked is None:
        return True  # the server left it to us: the usual backoff
    return asked if asked <= retries.longest_asked else False
