"""Plays whole gates against a provider in this process, by the means of the unit tests of the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from tests.unit.conftest import _alone
from tests.unit.run.conftest import BASE_URL, Memory, Named, journals, make_run, memory, named, remembering, session

if TYPE_CHECKING:
    from pathlib import Path

    from cancel_contract.run.run import Run
    from cancel_contract.run.scenarios import Scenario

__all__ = ("_alone", "journals", "make_run", "memory", "named", "session", "whole")


@dataclass
class Whole:
    """A gate that an honest provider has passed."""

    contract: Contract
    run: Run
    memory: Memory
    broken: list[str] = field(default_factory=list)
    spent: dict[str, tuple[int, int]] = field(default_factory=dict)
    """How many requests and appointments each scenario took."""
    exercised: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The clauses that each scenario put to the target."""

    def play(self, scenario: Scenario) -> None:
        """Play a scenario, and note what came of it."""
        budget = self.run.budget
        before = budget.requests, budget.appointments
        played = self.run.play(scenario)
        self.broken += played.broken
        self.exercised[scenario.name] = played.exercised
        self.spent[scenario.name] = budget.requests - before[0], budget.appointments - before[1]


@pytest.fixture(scope="session")
def whole(journals: Path, named: Named) -> Whole:
    """Play a whole gate, once for all tests that look at what came of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(journals)
        wire = remembering(patch)
        patch.setattr("tempfile.gettempdir", lambda: str(journals))
        contract = Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load(), wire=wire)
        played = Whole(contract, contract.begun(), wire)
        for scenario in named():
            played.play(scenario)
        contract.finish()
    return played
