"""Checks what the settings hand over, with one read each by the member who ought to see it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.credential import Holder
from cancel_contract.exchange.exchange import OK
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.ledger.provided import status_of
from cancel_contract.redaction.personal_data import discreet
from cancel_contract.run.context import Context
from cancel_contract.run.finding import Finding
from cancel_contract.run.resource import APPOINTMENTS
from cancel_contract.run.scenarios.provided import (
    PAID_EXPENSE,
    READONLY,
    NoExpense,
    imported,
    other,
    paid,
)
from cancel_contract.target.settings import NONE, remedy, variable

MOST_READ: Final = 20
"""The most appointments of one's own that are read (policy)."""
OWN: Final = "appointment_ids"
FOREIGN: Final = "foreign_appointment_id"
UNSEEN: Final = ("service_id", "contact_id")
"""What no read of this API shows."""

_QUESTION: Final = "what do the settings provide?"
_ANOTHER: Final = "name another"


def looked_at(context: Context) -> Iterator[Finding]:
    """Say of each appointment that the settings name what it is, or what is wrong with it."""
    settings = context.target.settings
    if settings.appointment_ids:
        yield from _own(context)
    if settings.readonly_appointment_id:
        yield _found(READONLY, lambda: imported(context), _imported)
    if settings.paid_expense_appointment_id:
        yield _found(PAID_EXPENSE, lambda: paid(context), lambda snapshot: f", with a paid expense{_again(snapshot)}")
    if settings.foreign_account_id:
        yield _foreign(context, settings.foreign_account_id)
    if unseen := [variable(name) for name in UNSEEN if not settings.is_missing(name)]:
        fact = "no read shows whether they exist; a run shows which of them the target refuses"
        yield Finding(_QUESTION, f"{' and '.join(unseen)}: {fact}")


def _imported(snapshot: Snapshot) -> str:
    return f", and imported{f': {snapshot.not_undone}, and none is sent' if snapshot.not_undone else ''}"


def _found(setting: str, look: Callable[[], Snapshot], more: Callable[[Snapshot], str]) -> Finding:
    try:
        snapshot = look()
    except NoExpense as error:
        # A run shows whether the target makes expenses; if it makes none, the clause does not apply.
        return replace(_unfit(error), stops=False)
    except Unprepared as error:
        return _unfit(error)
    fact = f"{variable(setting)} names appointment {snapshot.id}, which is {_status(snapshot)}{more(snapshot)}"
    return Finding(_QUESTION, fact)


def _unfit(error: Unprepared) -> Finding:
    fact, _, what_to_do = str(error).rpartition(": ")
    return Finding(_QUESTION, fact, what_to_do)


def _status(snapshot: Snapshot) -> str:
    return discreet(status_of(snapshot.payload))


def _again(snapshot: Snapshot) -> str:
    return ": a run has it scheduled again, if the target does so" if snapshot.is_cancelled else ""


def _own(context: Context) -> Iterator[Finding]:
    numbers = context.target.settings.appointment_ids
    usable = len(numbers) > MOST_READ
    for number in numbers[:MOST_READ]:
        finding = _one_of_ours(Snapshot(number, context.read(number)))
        usable |= finding.is_good
        yield finding
    if left := len(numbers[MOST_READ:]):
        yield Finding(_QUESTION, f"{left} more of {variable(OWN)} are not read: the first {MOST_READ} are")
    if not usable:
        yield Finding(APPOINTMENTS, f"none of {variable(OWN)} can be used", "name others")


def _one_of_ours(snapshot: Snapshot) -> Finding:
    named = f"{variable(OWN)} names appointment {snapshot.id}"
    if snapshot.seen.status != OK:
        return Finding(_QUESTION, f"{named}, and when it is read {snapshot.seen.fact}", _ANOTHER, stops=False)
    if snapshot.is_imported:
        return Finding(_QUESTION, f"{named}, which was imported and cannot be cancelled", _ANOTHER, stops=False)
    if snapshot.not_undone:
        return Finding(_QUESTION, f"{named}, and {snapshot.not_undone}", _ANOTHER, stops=False)
    return Finding(_QUESTION, f"{named}, which is {_status(snapshot)}{_again(snapshot)}")


def _foreign(context: Context, account: int) -> Finding:
    """Look into the other account with its own member's token alone: only the contract tries another's."""
    number = context.target.settings.foreign_appointment_id
    what = f"{variable(FOREIGN)} names appointment {number} of" if number else f"{variable('foreign_account_id')} names"
    try:
        snapshot = other(context)
    except Unprepared as error:
        return _unfit(error)
    token = variable(Holder.FOREIGN)
    if context.other is None and Holder.FOREIGN in context.target.settings.declined:
        return Finding(_QUESTION, f"{what} account {account}, which is not looked into: {token}={NONE}")
    if context.other is None:
        fact = f"{what} account {account}, which only its own member may read"
        return Finding(_QUESTION, fact, f"set {token} {remedy(Holder.FOREIGN).removeprefix('set it ')}", stops=False)
    is_there = f"is {_status(snapshot)}" if snapshot else f"{token} opens"
    return Finding(_QUESTION, f"{what} account {account}, which {is_there}")
