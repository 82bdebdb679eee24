"""What the endpoint under test does to an appointment: all that tells a cancel from another action.

A second action would be another record here, with a fragment, an operation of the provider, and clauses and faults of
its effect.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cancel_contract.fragment.endpoint import Endpoint, filled
from cancel_contract.fragment.shipped import ENDPOINT

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """An action on one appointment, and how it is known to be done."""

    endpoint: Endpoint
    done: str
    """The status of an appointment on which it was done."""
    changes: Payload = field(hash=False)
    """The fields that take another value, with it."""
    consequences: Callable[[Payload], Payload]
    """From an appointment before to the fields that change by what else they hold."""
    undo: Payload = field(hash=False)
    """What an update of the appointment sends to undo it (sibling)."""

    def path(self, account: int | str, appointment: int | str) -> str:
        """Return the path under test (documented)."""
        return filled(self.endpoint.path, account, appointment)

    def is_done(self, payload: object) -> bool:
        """Whether a payload shows an appointment on which the action was done."""
        return isinstance(payload, Mapping) and payload.get("status") == self.done

    def after(self, before: Payload) -> Payload:
        """Return what the action makes of an appointment (observed)."""
        # A field that the target never sends is missed by its own clause, not by all.
        changed = {name: value for name, value in self.changes.items() if name in before}
        return {**before, **changed, **self.consequences(before)}


def _without_unpaid_expense(before: Payload) -> Payload:
    expense = before.get("expense")
    unpaid = isinstance(expense, Mapping) and expense.get("status") == "unpaid"
    return {"expense": None if unpaid else expense}


CANCEL: Final = Action(
    endpoint=ENDPOINT,
    done="cancelled",
    changes={"status": "cancelled", "payment_status": "cancelled"},
    consequences=_without_unpaid_expense,
    undo={"status": "scheduled", "payment_status": "awaiting_payment"},
)
"""What cancelling means. Cleaning up is a cancel, whatever action is under contract."""
ACTION: Final = CANCEL
"""The action under contract."""
