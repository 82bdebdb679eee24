"""The contract's scenarios of the family access, against the target."""

import pytest

from cancel_contract.plugin.hooks import Contract, Note, play
from cancel_contract.run.scenarios import Scenario


@pytest.mark.contract("access")
def test_access(contract: Contract, scenario: Scenario, note: Note) -> None:
    """Whatever a scenario shows, no MUST clause is broken by it."""
    play(contract, scenario, note)
