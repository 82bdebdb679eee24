"""Clauses effect/...: what may become of a cancelled appointment: not undone, listed rightly, deleted for good."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import (
    FIELDS,
    OPERATION,
    STATUS,
    Clause,
    Finding,
    Level,
    NotApplicable,
    Terms,
)
from cancel_contract.clauses.effect_elsewhere import listed_rows, rows
from cancel_contract.clauses.slots import is_free_again
from cancel_contract.clauses.statuses import wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.changes import unread
from cancel_contract.exchange.compare import Payload, differences, field_differs, spelled
from cancel_contract.exchange.difference import broken, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import FIRST_FAILURE, Exchange
from cancel_contract.exchange.quantities import counted

_DONE: Final = frozenset({200, 204})
_NOT_IMPLEMENTED: Final = 501
_DELETION: Final = ("delet", "discard", "archiv", "trash", "destroyed", "remov", "hidden", "inactive")
_ACTIVITY: Final = frozenset({"active", "is_active", "isActive"})
"""What names of fields and statuses hold where a deleted row is kept and shown as such (policy)."""


def _undone(episode: Episode, _: Terms) -> Iterator[Finding]:
    before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if episode.kind is not Kind.UNDO or before is None or before.get("status") != ACTION.done:
        return
    if after and after.payload is not None:
        told = f"after {episode.topic}, status is {spelled(after.payload, 'status')}, not 'cancelled'"
        yield None if ACTION.is_done(after.payload) else field_differs(after.payload, "status", ACTION.done, told)
    elif after and after.answer:
        yield unread(after, f"after {episode.topic}, {after.fact} when the cancelled appointment is read, not 200")


def _holds(shown: Exchange, appointment: int | None) -> bool:
    return any(row.get("id") == appointment for row in listed_rows(shown) or ())


def _filtered(episode: Episode, __: Terms) -> Iterator[Finding]:
    """A list by an earlier word of the appointment; a second list, by a word that it never had, tells a lack of filters
    from a stale one.
    """
    cancel, lists = episode.one(Role.CANCEL), [one for one in episode.all(Role.LISTED) if one.answer]
    name, _, word = episode.topic.partition("=")
    if episode.kind is not Kind.LISTS or not word or not cancel or cancel.status != 200 or not lists:
        return
    if word == ACTION.done:
        # It was never shown as anything else.
        return
    appointment = cancel.case.appointment
    if listed_rows(lists[0]) is None:
        yield NotApplicable(f"{lists[0].fact} for the list by {name}")
    elif not _holds(lists[0], appointment):
        yield None
    elif len(lists) > 1 and _holds(lists[1], appointment):
        yield NotApplicable(f"the list holds the same, whatever {name} it is asked for")
    else:
        told = f"the list of those whose {name} is {word} still holds cancelled appointment {appointment}"
        yield replace(broken("list", f"list by {name}", "once", "0 times", told), shown_by=lists[0])


def _agree(episode: Episode, _: Terms) -> Iterator[Finding]:
    """The list without a filter, and the calendar of the same time, or a read of what is active."""
    cancel, listed = episode.one(Role.CANCEL), episode.one(Role.LISTED)
    if episode.kind is Kind.LISTS and listed and (read := episode.payload(Role.OTHER_AFTER)):
        if listed_rows(listed) is not None:
            yield _shown_active(listed, read) if ACTION.is_done(read) else _hidden(listed, read)
        return
    if episode.kind is not Kind.LISTS or episode.topic or not cancel or cancel.status != 200 or listed is None:
        return
    shown = listed_rows(listed)
    if shown is None:
        return
    mine = [row for row in shown if row.get("id") == cancel.case.appointment]
    if not mine:
        told = f"the list without a filter by status ({counted(len(shown), 'row')}) does not hold cancelled appointment {cancel.case.appointment}"
        yield replace(broken("list", "list without a filter", "0 times", "once", told), shown_by=listed)
        return
    yield from _counted(listed, shown)
    for row in rows((episode.payload(Role.CALENDAR) or {}).get("appointments")):
        if row.get("id") == cancel.case.appointment:
            words = [name for name in ("status", "payment_status") if name in row and name in mine[0]]
            found = differences(words, row, mine[0], telling=frozenset(words))
            yield broken_by(found, "in the calendar, ", " as in the list", episode.one(Role.CALENDAR))


def _shown_active(listed: Exchange, read: Payload) -> Finding:
    """The breach of a list that shows as active what a read shows as cancelled."""
    mine = (row for row in listed_rows(listed) or () if row.get("id") == read.get("id") and "status" in row)
    row = next((row for row in mine if not ACTION.is_done(row)), None)
    if row is None:
        return None
    fact = f"in the list, status of appointment {row['id']} is {spelled(row, 'status')}"
    told = f"{fact}, not {ACTION.done!r} as a read shows it"
    return replace(broken("list", "list/status", "another word", repr(ACTION.done), told), shown_by=listed)


def _hidden(listed: Exchange, active: Payload) -> Finding:
    """The breach of a list that lacks what a read shows as active."""
    shown, number = listed_rows(listed) or [], active.get("id")
    told = f"the list ({counted(len(shown), 'row')}) does not hold active appointment {number}, which a read shows"
    lacks = replace(broken("list", "list with an active one", "0 times", "once", told), shown_by=listed)
    return None if any(row.get("id") == number for row in shown) else lacks


def _counted(listed: Exchange, shown: list[Payload]) -> Iterator[Finding]:
    meta = listed.answer.json.get("meta") if listed.answer and isinstance(listed.answer.json, dict) else None
    count = meta.get("count") if isinstance(meta, dict) else None
    # More than are shown may be on other pages.
    if isinstance(count, int):
        told = f"the list's meta.count is {count}, and it holds {counted(len(shown), 'row')}"
        few = replace(broken("list", "/meta/count", "fewer than its rows", "its rows", told), shown_by=listed)
        yield few if count < len(shown) else None


def tells_deletion(shown: Payload) -> bool:
    """Whether an appointment that is still shown says itself that it was deleted, as with soft deletion."""
    told = [name for name, value in shown.items() if value] + [str(shown.get("status"))]
    is_inactive = any(shown.get(name) is False for name in _ACTIVITY)
    return is_inactive or any(word in name.lower() for name in told for word in _DELETION)


def _deleted(episode: Episode, _: Terms) -> Iterator[Finding]:
    deletion = episode.one(Role.DELETED)
    if episode.kind is not Kind.DELETED or deletion is None or deletion.status is None:
        return
    fact = f"{deletion.fact} when a cancelled appointment is deleted"
    if deletion.status >= FIRST_FAILURE and deletion.status != _NOT_IMPLEMENTED:
        yield wrong_status(deletion, "204", f"{fact}, not 204")
    elif deletion.status not in _DONE:
        yield NotApplicable(fact)
    else:
        yield from _gone(episode, deletion.case.appointment)


def _gone(episode: Episode, deleted: int | None) -> Iterator[Finding]:
    for role, what in ((Role.AGAIN, "cancelled again"), (Role.AFTER, "read")):
        for shown in episode.all(role):
            if shown.status is not None:
                kept = shown.is_refused or (shown.status == 200 and tells_deletion(shown.payload or {}))
                told = f"{shown.fact} when a deleted appointment is {what}, not 404"
                yield None if kept else wrong_status(shown, "404", told)
    listed, other = episode.one(Role.LISTED), episode.payload(Role.OTHER_AFTER)
    if listed and (shown_rows := listed_rows(listed)) is not None:
        told = f"the list of cancelled appointments holds appointment {deleted}, which was deleted"
        held = any(row.get("id") == deleted and not tells_deletion(row) for row in shown_rows)
        late = replace(broken("list", "list", "a deleted one", "none", told), shown_by=listed)
        yield late if held else None
        if other is not None and isinstance(other.get("id"), int):
            told = f"the list of cancelled appointments does not hold {other['id']} after appointment {deleted} was deleted"
            lost = broken("list", "list", "another one lost", "the one deleted", told)
            yield None if _holds(listed, other["id"]) else lost
    rebook = episode.one(Role.REBOOK)
    if rebook and rebook.answer:
        told = f"{rebook.fact}, not 201, when the slot of a deleted appointment is booked"
        kept = is_free_again(episode, rebook)
        yield None if kept else broken("slot", "booking after a deletion", str(rebook.status), "201", told)


CLAUSES: Final = (
    Clause("effect/not-undone", Level.MUST, "policy", OPERATION,
           "No other method on its path, and no change of a client field, undoes a cancel", _undone, evidence=STATUS),
    Clause("effect/filtered-list", Level.MUST, "policy", f"{FIELDS}/status",
           "A list by the status or payment status that it had does not hold it any more", _filtered, evidence=STATUS),
    Clause("effect/lists-agree", Level.SHOULD, "policy", f"{FIELDS}/status",
           "The list without a status filter holds and counts what was cancelled; the calendar shows it alike", _agree,
           evidence=STATUS),
    Clause("effect/deleted-afterwards", Level.MUST, "policy", OPERATION,
           "What is deleted after its cancel is gone, or shown as deleted, alone, and leaves its slot free", _deleted,
           evidence=STATUS),
)  # fmt: skip
"""The family's clauses of what comes afterwards."""
