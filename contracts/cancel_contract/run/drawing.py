"""Situations whose cases and steps are drawn anew. May not know: which profile asks for them."""

from collections.abc import Sequence

from cancel_contract.exchange.generated_cases import Batch, Drawn
from cancel_contract.fragment.document import Fragment
from cancel_contract.run.case_generator import draw
from cancel_contract.run.play_order import in_order
from cancel_contract.run.profiles import Effort
from cancel_contract.run.scenarios import SITUATIONS, Situation, generated
from cancel_contract.run.scenarios.generated_steps import chosen


def drawn(effort: Effort, fragment: Fragment, seed: int | None) -> tuple[Situation, ...]:
    """Every situation, with cases that are drawn anew."""

    def cases(batch: Batch) -> Sequence[Drawn]:
        return draw(fragment, batch, effort.fuzzed, seed)

    steps = chosen(effort.plays, effort.steps, seed)
    return in_order((*SITUATIONS, *generated.situations(cases, effort.fuzzed), steps))
