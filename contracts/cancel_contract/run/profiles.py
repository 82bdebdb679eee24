"""The three profiles: lists of the scenarios that a run plays."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from cancel_contract.exchange import stored_cases as corpus
from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.fragment.document import Fragment
from cancel_contract.run.play_order import in_order
from cancel_contract.run.scenarios import SCENARIOS, Scenario, generated, stateful_tests


class Profile(StrEnum):
    """How many cases a run plays, and whether they are the same each time."""

    QUICK = "quick"
    """For developers: drawn from the fragment as it stands, the same for the same code."""
    GATE = "gate"
    """For pipelines: stored cases, within the budgets of a shared server."""
    THOROUGH = "thorough"
    """For the night: many cases, with another seed each time."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many cases a profile draws."""

    fuzzed: int
    plays: int
    steps: int


EFFORTS: Final = {Profile.QUICK: Effort(15, 3, 6), Profile.THOROUGH: Effort(300, 20, 12)}


def scenarios(profile: Profile, fragment: Fragment, seed: int | None = None) -> tuple[Scenario, ...]:
    """Every scenario of a profile, in order; `seed` repeats a thorough run."""
    if profile is Profile.GATE:
        # Read when a batch is played, so that listing scenarios costs nothing.
        cases = generated.scenarios(lambda batch: _corpus(fragment)[batch], corpus.FUZZED)
        return in_order((*SCENARIOS, *cases, stateful_tests.fixed()))
    # The generator takes longer to load than all else that a gate needs.
    from cancel_contract.run.generated_profiles import drawn_scenarios  # noqa: PLC0415

    return drawn_scenarios(EFFORTS[profile], fragment, seed)


@cache
def _corpus(fragment: Fragment) -> Mapping[Batch, Sequence[GeneratedCase]]:
    return corpus.load(fragment).batches


def new_seed() -> int:
    """Return a seed for a thorough run; it is printed, so that the run can be repeated."""
    return random.SystemRandom().randrange(2**32)
