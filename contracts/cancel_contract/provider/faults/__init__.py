"""The fault catalogue of faults, in the order of the families of clauses."""

from typing import Final

from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults import (
    access,
    bodies,
    caches,
    effect,
    effect_elsewhere,
    fields,
    framing,
    gateway,
    ids,
    intermittent,
    leaks,
    lost_answers,
    message,
    neighbours,
    readonly,
    repeat,
    single_clauses,
    spelling,
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
    *effect_elsewhere.FAULTS,
    *caches.FAULTS,
    *intermittent.FAULTS,
    *repeat.FAULTS,
    *lost_answers.FAULTS,
    *access.FAULTS,
    *ids.FAULTS,
    *bodies.FAULTS,
    *spelling.FAULTS,
    *readonly.FAULTS,
    *single_clauses.FAULTS,
)
"""Every fault."""


def fault(name: str) -> Fault:
    """Give the fault of a name."""
    return named("fault", name, FAULTS)
