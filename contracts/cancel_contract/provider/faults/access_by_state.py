"""Faults of who may cancel that show in appointments of one kind alone."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.credentials import owner_when
from cancel_contract.provider.store.records import Account, Appointment

Rule = Callable[[Appointment], bool]


def _row(call: Call) -> Appointment | None:
    return call.store.appointments.get(to_i(call.route.appointment))


def _applies(call: Call, rule: Rule) -> bool:
    row = _row(call)
    return row is not None and not row.cancelled and rule(row)


def _permitted(rule: Rule) -> Hooks:
    """Ask for no permission to cancel some appointments."""

    def hook(call: Call, proceed: Stage[None]) -> None:
        if not _applies(call, rule):
            proceed(call)

    return Hooks(permit=hook)


def _known(rule: Rule) -> Hooks:
    """Take any token for some appointments."""
    return Hooks(authenticate=owner_when(lambda call: call.token is not None and _applies(call, rule)))


def _entered(rule: Rule) -> Around[Account]:
    """Ask nobody for membership where some appointments are concerned."""

    def hook(call: Call, proceed: Stage[Account]) -> Account:
        return access.account(call) if _applies(call, rule) else proceed(call)

    return hook


def _nobody(rule: Rule) -> Hooks:
    """Ask for no token at all for some appointments."""
    return Hooks(authenticate=owner_when(lambda call: call.token is None and _applies(call, rule)))


def _done(rule: Rule) -> Hooks:
    """Refuse, and cancel some appointments all the same."""
    return Hooks(handle=rows.refused_and_done, when=lambda call: _applies(call, rule))


async def _expense_gone(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Look whether somebody may cancel once the expense is taken back."""
    answer = await proceed(call)
    row = _row(call)
    if answer.status in {401, 403} and row is not None and not row.cancelled:
        call.store.put(replace(row, expense=None))
    return answer


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("confirmed-for-nobody", "access/no-token", "The link in the confirmation needs no sign-in at all.",
          _nobody(lambda row: row.status == "confirmed")),
    Fault("completed-for-nobody", "access/no-token", "A terminal on the wall, which nobody signs in at, closes visits.",
          _nobody(lambda row: row.status == "completed")),
    Fault("missed-for-nobody", "access/no-token", "A nightly script clears who did not come, and has no token.",
          _nobody(lambda row: row.status == "no_show")),
    Fault("paid-unguarded", "access/unprivileged", "What was paid is the desk's matter, and has no rule of rights.",
          _permitted(lambda row: bool(row.payments))),
    Fault("missed-unguarded", "access/unprivileged", "Whoever did not come is no client, and has no rule of rights.",
          _permitted(lambda row: row.status == "no_show")),
    Fault("confirmed-unguarded", "access/unprivileged", "The link in the confirmation serves everybody who signs in.",
          _permitted(lambda row: row.status == "confirmed")),
    Fault("free-unguarded", "access/unprivileged", "What costs nothing is a favour, which anybody may take back.",
          _permitted(lambda row: row.service_amount == 0)),
    Fault("completed-for-any-token", "access/wrong-token", "Completed visits are archived, and the archive is public.",
          _known(lambda row: row.status == "completed")),
    Fault("free-for-any-token", "access/wrong-token", "Where nothing is owed a link without a sign-in is enough.",
          _known(lambda row: row.service_amount == 0)),
    Fault("begun-for-any-token", "access/wrong-token", "The filter is one of visits to come.",
          _known(lambda row: row.starts_at < row.created_at)),
    Fault("missed-for-any-token", "access/wrong-token", "Who did not come is sent a link with a token of any form.",
          _known(lambda row: row.status == "no_show")),
    Fault("confirmed-for-any-account", "access/foreign-token", "Confirmations are sent for the whole chain.",
          Hooks(enter=_entered(lambda row: row.status == "confirmed"))),
    Fault("missed-for-any-account", "access/foreign-token", "Those who did not come are listed for the whole chain.",
          Hooks(enter=_entered(lambda row: row.status == "no_show"))),
    Fault("completed-for-any-account", "access/foreign-token", "Reports are made for the chain, and find what is over.",
          Hooks(enter=_entered(lambda row: row.status == "completed"))),
    Fault("free-for-any-account", "access/foreign-token", "Whose a visit is, is a matter of what it costs.",
          Hooks(enter=_entered(lambda row: row.service_amount == 0))),
    Fault("completed-refused-and-done", "access/refused-untouched",
          "What is over is handed to the cashier's queue before anybody's rights are looked at.",
          _done(lambda row: row.status == "completed")),
    Fault("missed-refused-and-done", "access/refused-untouched", "A job clears who did not come, whoever has asked.",
          _done(lambda row: row.status == "no_show")),
    Fault("confirmed-refused-and-done", "access/refused-untouched", "A confirmation ends before rights are known.",
          _done(lambda row: row.status == "confirmed" and row.starts_at > row.created_at)),
    Fault("running-refused-and-done", "access/refused-untouched", "What has begun is stopped before rights are known.",
          _done(lambda row: row.starts_at < row.created_at)),
    Fault("refused-expense-gone", "access/refused-untouched", "The expense is taken back before the policy is asked.",
          Hooks(handle=_expense_gone)),
)  # fmt: skip
"""In the order of the clauses that they break."""
