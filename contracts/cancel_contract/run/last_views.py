"""Shows at the end, by one list, what has become of all that a run has cancelled or tried to."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from cancel_contract.clauses.clause import succeeded
from cancel_contract.clauses.effect_elsewhere import SINCE, listed_rows, paid_for_another, shows_statuses
from cancel_contract.errors import Afresh, Overspent, Unprepared
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import COMMENT, Payload, same_in
from cancel_contract.exchange.credential import MEMBER
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import ACCEPTED, FIRST_REFUSAL, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.spoken import EARLIER
from cancel_contract.exchange.timestamps import instant
from cancel_contract.run.context import Context
from cancel_contract.run.copies import copies
from cancel_contract.run.late_looks import submit_late
from cancel_contract.run.scenarios.effect import listed as list_of
from cancel_contract.run.scenarios.lists import LAG, ask, holds, look_again

_TIMES: Final = ("starts_at", "ends_at")
_MEASURES: Final = frozenset({Intent.FIRST, Intent.READ})
"""What shows an appointment as it is; the answer to a later cancel may be wrong by itself."""
_VIEWS: Final = frozenset({Intent.CREATE, Intent.READ})
_CHANGES: Final = frozenset({Intent.UPDATE, Intent.REVIVE})
_ROWS: Final = frozenset({"payments", "expense"})
"""Fields that a list may show in part."""
_MOST: Final = 3
"""Appointments that are read: more of them show no more."""
_MOST_UNLISTED: Final = 2
"""The same of those that no list shows: on a server whose lists have pages they are many."""


def look_over(context: Context, exchanges: Sequence[Exchange]) -> tuple[int, ...]:
    """Look for what a job has undone, done or taken in the meantime; a list shows it of all.

    What the list does not hold is judged by a read, and by a list of its own: it may be on another page. Returns what
    the list shows as active that the target has made of the run's own.
    """
    cancelled = first_cancelled(context, exchanges)
    if not (times := _times(one.payload for one in cancelled.values())):
        return ()
    imported, active = _imported(context, exchanges), _active(context, exchanges)
    times += _times(one.payload or {} for one in (*([imported] if imported else []), *active.values()))
    times += [moment for sought in context.supply.unmade for moment in (sought.start, sought.end)]
    span = {"starts_at": min(times).isoformat(), "ends_at": max(times).isoformat()}
    place = {"resource_id": context.target.settings.resource_id}
    listed = ask(context, "list, last", {**span, **place}, lambda shown: not _undone(shown, cancelled))
    context.supply.listed(listed_rows(listed) or ())
    _look_at_changed(context, exchanges, listed, cancelled)
    _look_at_refused(context, exchanges, listed)
    _look_at_imported(context, imported, listed)
    _look_at_taken(context, exchanges, listed, active)
    _look_at_active(context, listed, cancelled, active)
    return tuple(copies(context, listed, cancelled, [one for one in exchanges if one.case.intent in _CHANGES]))


def cancel_attacked(context: Context, exchanges: Sequence[Exchange]) -> None:
    """Cancel what many have tried to cancel who may not: that, too, does what a first cancel does, and no more."""
    shown = [one for one in exchanges if one.case.intent is Intent.READ and one.case.credential == MEMBER]
    seen = {one.appointment: one for one in shown if one.payload and one.payload.get("id") == one.appointment}
    changed = {one.case.appointment: one.number for one in exchanges if one.case.intent in _CHANGES}
    mine = (one for one in context.supply.active if one in seen and context.supply.asked_for(one))
    known = (number for number in mine if changed.get(number, 0) < seen[number].number)
    active = [number for number in known if not ACTION.is_done(seen[number].payload)]
    with suppress(Unprepared, Overspent, Afresh):
        for number in active[:_MOST]:
            cancel = context.cancel(number, "cancel, last of all", Intent.FIRST)
            steps = ((Role.BEFORE, seen[number]), (Role.CANCEL, cancel), (Role.AFTER, context.read(number)))
            context.submit(Kind.FIRST_CANCEL, *steps, topic=str((seen[number].payload or {}).get("status")))


def first_cancelled(context: Context, exchanges: Sequence[Exchange]) -> dict[int, Snapshot]:
    """Return what was cancelled for the first time on the run's resource, and is so as far as the run knows."""
    resource = context.target.settings.resource_id
    # The id of what was deleted may be anybody's by now.
    left_out = deleted(exchanges) | {*context.supply.active}
    its = (one for one in exchanges if one.case.is_under_test and one.case.intent is not Intent.READONLY)
    done = filter(succeeded, its)
    shown = (Snapshot(one.case.appointment, one) for one in done if one.case.appointment is not None)
    found: dict[int, Snapshot] = {}
    for one in shown:
        if one.payload.get("resource_id") == resource and one.id not in left_out and one.payload.keys() >= {*_TIMES}:
            found.setdefault(one.id, one)
    return found


def deleted(exchanges: Sequence[Exchange]) -> frozenset[int | None]:
    """Return the ids of what was deleted, or may be."""
    deletions = (one for one in exchanges if one.case.intent is Intent.DELETE and not one.is_refused)
    return frozenset(one.case.appointment for one in deletions)


def _undone(listed: Exchange, cancelled: Mapping[int, Snapshot]) -> list[int]:
    """Return which of the cancelled appointments a list shows as active; none where it shows no statuses."""
    listed_now = listed_rows(listed) or []
    mine = (row for row in listed_now if row.get("id") in cancelled)
    return [row["id"] for row in mine if not ACTION.is_done(row)] if shows_statuses(listed_now) else []


def _look_at_changed(
    context: Context, exchanges: Sequence[Exchange], listed: Exchange, cancelled: Mapping[int, Snapshot]
) -> None:
    """Read what a list shows as active, or otherwise than the same member was last shown it, and judge the read: a list
    may spell values otherwise.
    """
    seen, undone = _measures(context, exchanges), _undone(listed, cancelled)
    shown = [row for row in listed_rows(listed) or () if row.get("id") in cancelled.keys() & seen.keys()]
    names = _comparable(context, [(row, seen[row["id"]].payload or {}) for row in shown])
    changed = [row["id"] for row in shown if _differs(names, row, seen[row["id"]].payload or {})]
    strange = [row["id"] for row in shown if paid_for_another(row, seen[row["id"]].payload or {})][:_MOST]
    rows, otherwise = listed_rows(listed), list[Exchange]()
    # What is not listed may be on another page, or gone.
    unlisted = [] if rows is None else [number for number in cancelled if all(row.get("id") != number for row in rows)]
    for number in dict.fromkeys((*undone[:_MOST], *changed[:_MOST], *strange, *unlisted[:_MOST_UNLISTED])):
        before = ((Role.BEFORE, seen[number]),) if number in seen else ()
        submit_late(context, *before, (Role.AFTER, after := context.read(number)))
        if number in undone and ACTION.is_done(after.payload):
            # It was asked for again in the meantime.
            context.submit(Kind.LISTS, (Role.OTHER_AFTER, after), (Role.LISTED, listed))
        if number in strange:
            # The list is held against this read: much may have been changed since the cancel answered.
            context.submit(Kind.LATE, (Role.CANCEL, after), (Role.LISTED, listed))
        elif number in changed and not _differs(names, after.payload or {}, seen[number].payload or {}):
            otherwise.append(after)
        is_as_answered = not _differs(names, after.payload or {}, cancelled[number].payload)
        # A list may leave out what is old, as what is handed over may be.
        is_of_a_list = number in unlisted and context.supply.asked_for(number)
        if is_of_a_list and after.payload and ACTION.is_done(after.payload) and is_as_answered:
            # The list of its own time, by its status, has no second page; of what was changed since, it shows that.
            list_of(context, cancelled[number].seen, after.payload)
    _hold_against(context, listed, otherwise)


def _hold_against(context: Context, listed: Exchange, reads: Sequence[Exchange]) -> None:
    """Ask once more for a list that shows appointments otherwise than reads of them do, once no index can lag."""
    if reads:
        context.wait(LAG)
        later = context.send(replace(listed.case, key="list, last of all"))
        for read in reads:
            context.submit(Kind.LATE, (Role.CANCEL, read), (Role.LISTED, later))


def _comparable(context: Context, shown: Sequence[tuple[Payload, Payload]]) -> list[str]:
    """Return the fields in which the rows of a list may be compared with other views of the same appointments: payments
    and expenses that all differ are shown in part.
    """
    known = (*context.ledger.terms.fragment.documented_fields, COMMENT)
    return [name for name in known if name not in _ROWS or not all(_differs([name], *pair) for pair in shown)]


def _measures(context: Context, exchanges: Sequence[Exchange]) -> dict[int | None, Exchange]:
    """Return how the member was last shown each cancelled appointment.

    What broke a clause by itself is no measure, nor is one of which an update was only accepted: it may be done at any
    time.
    """
    broken = frozenset().union(*context.ledger.broke.values())
    mine = [one for one in exchanges if one.case.credential == MEMBER]
    unfinished = {one.case.appointment for one in mine if one.case.intent is Intent.UPDATE and one.status == ACCEPTED}
    right = (one for one in mine if one.case.intent is Intent.READ or one.case.key not in broken)
    done = (one for one in right if one.case.intent in _MEASURES and ACTION.is_done(one.payload))
    seen = {one.appointment: one for one in done if one.payload and one.payload.get("id") == one.appointment}
    # A copy that lags may have shown what was before the other writer.
    raced = {one.case.appointment for one in exchanges if one.case.intent is Intent.RACED}
    return {number: one for number, one in seen.items() if number not in unfinished | raced}


def _differs(names: Sequence[str], row: Payload, payload: Payload) -> bool:
    return any(name in row and name in payload and not same_in(name, row, payload) for name in names)


def _look_at_refused(context: Context, exchanges: Sequence[Exchange], listed: Exchange) -> None:
    """Read what a list alone shows as cancelled, after refusals alone, and judge the last of them."""
    active = context.supply.active
    shown = [row["id"] for row in listed_rows(listed) or () if row.get("id") in active and ACTION.is_done(row)]
    for number in shown[:_MOST]:
        mine = [one for one in exchanges if one.case.appointment == number]
        refusals = [one for one in mine if one.case.is_under_test and one.status and one.status >= FIRST_REFUSAL]
        seen = [one for one in mine if one.payload]
        if refusals and seen and not any(ACTION.is_done(one.payload) for one in seen):
            steps = ((Role.BEFORE, seen[-1]), (Role.CANCEL, refusals[-1]), (Role.AFTER, context.read(number)))
            context.submit(Kind.REFUSAL, *steps, topic=EARLIER)


def _imported(context: Context, exchanges: Sequence[Exchange]) -> Exchange | None:
    """Return the last read of the imported appointment, if it is of the run's resource."""
    settings = context.target.settings
    reads = [one for one in exchanges if one.case.intent is Intent.READ and one.case.credential == MEMBER]
    seen = [one for one in reads if one.payload and one.case.appointment == settings.readonly_appointment_id]
    return seen[-1] if seen and (seen[-1].payload or {}).get("resource_id") == settings.resource_id else None


def _look_at_imported(context: Context, seen: Exchange | None, listed: Exchange) -> None:
    """Read the imported appointment if the list shows it otherwise than its last read: what was cancelled since, beside
    it, may have changed it.
    """
    number, payload = (seen.case.appointment or 0, seen.payload or {}) if seen else (0, {})
    row = next((row for row in listed_rows(listed) or () if row.get("id") == number), None)
    if seen and row and _differs(_comparable(context, [(row, payload)]), row, payload):
        steps = ((Role.OTHER_BEFORE, seen), (Role.OTHER_AFTER, context.read(number)))
        context.submit(Kind.NEIGHBOUR, *steps, topic=SINCE)


def _active(context: Context, exchanges: Sequence[Exchange]) -> dict[int, Exchange]:
    """Return what the member was last shown of the run's own appointments of its resource that are active."""
    mine = (one for one in exchanges if one.case.intent in _VIEWS and one.case.credential == MEMBER)
    seen = {one.appointment: one for one in mine if one.payload}
    its = {number: seen[number] for number in context.supply.active if number in seen}
    resource = context.target.settings.resource_id
    return {number: one for number, one in its.items() if (one.payload or {}).get("resource_id") == resource}


def _look_at_taken(
    context: Context, exchanges: Sequence[Exchange], listed: Exchange, active: Mapping[int, Exchange]
) -> None:
    """Read what the list shows as cancelled though nobody has asked for it: what others were asked for has done it."""
    asked = {one.case.appointment for one in exchanges if one.case.is_under_test or one.case.intent in _CHANGES}
    shown = [row.get("id") for row in listed_rows(listed) or () if ACTION.is_done(row)]
    for number in [one for one in active if one in shown and one not in asked][:_MOST]:
        steps = ((Role.OTHER_BEFORE, active[number]), (Role.OTHER_AFTER, context.read(number)))
        context.submit(Kind.NEIGHBOUR, *steps, topic=SINCE)


def _look_at_active(
    context: Context, listed: Exchange, cancelled: Mapping[int, Snapshot], active: Mapping[int, Exchange]
) -> None:
    """Read what the last list does not hold though it is active, and ask once more: a cancel may hide others.

    A list that lacks one of the cancelled, too, has pages.
    """
    known = {row.get("id") for row in listed_rows(listed) or ()}
    if not cancelled.keys() <= known:
        return
    for number in [one for one in active if one not in known][:_MOST]:
        after = context.read(number)
        if after.payload and not ACTION.is_done(after.payload):
            later = replace(listed.case, key="list, last of all")
            again = look_again(context, listed, partial(context.send, later), holds(number))
            context.submit(Kind.LISTS, (Role.OTHER_AFTER, after), (Role.LISTED, again))


def _times(payloads: Iterable[Payload]) -> list[datetime]:
    """Return when appointments begin and end, as far as they say."""
    moments = (instant(payload.get(name)) for payload in payloads for name in _TIMES)
    return [moment for moment in moments if moment]
