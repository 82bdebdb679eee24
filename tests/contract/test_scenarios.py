"""The hand-written scenarios, against whatever the target is."""

import pytest

from cancel_contract.plugin.play import Note, play
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.session import Contract


@pytest.mark.contract("access", "input", "effect", "repeat", "readonly", "stateful")
def test_scenarios(contract: Contract, scenario: Scenario, note: Note) -> None:
    """Whatever a scenario shows, no MUST clause is broken by it."""
    play(contract, scenario, note)
