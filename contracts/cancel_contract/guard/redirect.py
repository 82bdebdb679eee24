"""Refuses redirects: one is kept as the answer that it is, and nothing is ever sent to where it points.

The wire follows none (`Wire.handle_request`), and the guard lets nothing leave the target's origin (`Guard.objection`).
What is left is to say where a redirect points, so that its reader can set the right address.
"""

from typing import Final
from urllib.parse import urlsplit

from cancel_contract.exchange.exchange import Answer

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


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
