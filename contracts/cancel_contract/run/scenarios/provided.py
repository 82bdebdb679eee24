"""Compares what the settings hand over with what the target shows.

A setting that is wrong is no breach, and keeps no promise.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.case import Case, Intent, appointments_path, range_query
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.probes import knows
from cancel_contract.target.settings import remedy, variable

NOT_FOUND: Final = 404
READONLY: Final = "readonly_appointment_id"
PAID_EXPENSE: Final = "paid_expense_appointment_id"
FOREIGN_APPOINTMENT: Final = "foreign_appointment_id"


class NoExpense(Unprepared):
    """The appointment that should have a paid expense has none."""


def named(context: Context, setting: str) -> Snapshot:
    """Return the appointment that a setting names. Raises Unprepared if the member does not see it."""
    number = getattr(context.target.settings, setting) or 0
    snapshot = Snapshot(number, context.read(number))
    if snapshot.seen.status != OK:
        raise unfit(setting, f"names appointment {number}, and when it is read {snapshot.seen.fact}")
    return snapshot


def imported(context: Context) -> Snapshot:
    """Return the read-only appointment. Raises Unprepared if it is absent, or not imported by its source."""
    snapshot = named(context, READONLY)
    if snapshot.is_imported is False:
        raise unfit(READONLY, f"names appointment {snapshot.id}, which by its source was not imported")
    return snapshot


def paid(context: Context) -> Snapshot:
    """Return the appointment with a paid expense. Raises Unprepared if it is absent, or has none."""
    snapshot = named(context, PAID_EXPENSE)
    if snapshot.is_imported:
        raise unfit(PAID_EXPENSE, f"names appointment {snapshot.id}, which was imported and cannot be cancelled")
    if snapshot.not_undone:
        raise unfit(PAID_EXPENSE, f"names appointment {snapshot.id}, and {snapshot.not_undone}")
    expense = snapshot.payload.get("expense")
    if not expense or (isinstance(expense, dict) and expense.get("status") == "unpaid"):
        raise NoExpense(str(unfit(PAID_EXPENSE, f"names appointment {snapshot.id}, which has no paid expense")))
    return snapshot


def unfit(setting: str, fact: str, more: str = "") -> Unprepared:
    """Return the error for a setting that is not what it says."""
    return Unprepared(f"{variable(setting)} {fact}: {remedy(setting)}{more}")


def known(context: Context, holder: Holder) -> None:
    """Raise Unprepared if the target answers a token as an unknown one: its refusal would prove nothing."""
    if not knows(context, holder, context.victim().id):
        raise unfit(holder.value, "is answered as a token that nobody has")


def other(context: Context) -> Snapshot | None:
    """Return the other account's appointment as its own member sees it; nothing if the settings do not name both.

    Raises Unprepared if that member does not see it, or has no access to the other account.
    """
    settings = context.target.settings
    account, number = settings.foreign_account_id, settings.foreign_appointment_id
    if not account or not context.has(Holder.FOREIGN):
        return None
    if context.other is None:
        credential = Credential(Holder.FOREIGN)
        seen = context.read(number, credential, account) if number else listed(context, credential, account)
        if seen.status != OK:
            numbers = "both numbers are" if number else "the number is"
            more = f", and see that {numbers} of that account" if seen.status == NOT_FOUND else ""
            raise unfit("foreign_api_token", f"does not open {_what(number, account)} ({seen.fact})", more)
        context.other = Snapshot(number or 0, seen)
    return context.other if number else None


def _what(number: int | None, account: int) -> str:
    where = f"{variable('foreign_account_id')}={account}"
    return f"{variable('foreign_appointment_id')}={number} in {where}" if number else where


def listed(context: Context, credential: Credential, account: int) -> Exchange:
    """Return the case that lists an account's appointments, as some member."""
    now = datetime.now(UTC).replace(microsecond=0)
    query = range_query(now, now + timedelta(minutes=1))
    return context.send(
        Case("other account", Intent.LIST, appointments_path(account), "GET", credential, query, repeatable=True)
    )
