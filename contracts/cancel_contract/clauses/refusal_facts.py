"""Finds what refusals without a good token tell of their appointments, by comparing those of two appointments.

A refusal may hold a time, a number or a word for its own reasons. Only what equals a fact of the one appointment in each
of its refusals, and the same fact of the other one in each of those, was looked up in the appointments.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote

from cancel_contract.clauses.alike import texts_of
from cancel_contract.clauses.clause import Finding, Terms
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.timestamps import instant

_AMOUNTS: Final = ("service_amount", "prepaid_amount", "settlement_amount")
_WORDS: Final = ("status", "payment_status")
_DAYS: Final = ("%d.%m", "%d.%m.%Y", "%d/%m", "%m/%d", "%d/%m/%Y", "%Y-%m-%d")
_TIME: Final = "%H:%M"
_ZONES: Final = range(-12, 15)
"""Hours by which a server's clock may be ahead of UTC."""
_ENOUGH: Final = 3
"""Refusals of one appointment in each of which a fact has to stand (policy): what stands there by chance goes."""

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
_LARGE: Final = 1000
_ROUND: Final = 100
"""Amounts from the first on that are no multiple of the second stand nowhere by chance (policy)."""
_INITIALS: Final = "initials"

Facts = Mapping[tuple[str, str], frozenset[str]]
"""By field and manner, how a server may write a value."""


def tell_of_two(episode: Episode, _: Terms) -> Iterator[Finding]:
    """Refusals of two appointments differ in nothing that the appointments differ in."""
    one, other = episode.payload(Role.BEFORE), episode.payload(Role.OTHER_BEFORE)
    refusals, others = (_answered(episode.all(role)) for role in (Role.CANCEL, Role.AGAIN))
    if episode.kind is not Kind.REFUSALS or one is None or other is None or len(refusals) < _ENOUGH or not others:
        return
    here, there = [*map(_text, refusals)], [*map(_text, others)]
    mine, theirs = _facts(one), _facts(other)
    told = [at for at in mine if at in theirs and _is_told(mine[at], theirs[at], here, there)]
    yield _breach(*told[0], others[0]) if told else None


def told_alone(view: Mapping[str, Any], refusal: Exchange) -> str:
    """Return the field of an appointment whose value stands in a refusal by no chance, if one does: the moment of its
    start, or an amount that is large and not round.
    """
    text, start = _text(refusal), instant(view.get("starts_at"))
    if start and any(instant(moment) == start for moment in _MOMENT.findall(text)):
        return "starts_at"
    amounts = {name: view.get(name) for name in _AMOUNTS}
    large = {name: it for name, it in amounts.items() if type(it) is int and it >= _LARGE and it % _ROUND != 0}
    return next((name for (name, _), spellings in _facts(large).items() if _holds(spellings, text)), "")


def _answered(exchanges: Sequence[Exchange]) -> list[Exchange]:
    return [one for one in exchanges if one.answer]


def _breach(field: str, manner: str, shown_by: Exchange) -> Broken:
    of = f"initials of the {field}" if manner == _INITIALS else field
    told = f"refusals tell the {of} of the appointments that they are about"
    return Broken((Difference("leak", f"/{field}", "told in a refusal", "told to nobody", told),), told, shown_by)


def _text(refusal: Exchange) -> str:
    headers = refusal.answer.headers if refusal.answer else ()
    return "\n".join((*texts_of(refusal), *(unquote(value) for _, value in headers)))


def _is_told(mine: frozenset[str], theirs: frozenset[str], here: Sequence[str], there: Sequence[str]) -> bool:
    if mine & theirs:
        return False
    is_followed = all(_holds(mine, text) for text in here) and all(_holds(theirs, text) for text in there)
    return is_followed and not any(_holds(theirs, text) for text in here) and not any(_holds(mine, it) for it in there)


def _holds(spellings: frozenset[str], text: str) -> bool:
    """Whether a text holds a value by itself, not as a part of a longer number, time or word."""
    return any(re.search(rf"(?<![\w:.,-]){re.escape(it)}(?![\w:]|[.,-]\d)", text) for it in spellings)


def _facts(payload: Mapping[str, Any]) -> Facts:
    return {at: frozenset(filter(None, spellings)) for at, spellings in _spelled(payload) if any(spellings)}


def _spelled(payload: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    for name in _AMOUNTS:
        if type(amount := payload.get(name)) is int:
            grouped = f"{amount:,}"
            yield (name, ""), {str(amount), grouped, grouped.replace(",", " "), grouped.replace(",", "\u00a0")}
    for name in _WORDS:
        yield (name, ""), {str(payload.get(name) or "")}
    yield ("client_name", _INITIALS), {"".join(word[0] for word in str(payload.get("client_name") or "").split())}
    yield ("starts_at", ""), {str(payload.get("starts_at") or "")}
    if begins := instant(payload.get("starts_at")):
        for hours in _ZONES:
            local = begins + timedelta(hours=hours)
            for manner in (_TIME, *_DAYS):
                yield ("starts_at", f"{manner} {hours}"), {local.strftime(manner)}
