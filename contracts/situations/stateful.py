"""Steps in any order, over a small pool of appointments: hypothesis chooses them, or they are fixed."""

from typing import Final

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contracts.model import POOL, Action, Model
from contracts.situations.situation import Situation
from contracts.stage import Stage

FIXED: Final = (
    (Action.CANCEL, 0),
    (Action.ANONYMOUS, 0),
    (Action.CANCEL, 0),
    (Action.FOREIGN, 1),
    (Action.PARALLEL, 1),
    (Action.CANCEL, 1),
)
"""The gate's steps: the same each time."""
PER_STEP: Final = 1 + len(POOL)
"""About how many requests a step sends: its own, and a look at each appointment of the pool."""


def play_fixed(stage: Stage) -> None:
    """Do the fixed steps."""
    model = Model(stage)
    for action, place in FIXED:
        model.step(action, place)


def play_chosen(stage: Stage, plays: int, steps: int, seed: int | None = None) -> None:
    """Let hypothesis choose the steps: so many plays of so many steps at most."""

    class Machine(RuleBasedStateMachine):
        """The model as a state machine; what differs goes to the ledger, nothing is raised."""

        @initialize()
        def begin(self) -> None:
            """Take a pool of appointments."""
            self.model = Model(stage)

        @rule(action=st.sampled_from(Action), place=st.integers(0, len(POOL) - 1))
        def step(self, action: Action, place: int) -> None:
            """Do one step."""
            self.model.step(action, place)

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


def fixed() -> Situation:
    """The gate's play."""
    return Situation("stateful/any-order", play_fixed, len(POOL), len(POOL) + PER_STEP * len(FIXED))


def chosen(plays: int, steps: int, seed: int | None = None) -> Situation:
    """The gate's play, so that what it finds is found under every seed, and those that hypothesis chooses."""
    # The first of the steps takes the pool, and one play of hypothesis' is always empty.
    requests = plays * len(POOL) + max(plays - 1, 1) * PER_STEP * (steps - 1)

    def play(stage: Stage) -> None:
        play_fixed(stage)
        play_chosen(stage, plays, steps, seed)

    known = fixed()
    return Situation(known.name, play, known.appointments + plays * len(POOL), known.requests + requests)
