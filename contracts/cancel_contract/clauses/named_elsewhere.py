"""Finds the clients of a run where they have no business: in refusals, and in the notes of other appointments."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_plus

from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.redaction.secrets import forms

_SHORTEST_TELLING: Final = 5
"""Characters of the shortest text that stands nowhere by chance."""
NOTES: Final = ("client_comment", "custom_attributes")
"""Fields in which the run has written nothing of any other client."""
_NAMING: Final = ("client_name", "client_phone", "client_identifier", "client_comment")


def named_in_a_refusal(views: Iterable[Exchange], cancels: Iterable[Exchange]) -> Broken | None:
    """The breach of a refusal that tells what the run has written of another client; nothing where none does.

    What the request itself said, and what is written of the appointment that it names, too, tells nothing.
    """
    of: dict[int | None, dict[str, str]] = {}
    for view in views:
        of.setdefault(view.appointment, {}).update(_texts(view.payload or {}))
    for one in cancels:
        found = next(_told_of_others(one, of), None) if one.is_refused else None
        if found:
            told = f"a refusal tells the {found} of an appointment that was not asked for"
            return Broken((Difference("leak", f"/{found}", "told in a refusal", "told to nobody", told),), told, one)
    return None


def named_in_notes(views: Sequence[Exchange]) -> Broken | None:
    """The breach of an appointment whose notes name the client of another one, and did not when it was first shown."""
    names: dict[int | None, set[str]] = {}
    for view in views:
        names.setdefault(view.appointment, set()).add(str((view.payload or {}).get("client_name") or ""))
    first: dict[int | None, str] = {}
    for view in views:
        notes = json.dumps([(view.payload or {}).get(name) for name in NOTES], ensure_ascii=False)
        known, own = first.setdefault(view.appointment, notes), names[view.appointment]
        others = set().union(*names.values()) - own if notes != known else ()
        if any(stands_in(name, notes) and not stands_in(name, known) for name in others):
            told = "the notes of an appointment name the client of another one"
            return Broken((Difference("leak", "/notes", "another client's", "its own alone", told),), told, view)
    return None


def _told_of_others(refusal: Exchange, of: Mapping[int | None, Mapping[str, str]]) -> Iterator[str]:
    own, asked, text = of.get(refusal.case.appointment, {}), _asked(refusal), whole(refusal)
    for number, texts in of.items():
        if number != refusal.case.appointment:
            others = ((value, name) for value, name in texts.items() if value not in own)
            yield from (name for value, name in others if stands_in(value, text) and not stands_in(value, asked))


def _texts(payload: Mapping[str, Any]) -> dict[str, str]:
    """By text, the field in which it is written of a client."""
    return {payload[name]: name for name in _NAMING if isinstance(payload.get(name), str)}


def _asked(exchange: Exchange) -> str:
    """What a request said, wherever."""
    headers = (value for _, value in exchange.request_headers)
    return "\n".join((unquote_plus(exchange.url), exchange.request_body.decode(errors="replace"), *headers))


def whole(exchange: Exchange) -> str:
    """The body and the headers of an answer."""
    answer = exchange.answer
    return "\n".join((answer.body.decode(errors="replace"), *(value for _, value in answer.headers))) if answer else ""


def stands_in(value: object, text: str) -> bool:
    """Whether a text holds a value, as it is or encoded."""
    is_telling = isinstance(value, str) and len(value) >= _SHORTEST_TELLING
    return is_telling and _pattern(str(value)).search(text.encode()) is not None


@lru_cache(maxsize=256)
def _pattern(value: str) -> re.Pattern[bytes]:
    """Return what finds a value in whatever encoding; as it is, it is no part of a longer word or of an id."""
    plain = value.encode()
    encoded = (re.escape(form) for form in sorted(forms(value) - {plain}))
    return re.compile(b"|".join((rb"(?<![\w-])" + re.escape(plain) + rb"(?![\w-])", *encoded)))
