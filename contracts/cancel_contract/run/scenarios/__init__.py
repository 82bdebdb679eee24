"""What no generator finds: hand-written situations, one module per clause family. May not know: clauses' verdicts."""

from typing import Final

from cancel_contract.run.scenarios import (
    access,
    effect,
    input,  # noqa: A004  the family's name
    readonly,
    repeat,
)
from cancel_contract.run.scenarios.scenario import Situation

SITUATIONS: Final = (
    *effect.SITUATIONS,
    *repeat.SITUATIONS,
    *access.SITUATIONS,
    *input.SITUATIONS,
    *readonly.SITUATIONS,
)
"""Every situation, family by family."""

__all__ = ["SITUATIONS", "Situation"]
