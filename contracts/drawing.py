"""Situations whose cases and steps are drawn anew. May not know: which profile asks for them."""

from collections.abc import Sequence

from contracts.drawn import Batch, Drawn
from contracts.fragment import Fragment
from contracts.generation import draw
from contracts.profiles import Effort
from contracts.situations import SITUATIONS, Situation, generated
from contracts.situations.chosen import chosen
from contracts.situations.opening import in_order


def drawn(effort: Effort, fragment: Fragment, seed: int | None) -> tuple[Situation, ...]:
    """Every situation, with cases that are drawn anew."""

    def cases(batch: Batch) -> Sequence[Drawn]:
        return draw(fragment, batch, effort.fuzzed, seed)

    steps = chosen(effort.plays, effort.steps, seed)
    return in_order((*SITUATIONS, *generated.situations(cases, effort.fuzzed), steps))
