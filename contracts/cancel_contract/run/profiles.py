"""The three profiles: lists of the scenarios that a run plays, and which of them draw generated cases anew."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, TypeAlias

from cancel_contract.exchange import stored_cases
from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.fragment.document import Fragment
from cancel_contract.run.play_order import in_order
from cancel_contract.run.scenarios import SCENARIOS, Scenario, generated, stateful_tests
from cancel_contract.run.scenarios.generated_steps import generated_steps

Cases: TypeAlias = Callable[[Batch], Sequence[GeneratedCase]]
"""Gives the generated cases of a batch."""


class Profile(StrEnum):
    """How many cases a run plays, and whether they are the same each time."""

    QUICK = "quick"
    """For developers: stored cases, drawn anew where the fragment has changed, and a few steps of hypothesis'."""
    GATE = "gate"
    """For pipelines: stored cases and fixed steps, within the budgets of a shared server."""
    THOROUGH = "thorough"
    """For the night: many cases, with another seed each time."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a profile that chooses steps or cases spends."""

    fuzzed: int
    plays: int
    steps: int


EFFORTS: Final = {
    Profile.QUICK: Effort(stored_cases.FUZZED, 3, 6),
    Profile.THOROUGH: Effort(300, 20, 12),
}


@dataclass(frozen=True, slots=True)
class Generation:
    """Which generated cases a session draws anew: `fuzzed` of each fuzzing batch, from a seed."""

    fuzzed: int = stored_cases.FUZZED
    seed: int = 0


def scenarios(profile: Profile, fragment: Fragment, seed: int | None = None) -> tuple[Scenario, ...]:
    """Every scenario of a profile, in order; `seed` repeats a thorough run.

    Those with generated cases play the stored ones, unless a session of pytest draws others for them.
    """

    def stored(batch: Batch) -> Sequence[GeneratedCase]:
        # Read when a batch is played, so that listing scenarios costs nothing.
        return _stored(fragment)[batch]

    if profile is Profile.GATE:
        return in_order((*SCENARIOS, *generated.scenarios(stored, stored_cases.FUZZED), stateful_tests.fixed()))
    return chosen_scenarios(EFFORTS[profile], stored, seed)


def chosen_scenarios(effort: Effort, cases: Cases, seed: int | None = None) -> tuple[Scenario, ...]:
    """Every scenario, with steps that hypothesis chooses."""
    steps = generated_steps(effort.plays, effort.steps, seed)
    return in_order((*SCENARIOS, *generated.scenarios(cases, effort.fuzzed), steps))


def generation(profile: Profile, fragment: Fragment, seed: int | None = None) -> Generation | None:
    """What a session of pytest draws in place of the stored cases; None where it plays those."""
    if profile is Profile.THOROUGH or (profile is Profile.QUICK and not stored_cases.is_current(fragment)):
        return Generation(EFFORTS[profile].fuzzed, seed or 0)
    return None


@cache
def _stored(fragment: Fragment) -> Mapping[Batch, Sequence[GeneratedCase]]:
    return stored_cases.load(fragment).batches


def new_seed() -> int:
    """Return a seed for a thorough run; it is printed, so that the run can be repeated."""
    return random.SystemRandom().randrange(2**32)
