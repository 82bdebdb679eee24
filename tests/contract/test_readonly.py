"""The contract's situations of the family readonly, against whatever the target is."""

import pytest

from cancel_contract.plugin.hooks import Contract, Note, play
from cancel_contract.run.scenarios import Situation


@pytest.mark.contract("readonly")
def test_readonly(contract: Contract, situation: Situation, note: Note) -> None:
    """Whatever a situation shows, no MUST clause is broken by it."""
    play(contract, situation, note)
