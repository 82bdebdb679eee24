"""Scenarios whose cases and steps are drawn anew."""

from collections.abc import Sequence

from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.fragment.document import Fragment
from cancel_contract.run.case_generator import draw
from cancel_contract.run.play_order import in_order
from cancel_contract.run.profiles import Effort
from cancel_contract.run.scenarios import SCENARIOS, Scenario, generated
from cancel_contract.run.scenarios.generated_steps import generated_steps


def drawn_scenarios(effort: Effort, fragment: Fragment, seed: int | None) -> tuple[Scenario, ...]:
    """Every scenario, with cases that are drawn anew."""

    def cases(batch: Batch) -> Sequence[GeneratedCase]:
        return draw(fragment, batch, effort.fuzzed, seed)

    steps = generated_steps(effort.plays, effort.steps, seed)
    return in_order((*SCENARIOS, *generated.scenarios(cases, effort.fuzzed), steps))
