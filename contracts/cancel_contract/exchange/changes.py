"""What an appointment has become, between two views of it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cancel_contract.exchange.attributes import own_alone
from cancel_contract.exchange.compare import (
    COMMENT,
    EXPENSE_FIELDS,
    FOUND_LATER,
    OBSERVED,
    PAYMENT_FIELDS,
    TELLING,
    Payload,
    differences,
    documented_differences,
    rows_of,
)
from cancel_contract.exchange.difference import Broken, Difference, broken, broken_by
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment

STATUS: Final = "status"
"""The field whose change says most."""
_PAYMENT_MORE: Final = frozenset({"created_at", "recorded_by_id"})
_EXPENSE_MORE: Final = frozenset({"created_at", "paid_at", "paid_by_id"})
"""Undocumented fields of payments and expenses (observed)."""
_WORD: Final = re.compile(r"\w{3,}")


def changes(
    fragment: Fragment, before: Payload, after: Payload, found_later: frozenset[str] = FOUND_LATER
) -> Iterator[Difference]:
    """Every field, documented or observed, in which an appointment is not what it was.

    Fields that nobody knows are left out, those of payments and the expense, too: a later generation may send any, such
    as links that are signed anew for each read. So is `updated_at`: some targets touch their rows by themselves, and it
    alone hurts nobody (policy).
    """
    before, after = own_alone(before, after)
    known = {*fragment.documented_fields, *shown_by_both(OBSERVED, before, after)} - {"updated_at"}
    names = sorted(known, key=lambda name: (name != STATUS, name))
    pair = _known(after, before), _known(before, after)
    yield from differences(names, *pair, telling=TELLING, found_later=found_later)


def observed_changes(fragment: Fragment, before: Payload, after: Payload) -> Iterator[Difference]:
    """Every field that was observed and is not documented in which an appointment is not what it was, as `changes` has
    it.
    """
    before, after = own_alone(before, after)
    undocumented = (name for name in OBSERVED if name not in fragment.documented_fields and name != "updated_at")
    names = shown_by_both(undocumented, before, after)
    yield from differences(names, after, before, telling=TELLING, found_later=FOUND_LATER)


def shown_by_both(names: Iterable[str], before: Payload, after: Payload) -> Iterator[str]:
    """Yield those undocumented fields in which two views can be compared: no page says that any server has one, and
    whether what holds nothing is null or empty.
    """
    yield from (name for name in names if name in before and name in after and (before[name] or after[name]))


def comment_replaced(before: Payload, after: Payload) -> Iterator[Difference]:
    """A comment that is another one: a view may spell it otherwise, cut it, or show a line more, and none at all."""
    if _words_of(before) and _words_of(after) and not _words_of(before) & _words_of(after):
        yield from differences([COMMENT], after, before)


def comment_lost(before: Payload, after: Payload) -> Iterator[Difference]:
    """A comment that is another one, or gone."""
    if before.get(COMMENT) and COMMENT in after and not after[COMMENT]:
        yield from differences([COMMENT], after, before)
    yield from comment_replaced(before, after)


def _words_of(payload: Payload) -> frozenset[str]:
    return frozenset(_WORD.findall(str(payload.get(COMMENT) or "").casefold()))


def _known(payload: Payload, other: Payload) -> Payload:
    """Return an appointment with what is known of its payments, in order, and of its expense: of what is undocumented
    in these, that which another view shows, too.
    """
    rows, others, expense, owed = rows_of(payload), rows_of(other), payload.get("expense"), other.get("expense")
    parts: dict[str, object] = {}
    if rows is not None:
        shown = _PAYMENT_MORE.intersection(*rows, *(others or ()))
        parts["payments"] = [_only(row, *PAYMENT_FIELDS, *shown) for row in rows]
    if isinstance(expense, dict):
        parts["expense"] = _only(expense, *EXPENSE_FIELDS, *_EXPENSE_MORE.intersection(*([owed] if owed else [])))
    return {**payload, **parts}


def _only(row: Payload, *names: str) -> Payload:
    return {name: row[name] for name in names if name in row}


def change(fragment: Fragment, before: Payload, after: Exchange, when: str) -> Broken | None:
    """What a read shows to have changed in an appointment; one that cannot be read has changed."""
    if after.payload is None:
        return unread(after, f"{when}, {after.fact} when the appointment is read, not 200")
    return broken_by(changes(fragment, before, after.payload), f"{when}, ")


def documented_change(fragment: Fragment, before: Payload, after: Exchange, when: str) -> Broken | None:
    """What a read shows to have changed in the documented fields of an appointment; one that cannot be read has."""
    if after.payload is None:
        return change(fragment, before, after, when)
    return broken_by(documented_differences(fragment, after.payload, before), f"{when}, ")


def changed_fields(fragment: Fragment, before: Payload, after: Payload) -> frozenset[str]:
    """Return the names of the fields, documented or observed, in which an appointment is not what it was.

    What a target may find later counts, too: whoever asks looks for what the target does by itself.
    """
    return frozenset(found.where.split("/")[1] for found in changes(fragment, before, after, frozenset()))


def unread(read: Exchange, told: str) -> Broken:
    """A read that shows no appointment."""
    got = "no answer" if read.status is None else str(read.status) if read.status != 200 else "200 without a payload"
    return broken("status", "read", got, "200", told)
