"""The contract's situations of the family effect, against whatever the target is."""

import pytest

from cancel_contract.plugin.hooks import Contract, Note, play
from cancel_contract.run.scenarios import Situation


@pytest.mark.contract("effect")
def test_effect(contract: Contract, situation: Situation, note: Note) -> None:
    """Whatever a situation shows, no MUST clause is broken by it."""
    play(contract, situation, note)
