"""Cancels of an appointment that was imported from another system."""

from typing import Final

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.provided import READONLY, imported
from cancel_contract.run.scenarios.scenario import Scenario


def _imported(context: Context) -> None:
    snapshot = imported(context)
    if snapshot.not_undone:
        context.submit(Kind.READONLY, (Role.BEFORE, snapshot.seen))
        return
    cancel = context.cancel(snapshot.id, "cancel", Intent.READONLY)
    after = context.read(snapshot.id)
    context.submit(Kind.READONLY, (Role.BEFORE, snapshot.seen), (Role.CANCEL, cancel), (Role.AFTER, after))


SCENARIOS: Final = (Scenario("readonly/imported", _imported, 0, 3, (READONLY,), uses_up=(READONLY,)),)
"""The family's scenarios."""
