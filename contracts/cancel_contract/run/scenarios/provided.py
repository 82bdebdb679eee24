"""What the settings name, held to what the target shows: a setting that is wrong is no breach, and no promise kept.

Lives here: appointments and members that were named by people. May not know: clauses.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.case import Case, Intent, appointments_path
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Held
from cancel_contract.run.context import OK, Stage
from cancel_contract.target.settings import remedy, variable

NOT_FOUND: Final = 404
READONLY: Final = "readonly_appointment_id"
PAID_EXPENSE: Final = "paid_expense_appointment_id"
FOREIGN_APPOINTMENT: Final = "foreign_appointment_id"


class NoExpense(Unprepared):
    """The appointment that is to have a paid expense has none."""


def named(stage: Stage, setting: str) -> Held:
    """The appointment that a setting names. Raises Unprepared where the member does not see it."""
    number = getattr(stage.target.settings, setting) or 0
    held = Held(number, stage.read(number))
    if held.seen.status != OK:
        raise unfit(setting, f"names appointment {number}, and when it is read {held.seen.fact}")
    return held


def imported(stage: Stage) -> Held:
    """The read-only appointment. Raises Unprepared where it is not there, or by its source is none."""
    held = named(stage, READONLY)
    if held.is_imported is False:
        raise unfit(READONLY, f"names appointment {held.id}, which by its source was not imported")
    return held


def paid(stage: Stage) -> Held:
    """The appointment with a paid expense. Raises Unprepared where it is not there, or has none."""
    held = named(stage, PAID_EXPENSE)
    if held.is_imported:
        raise unfit(PAID_EXPENSE, f"names appointment {held.id}, which was imported and cannot be cancelled")
    if held.not_undone:
        raise unfit(PAID_EXPENSE, f"names appointment {held.id}, and {held.not_undone}")
    expense = held.payload.get("expense")
    if not expense or (isinstance(expense, dict) and expense.get("status") == "unpaid"):
        raise NoExpense(str(unfit(PAID_EXPENSE, f"names appointment {held.id}, which has no paid expense")))
    return held


def unfit(setting: str, fact: str, more: str = "") -> Unprepared:
    """What is raised where a setting is not what it says."""
    return Unprepared(f"{variable(setting)} {fact}: {remedy(setting)}{more}")


def known(stage: Stage, holder: Holder) -> None:
    """Raise Unprepared where a token is answered as one that nobody has: its refusal would show nothing."""
    if not stage.knows(holder, stage.victim().id):
        raise unfit(holder.value, "is answered as a token that nobody has")


def other(stage: Stage) -> Held | None:
    """The other account's appointment as its own member sees it; nothing where the settings do not name both.

    Raises Unprepared where that member does not see it, or does not get into the other account.
    """
    settings = stage.target.settings
    account, number = settings.foreign_account_id, settings.foreign_appointment_id
    if not account or not stage.has(Holder.FOREIGN):
        return None
    if stage.other is None:
        credential = Credential(Holder.FOREIGN)
        seen = stage.read(number, credential, account) if number else listed(stage, credential, account)
        if seen.status != OK:
            numbers = "both numbers are" if number else "the number is"
            more = f", and see that {numbers} of that account" if seen.status == NOT_FOUND else ""
            raise unfit("foreign_api_token", f"does not open {_what(number, account)} ({seen.fact})", more)
        stage.other = Held(number or 0, seen)
    return stage.other if number else None


def _what(number: int | None, account: int) -> str:
    where = f"{variable('foreign_account_id')}={account}"
    return f"{variable('foreign_appointment_id')}={number} in {where}" if number else where


def listed(stage: Stage, credential: Credential, account: int) -> Exchange:
    """A look into the list of an account, as some member sees it."""
    now = datetime.now(UTC).replace(microsecond=0)
    query = urlencode({"from": now.isoformat(), "to": (now + timedelta(minutes=1)).isoformat()})
    return stage.send(
        Case("other account", Intent.LIST, appointments_path(account), "GET", credential, query, repeatable=True)
    )
