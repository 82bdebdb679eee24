"""The contract's situations of the family repeat, against whatever the target is."""

import pytest

from cancel_contract.plugin.hooks import Contract, Note, play
from cancel_contract.run.scenarios import Situation


@pytest.mark.contract("repeat")
def test_repeat(contract: Contract, situation: Situation, note: Note) -> None:
    """Whatever a situation shows, no MUST clause is broken by it."""
    play(contract, situation, note)
