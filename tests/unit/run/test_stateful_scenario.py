"""The stateful scenario: each of its steps, and those that hypothesis chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.run.profiles import (
    EFFORTS,
    Profile,
)
from cancel_contract.run.scenarios.generated_steps import generated_steps
from cancel_contract.run.scenarios.model import Model, Step

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Opened


@pytest.mark.parametrize("fault", ["created-201", "redirect-303", "error-500-now-and-then"])
def test_the_model_builds_upon_no_answer_that_it_does_not_know(make_run: Opened, memory: Memory, fault: str) -> None:
    """Whether a cancel that is answered neither 200 nor 4xx was done, a read tells; its status has its own clause."""
    memory.provider.switch([fault])
    with make_run() as run:
        model = Model(run.context)
        for action in (Step.CANCEL, Step.CANCEL, Step.PARALLEL):
            model.step(action, 0)
        model.end()
        row = run.ledger.rows["effect/any-order"]

    assert (row.held, row.broken) == (4, 0)


def test_a_cancel_whose_answer_was_cut_short_may_have_been_done(make_run: Opened, memory: Memory) -> None:
    """A read tells: that the answer did not come whole has its own clause."""

    def cut(request: Request, response: httpx.Response) -> httpx.Response:
        if request.path.endswith("/cancel"):
            raise httpx.ReadTimeout("timed out")
        return response

    memory.after = cut
    with make_run() as run:
        model = Model(run.context)
        model.step(Step.CANCEL, 0)
        model.end()
        row = run.ledger.rows["effect/any-order"]

    assert (row.held, row.broken) == (2, 0)


@pytest.mark.parametrize("step", list(Step))
def test_each_step_of_the_model_holds_on_an_honest_provider(make_run: Opened, step: Step) -> None:
    """Whatever is done once and again, every appointment of the pool is what the model says."""
    with make_run() as run:
        model = Model(run.context)
        for place in (0, 0, 1):
            model.step(step, place)
        model.end()
        row = run.ledger.rows["effect/any-order"]

    assert (row.held, row.broken) == (4, 0)


def test_refusals_of_a_cancelled_appointment_share_a_look(make_run: Opened) -> None:
    """Before anything else is asked of it, and at the end; one that a refusal has revived is found."""
    with make_run() as run:
        model = Model(run.context)
        for step in (Step.CANCEL, Step.ANONYMOUS, Step.WRONG):
            model.step(step, 0)
        seen = run.ledger.rows["effect/any-order"].held
        model.step(Step.CANCEL, 0)

        assert (seen, run.ledger.rows["effect/any-order"].held) == (1, 3)


def test_a_step_without_its_token_is_left_out(make_run: Opened) -> None:
    """Without a foreign token nothing is asked."""
    with make_run(foreign_api_token=None) as run:
        model = Model(run.context)
        asked = run.budget.requests
        model.step(Step.FOREIGN, 0)

        assert run.budget.requests == asked


@pytest.mark.parametrize("seed", [None, 7])
def test_chosen_steps_are_played(make_run: Opened, seed: int | None) -> None:
    """Steps that hypothesis chooses are played without a breach on an honest provider; a seed repeats them."""
    effort = EFFORTS[Profile.QUICK]
    scenario = generated_steps(effort.plays, effort.steps, seed)
    asked = []
    for _ in range(2):
        with make_run() as run:
            assert run.play(scenario).broken == ()
            asked.append(run.budget.requests)

    assert asked[0] == asked[1] > 20


def test_a_budget_that_ends_among_chosen_steps_is_no_failure_of_the_suite(make_run: Opened) -> None:
    """The run is inconclusive, with the budget's own words."""
    effort = EFFORTS[Profile.QUICK]
    with make_run(max_appointments=8) as run:
        run.play(generated_steps(effort.plays, effort.steps, 7))

    assert run.ledger.suite_failures == []
    assert run.ledger.inconclusive == [
        "7 of 8 appointments are spent, and 1 are kept for the end of the run: set ONELINK_MAX_APPOINTMENTS higher"
    ]
