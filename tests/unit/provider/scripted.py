"""Faults that a script of their own shows: after a cancel, beside one, in rarer appointments."""

from itertools import chain
from typing import Final

from cancel_contract.provider import Fault
from cancel_contract.provider.faults import (
    afterwards,
    branches,
    deleted,
    earlier_changes,
    effect_kept_views,
    effect_neighbours,
    effect_races,
    later,
    repeat_members,
    repeat_side_by_side,
    values,
    values_rarer,
)

AFTERWARDS: Final = (afterwards, deleted, values)
"""Those of later_scripts.py."""
BESIDE: Final = (effect_races, repeat_members)
"""Those of test_race_faults.py."""
RARER: Final = (
    branches,
    earlier_changes,
    effect_kept_views,
    effect_neighbours,
    later,
    repeat_side_by_side,
    values_rarer,
)
"""Those of rarer_scripts.py."""
SCRIPTED: Final[frozenset[Fault]] = frozenset(
    chain.from_iterable(module.FAULTS for module in (*AFTERWARDS, *BESIDE, *RARER))
)
"""All of them."""
