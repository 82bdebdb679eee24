"""Faults that a script of their own shows: after a cancel, beside one, in rarer appointments."""

from itertools import chain
from typing import Final

from cancel_contract.provider import Fault
from cancel_contract.provider.faults import effect_races, repeat_members
from tests.unit.provider import later_scripts, rarer_scripts

_IN_SCRIPTS: Final = (faults for faults, _ in (*later_scripts.SCRIPTS, *rarer_scripts.SCRIPTS))
_BESIDE: Final = (effect_races.FAULTS, repeat_members.FAULTS)
"""Those of test_race_faults.py."""
SCRIPTED: Final[frozenset[Fault]] = frozenset(chain.from_iterable((*_IN_SCRIPTS, *_BESIDE)))
"""All of them."""
