"""Hand-written scenarios, one or more modules per clause family."""

from typing import Final

from cancel_contract.run.scenarios import (
    access,
    callers,
    input,  # noqa: A004  the family's name
    kinds,
    neighbour,
    odd_bodies,
    races,
    readonly,
    repeat,
    slot,
)
from cancel_contract.run.scenarios.scenario import Scenario

SCENARIOS: Final = (
    *kinds.SCENARIOS,
    *neighbour.SCENARIOS,
    *slot.SCENARIOS,
    *repeat.SCENARIOS,
    *races.SCENARIOS,
    *access.SCENARIOS,
    *callers.SCENARIOS,
    *input.SCENARIOS,
    *odd_bodies.SCENARIOS,
    *readonly.SCENARIOS,
)
"""Every scenario, family by family."""

__all__ = ["SCENARIOS", "Scenario"]
