"""Hand-written scenarios, one module per clause family."""

from typing import Final

from cancel_contract.run.scenarios import (
    access,
    callers,
    effect,
    input,  # noqa: A004  the family's name
    races,
    readonly,
    repeat,
)
from cancel_contract.run.scenarios.scenario import Scenario

SCENARIOS: Final = (
    *effect.SCENARIOS,
    *repeat.SCENARIOS,
    *races.SCENARIOS,
    *access.SCENARIOS,
    *callers.SCENARIOS,
    *input.SCENARIOS,
    *readonly.SCENARIOS,
)
"""Every scenario, family by family."""

__all__ = ["SCENARIOS", "Scenario"]
