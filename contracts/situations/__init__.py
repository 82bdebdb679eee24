"""What no generator finds: hand-written situations, one module per clause family. May not know: clauses' verdicts."""

from typing import Final

from contracts.situations import access, effect, input, readonly, repeat  # noqa: A004  the family's name
from contracts.situations.situation import Situation

SITUATIONS: Final = (
    *effect.SITUATIONS,
    *repeat.SITUATIONS,
    *access.SITUATIONS,
    *input.SITUATIONS,
    *readonly.SITUATIONS,
)
"""Every situation, family by family."""

__all__ = ["SITUATIONS", "Situation"]
