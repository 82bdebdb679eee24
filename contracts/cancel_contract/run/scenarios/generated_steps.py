"""Stateful tests whose steps are chosen by hypothesis."""

from typing import Final

from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.model import (
    POOL,
    REFUSALS,
    Model,
    Step,
)
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.run.scenarios.stateful_tests import PER_STEP, fixed, play_fixed

REFUSED: Final = ((Step.CANCEL, 0), *((step, place) for place in range(len(POOL)) for step in REFUSALS))
"""Each step of somebody who may not, on an appointment that is cancelled and on one that is not: what these show does
not wait for a seed."""


def play_refused(context: Context) -> None:
    """Play each step that has to be refused."""
    model = Model(context)
    for step, place in REFUSED:
        model.step(step, place)
    model.end()


def generated_steps(plays: int, steps: int, seed: int | None = None) -> Scenario:
    """Play the gate's steps and all that have to be refused, which no seed may miss, then steps that hypothesis
    chooses.
    """
    # The first step takes the pool, and one play of hypothesis is always empty.
    requests = 2 * plays * len(POOL) + max(plays - 1, 1) * PER_STEP * (steps - 1)

    def play(context: Context) -> None:
        # Listing scenarios need not load hypothesis.
        from cancel_contract.run.scenarios.chosen_steps import play_chosen  # noqa: PLC0415

        play_fixed(context)
        play_refused(context)
        play_chosen(context, plays, steps, seed)

    known = fixed()
    appointments, sure = known.appointments + (1 + plays) * len(POOL), known.requests + 2 * len(POOL)
    return Scenario(known.name, play, appointments, sure + PER_STEP * len(REFUSED) + requests)
