"""Stateful tests with fixed steps over a small pool of appointments."""

from typing import Final

from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.model import POOL, Model, Step
from cancel_contract.run.scenarios.scenario import Scenario

FIXED: Final = (
    (Step.CANCEL, 0),
    # On a cancelled appointment, where a server may return early, before it checks the permission.
    (Step.ANONYMOUS, 0),
    (Step.UNPRIVILEGED, 0),
    (Step.CANCEL, 0),
)
"""The gate's steps: the same each time."""
_POOL: Final = POOL[:1]
PER_STEP: Final = 2
"""About how many requests a step sends: its own, and a read of its appointment; the end reads each of the pool."""


def play_fixed(context: Context) -> None:
    """Do the fixed steps."""
    model = Model(context, _POOL)
    for step, place in FIXED:
        model.step(step, place)
    model.end()


def fixed() -> Scenario:
    """The gate's play."""
    return Scenario(
        "stateful/any-order", play_fixed, len(_POOL), len(_POOL) + PER_STEP * len(FIXED) - 1, group="refused"
    )
