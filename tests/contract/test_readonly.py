"""The contract's situations of the family readonly, against whatever the target is."""

import pytest

from contracts.plugin import Contract, Note, play
from contracts.situations import Situation


@pytest.mark.contract("readonly")
def test_readonly(contract: Contract, situation: Situation, note: Note) -> None:
    """Whatever a situation shows, no MUST clause is broken by it."""
    play(contract, situation, note)
