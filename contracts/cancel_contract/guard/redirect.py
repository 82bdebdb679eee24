"""Refuses redirects: a target that answers with one is told as the wrong address, and nothing is sent to the other.
Preflight and doctor ask it for each first answer.

A redirect in the middle of a run is kept as the answer that it is: the wire has no way to follow one, and the guard
(`Guard.objection`) lets nothing leave the target's origin.
"""

from typing import Final
from urllib.parse import urlsplit

from cancel_contract.exchange.exchange import Answer
from cancel_contract.target.settings import variable

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


def refusal(answer: Answer) -> tuple[str, str] | None:
    """Return what is wrong with a target that redirects, and what to do about it; nothing if it does not."""
    place = pointed_at(answer)
    if place is None:
        return None
    remedy = f"set {variable('base_url')} to where the API itself answers: no redirect is followed"
    return f"redirects to {place}", remedy


def pointed_at(answer: Answer) -> str | None:
    """Return the origin, or the path on the same origin, to which a redirect points; nothing if it is none.

    Without user, query and fragment, which may hold secrets.
    """
    place = answer.header("location")
    if answer.status not in _REDIRECTS or not place:
        return None
    try:
        parts = urlsplit(place)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if not parts.netloc:
        return parts.path or None
    return f"{parts.scheme or 'https'}://{parts.hostname or ''}{port}"
