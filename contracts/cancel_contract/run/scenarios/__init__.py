"""Hand-written scenarios, one or more modules per clause family."""

from typing import Final

from cancel_contract.run.scenarios import (
    access,
    callers,
    effect,
    input,  # noqa: A004  the family's name
    neighbour,
    races,
    readonly,
    repeat,
    slot,
)
from cancel_contract.run.scenarios.scenario import Scenario

SCENARIOS: Final = (
    *effect.SCENARIOS,
    *neighbour.SCENARIOS,
    *slot.SCENARIOS,
    *repeat.SCENARIOS,
    *races.SCENARIOS,
    *access.SCENARIOS,
    *callers.SCENARIOS,
    *input.SCENARIOS,
    *readonly.SCENARIOS,
)
"""Every scenario, family by family."""

__all__ = ["SCENARIOS", "Scenario"]
