"""Checks what the calendar shows after a cancel: the slot as free, or somebody else in it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.clauses.clause import Finding, NotApplicable, Terms
from cancel_contract.clauses.effect_elsewhere import cancelled_view, overlap, rows
from cancel_contract.clauses.slots import is_free_again
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload, spelled
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.timestamps import instant

_GRID: Final = timedelta(minutes=30)
"""How long a slot is that does not say when it ends (observed)."""


def calendar(episode: Episode, _: Terms) -> Iterator[Finding]:
    """The calendar offers the slot again, and shows nobody in it."""
    shown, cancelled = episode.payload(Role.CALENDAR), cancelled_view(episode)
    if episode.kind is not Kind.SLOT or shown is None or cancelled is None:
        return
    if _tell_no_moments(shown):
        yield NotApplicable("the calendar's slots have times without a zone")
    elif isinstance(shown.get("slots"), list) and instant(cancelled.get("starts_at")):
        rebook = episode.one(Role.REBOOK)
        is_held = rebook is not None and rebook.is_refused and is_free_again(episode, rebook)
        offered = is_held or is_offered(shown, cancelled)
        told = "the calendar still shows the slot of the cancelled appointment as taken"
        found = broken("slot", "calendar", "no free slot", "one", f"{told}{_of_it(shown, cancelled)}")
        yield None if offered else replace(found, shown_by=episode.one(Role.CALENDAR))
    for row in rows(shown.get("appointments")):
        if row.get("id") == cancelled.get("id"):
            told = f"in the calendar, appointment {row['id']} has status {spelled(row, 'status')}, not {ACTION.done!r}"
            found = broken("list", "calendar/status", "another word", repr(ACTION.done), told)
            yield None if ACTION.is_done(row) else replace(found, shown_by=episode.one(Role.CALENDAR))


def _of_it(shown: Payload, cancelled: Payload) -> str:
    """Return which parts of an appointment's time a calendar offers, as the end of a sentence; empty where none."""
    resource = {"resource_id": cancelled.get("resource_id")}
    slots = (slot for slot in _ours(rows(shown["slots"]), cancelled) if overlap({**slot, **resource}, cancelled))
    parts = sorted({str(slot["starts_at"]) for slot in slots})
    whole = f"{cancelled.get('starts_at')} to {cancelled.get('ends_at')}"
    return f": of {whole} it offers only the slot of {', '.join(parts)}" if parts else ""


def _tell_no_moments(shown: Payload) -> bool:
    slots = rows(shown.get("slots"))
    return bool(slots) and not any(instant(slot.get("starts_at")) for slot in slots)


def is_offered(shown: Payload, cancelled: Payload) -> bool:
    """Whether a calendar offers the slot of a cancelled appointment, or shows somebody else in it."""
    return _covered(rows(shown["slots"]), cancelled) or _is_anothers(shown, cancelled)


def _is_anothers(shown: Payload, cancelled: Payload) -> bool:
    """Whether the calendar shows another active appointment in the place of one."""
    others = (row for row in rows(shown.get("appointments")) if row.get("id") != cancelled.get("id"))
    place = _on_the_grid(cancelled)
    return any(not ACTION.is_done(row) and overlap(row, place) for row in others)


def _on_the_grid(cancelled: Payload) -> Payload:
    """Return an appointment with the whole of the slots that it touches as its time: who has a part of one has it."""
    begun, ended = (instant(cancelled.get(name)) for name in ("starts_at", "ends_at"))
    if not begun or not ended:
        return cancelled
    first = begun - (begun - datetime.min.replace(tzinfo=begun.tzinfo)) % _GRID
    last = ended + (datetime.min.replace(tzinfo=ended.tzinfo) - ended) % _GRID
    return {**cancelled, "starts_at": first.isoformat(), "ends_at": last.isoformat()}


def _ours(slots: list[Payload], cancelled: Payload) -> list[Payload]:
    """Return the slots of an appointment's resource: where one alone was asked for, they need not name it."""
    resource = cancelled.get("resource_id")
    return [slot for slot in slots if slot.get("resource_id", resource) == resource]


def _covered(slots: list[Payload], cancelled: Payload) -> bool:
    """Whether slots that are offered hold the start of what was cancelled, and all of its time.

    It was made in slots that were offered one after another, so that its time has no gap in which none is.
    """
    begun, until = instant(cancelled.get("starts_at")), instant(cancelled.get("ends_at"))
    times = [(instant(slot.get("starts_at")), instant(slot.get("ends_at"))) for slot in _ours(slots, cancelled)]
    if begun is None or not any(first and first <= begun < (last or first + _GRID) for first, last in times):
        return False
    for first, last in sorted((first, last) for first, last in times if first and last):
        begun = max(begun, last) if first <= begun else begun
    # Slots without an end tell of starts alone.
    return until is None or begun >= until or not all(last for _, last in times)
