"""The catalogue of clauses: every promise is one documented record, and each family has a module."""

from collections.abc import Mapping
from typing import Final

from cancel_contract.clauses import (
    access,
    answer,
    effect,
    effect_afterwards,
    effect_races,
    input,  # noqa: A004  the family's name
    readonly,
    repeat,
    repeat_afterwards,
    repeat_members,
    repeat_parallel,
)
from cancel_contract.clauses.clause import (
    Clause,
    Finding,
    Level,
    NotApplicable,
    Terms,
)
from cancel_contract.clauses.families import FAMILIES
from cancel_contract.exchange.difference import Broken

_MODULES: Final = (access, answer, effect, input, readonly, repeat)
_CLAUSES: Final[Mapping[str, tuple[Clause, ...]]] = {
    **{module.__name__.rpartition(".")[2]: module.CLAUSES for module in _MODULES},
    "effect": (*effect.CLAUSES, *effect_afterwards.CLAUSES, *effect_races.CLAUSES),
    "repeat": (*repeat.CLAUSES, *repeat_parallel.CLAUSES, *repeat_afterwards.CLAUSES, *repeat_members.CLAUSES),
}

CATALOGUE: Final = tuple(clause for family in FAMILIES for clause in _CLAUSES[family.name])
"""Every clause, family by family."""

BY_ID: Final = {clause.id: clause for clause in CATALOGUE}

__all__ = ["BY_ID", "CATALOGUE", "FAMILIES", "Broken", "Clause", "Finding", "Level", "NotApplicable", "Terms"]
