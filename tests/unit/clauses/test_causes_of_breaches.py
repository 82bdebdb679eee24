"""What sets breaches of a clause apart: each is of the cause that its difference tells."""

from typing import Final

import pytest

from tests.unit.clauses import (
    causes_of_access,
    causes_of_answers,
    causes_of_effects,
    causes_of_input,
    causes_of_repeats,
    test_access,
    test_answer,
    test_effect,
    test_effect_races,
    test_input,
    test_readonly,
    test_repeat,
)
from tests.unit.clauses.conftest import Maker
from tests.unit.clauses.raw_findings import causes

CAUSES: Final = (
    *causes_of_access.CAUSES, *causes_of_answers.CAUSES, *causes_of_effects.CAUSES, *causes_of_input.CAUSES,
    *causes_of_repeats.CAUSES,
)  # fmt: skip
BROKEN: Final = (
    *test_access.BROKEN, *test_answer.BROKEN, *test_effect.BROKEN, *test_effect_races.BROKEN, *test_input.BROKEN,
    *test_readonly.BROKEN, *test_repeat.BROKEN,
)  # fmt: skip
"""What breaks each clause."""


@pytest.mark.parametrize(("clause", "cause"), CAUSES)
def test_a_breach_is_of_its_cause(maker: Maker, clause: str, cause: str) -> None:
    """Breaches of one clause are told apart by what differs, where, and what came in the place of what."""
    assert cause in causes(maker, BROKEN, clause)
