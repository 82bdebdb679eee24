"""Finds in a shown answer the members that a breach is about, which may stand far behind its beginning."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.stored import MOST_MEMBERS, member

_ABSENT: Final = object()
_PLACE: Final = re.compile(r"/payload/([^\s;,]+)")
"""Where in an answer something leaks: the place of the breach, or the one that its sentence names."""


def members(breach: Breach) -> Iterator[str]:
    """Yield `payload.payments: []` for each field that a breach is about; none where the answer is cut off, or no JSON.

    The values are those of the answer that is shown, masked as it is.
    """
    body = _body(breach.answer)
    payload = body.get("payload")
    if not isinstance(payload, dict) or breach.is_of_another:
        return
    if breach.what == "leak" and (place := _PLACE.search(f"{breach.where} {breach.message}")):
        yield from _leaked(payload, place[1].split("/"))
    if breach.what == "body" and (name := breach.where.removeprefix("/")) in body:
        yield f"{name}: {json.dumps(body[name], ensure_ascii=False)}"
    for name in [*dict.fromkeys(filter(None, breach.fields))][:MOST_MEMBERS]:
        value = payload.get(name, _ABSENT)
        places = (breach.where, *(one.where for one in breach.more))
        yield f"payload.{name}: not there" if value is _ABSENT else member(name, value, places)


def _leaked(payload: Any, keys: Sequence[str]) -> Iterator[str]:  # noqa: ANN401  JSON's boundary
    """Yield the member in which something leaks, by the keys that lead to it; nothing if they lead nowhere."""
    found = payload
    for key in keys:
        # A pointer names no rows: the first one that has the member shows it.
        rows = found if isinstance(found, list) else [found]
        found = next((row[key] for row in rows if isinstance(row, dict) and key in row), _ABSENT)
        if found is _ABSENT:
            return
    yield member(".".join(keys), found)


def _body(answer: str) -> dict[str, Any]:
    _, opening, rest = answer.partition("{")
    try:
        body = json.loads(f"{opening}{rest}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
