"""The contract's situations of the family effect, against whatever the target is."""

import pytest

from contracts.plugin import Contract, Note, play
from contracts.situations import Situation


@pytest.mark.contract("effect")
def test_effect(contract: Contract, situation: Situation, note: Note) -> None:
    """Whatever a situation shows, no MUST clause is broken by it."""
    play(contract, situation, note)
