"""The cases that schemathesis generated from the fragment, as they are stored, against whatever the target is.

A case that a scenario has asked before in the same run is left out, as it shows the same.
Where a session draws its cases, as under `--contract-profile thorough`, `test_drawn_cases.py` is collected instead.
"""

import pytest

from cancel_contract.plugin.play import Note, play
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.session import Contract


@pytest.mark.contract("generated")
def test_generated_cases(contract: Contract, scenario: Scenario, note: Note) -> None:
    """Whatever a stored case shows, no MUST clause is broken by it."""
    play(contract, scenario, note)
