"""The gallery of faults, in the order of the families of clauses."""

from typing import Final

from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults import (
    access,
    around,
    bodies,
    effect,
    fields,
    framing,
    gateway,
    ids,
    leaks,
    lost,
    message,
    narrow,
    neighbours,
    readonly,
    repeat,
    sometimes,
    spelling,
    stale,
    values,
)
from cancel_contract.provider.names import named

FAULTS: Final[tuple[Fault, ...]] = (
    *message.FAULTS,
    *framing.FAULTS,
    *gateway.FAULTS,
    *leaks.FAULTS,
    *fields.FAULTS,
    *values.FAULTS,
    *effect.FAULTS,
    *neighbours.FAULTS,
    *around.FAULTS,
    *stale.FAULTS,
    *sometimes.FAULTS,
    *repeat.FAULTS,
    *lost.FAULTS,
    *access.FAULTS,
    *ids.FAULTS,
    *bodies.FAULTS,
    *spelling.FAULTS,
    *readonly.FAULTS,
    *narrow.FAULTS,
)
"""Every fault."""


def fault(name: str) -> Fault:
    """Give the fault of a name."""
    return named("fault", name, FAULTS)
