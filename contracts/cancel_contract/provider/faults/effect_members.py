"""Faults of what a cancel by another member writes into the record."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.store.records import Appointment


def _by_caller(change: Callable[[Appointment, int], Appointment]) -> Around[Awaitable[Appointment]]:
    """Write the caller into what the cancel leaves."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        return call.store.put(change(await proceed(call), call.caller.id))

    return hook


def _recorded(done: Appointment, by: int) -> Appointment:
    return replace(done, payments=tuple(replace(row, recorded_by_id=by) for row in done.payments))


FAULTS: Final = (
    Fault("recorded-by-canceller", "effect/recorded-by",
          "The rows of money are saved with whoever cancels, and who took the cash is forgotten (observed).",
          Hooks(transition=_by_caller(_recorded))),
    Fault("maker-becomes-canceller", "effect/references-kept",
          "The record is saved through a form that fills in who made it (observed).",
          Hooks(transition=_by_caller(lambda done, by: replace(done, created_by_id=by)))),
)  # fmt: skip
"""In the order of the clauses that they break."""
