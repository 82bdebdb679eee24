"""Plays steps that hypothesis chooses; it takes longer to load than all else that a gate needs."""

from collections.abc import Callable

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from cancel_contract.errors import ContractsError
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.model import POOL, Model, Step


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

        def teardown(self) -> None:
            """Look at the whole pool after the last step."""
            until_the_end(lambda: self.model.end())  # noqa: PLW0108  there is no model where none was taken

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
