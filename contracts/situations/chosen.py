"""Steps in any order that hypothesis chooses, after those that are fixed."""

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contracts.model import POOL, Action, Model
from contracts.situations.situation import Situation
from contracts.situations.stateful import PER_STEP, fixed, play_fixed
from contracts.stage import Stage


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


def chosen(plays: int, steps: int, seed: int | None = None) -> Situation:
    """The gate's play, so that what it finds is found under every seed, and those that hypothesis chooses."""
    # The first of the steps takes the pool, and one play of hypothesis' is always empty.
    requests = plays * len(POOL) + max(plays - 1, 1) * PER_STEP * (steps - 1)

    def play(stage: Stage) -> None:
        play_fixed(stage)
        play_chosen(stage, plays, steps, seed)

    known = fixed()
    return Situation(known.name, play, known.appointments + plays * len(POOL), known.requests + requests)
