"""Clauses effect/...: whether what shows many appointments at once still answers when a cancelled one is among them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import Finding, Terms
from cancel_contract.clauses.effect_elsewhere import listed
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import FIRST_FAILURE, OK

FAILING: Final = "views that fail"
"""The topic of a list or calendar that has failed: asked for once more, and for a time with no appointment."""
_VIEWS: Final = {Role.LISTED: "list of appointments", Role.CALENDAR: "calendar"}


def shown_in_views(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """The list of cancelled appointments has it, and no list or calendar fails on it."""
    yield from listed(episode, terms)
    yield from _answered(episode)


def _answered(episode: Episode) -> Iterator[Finding]:
    control = episode.one(Role.OTHER_AFTER)
    if episode.kind is not Kind.LATE or episode.topic != FAILING or not control or control.status != OK:
        # What fails for any time fails by itself.
        return
    for role, what in _VIEWS.items():
        if (shown := episode.one(role)) and shown.status is not None:
            told = f"{shown.fact}, twice in a row, for the {what} of a time in which one is cancelled; for another it is 200"
            failed = broken("status", what, str(shown.status), "200", told)
            yield replace(failed, shown_by=shown) if shown.status >= FIRST_FAILURE else None
