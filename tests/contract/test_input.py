"""The contract's situations of the family input, against whatever the target is."""

import pytest

from contracts.plugin import Contract, play
from contracts.situations import Situation


@pytest.mark.contract("input")
def test_input(contract: Contract, situation: Situation, record_property: object) -> None:
    """Whatever a situation shows, no MUST clause is broken by it."""
    play(contract, situation, record_property)
