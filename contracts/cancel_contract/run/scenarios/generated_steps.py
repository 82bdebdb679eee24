"""Stateful tests whose steps are chosen by hypothesis."""

from collections.abc import Callable
from typing import Final

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from cancel_contract.errors import ContractsError
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


def play_chosen(context: Context, plays: int, steps: int, seed: int | None = None) -> None:
    """Let hypothesis choose the steps: at most so many plays of so many steps."""
    ended: list[ContractsError] = []

    def until_the_end(act: Callable[[], None]) -> None:
        # An exception would be played again, and be called flaky if it does not come again.
        try:
            if not ended:
                act()
        except ContractsError as error:
            ended.append(error)

    class Machine(RuleBasedStateMachine):
        """The model as a state machine; differences go to the ledger, nothing is raised."""

        @initialize()
        def begin(self) -> None:
            """Take a pool of appointments."""
            until_the_end(self._take)

        def _take(self) -> None:
            self.model = Model(context)

        @rule(step=st.sampled_from(Step), place=st.integers(0, len(POOL) - 1))
        def step(self, step: Step, place: int) -> None:
            """Do one step."""
            until_the_end(lambda: self.model.step(step, place))

    settings = hypothesis.settings(
        max_examples=plays,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=seed is None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    machine = hypothesis.seed(seed)(Machine) if seed is not None else Machine
    run_state_machine_as_test(machine, settings=settings)
    if ended:
        raise ended[0]


def generated_steps(plays: int, steps: int, seed: int | None = None) -> Scenario:
    """Play the gate's steps and all that have to be refused, which no seed may miss, then steps that hypothesis
    chooses.
    """
    # The first step takes the pool, and one play of hypothesis is always empty.
    requests = plays * len(POOL) + max(plays - 1, 1) * PER_STEP * (steps - 1)

    def play(context: Context) -> None:
        play_fixed(context)
        play_refused(context)
        play_chosen(context, plays, steps, seed)

    known = fixed()
    appointments, sure = known.appointments + (1 + plays) * len(POOL), known.requests + len(POOL)
    return Scenario(known.name, play, appointments, sure + PER_STEP * len(REFUSED) + requests)
