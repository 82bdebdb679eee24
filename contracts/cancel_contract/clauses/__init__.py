"""The catalogue of clauses: every promise is one documented record, and each family has a module."""

from typing import Final

from cancel_contract.clauses import (
    access,
    answer,
    effect,
    input,  # noqa: A004  the family's name
    readonly,
    repeat,
)
from cancel_contract.clauses.clause import (
    Clause,
    Finding,
    Level,
    NotApplicable,
    Terms,
)
from cancel_contract.exchange.difference import Broken

CATALOGUE: Final = (
    *answer.CLAUSES,
    *effect.CLAUSES,
    *repeat.CLAUSES,
    *access.CLAUSES,
    *input.CLAUSES,
    *readonly.CLAUSES,
)
"""Every clause, family by family."""

BY_ID: Final = {clause.id: clause for clause in CATALOGUE}

__all__ = ["BY_ID", "CATALOGUE", "Broken", "Clause", "Finding", "Level", "NotApplicable", "Terms"]
