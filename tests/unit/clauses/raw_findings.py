"""Judges an episode of the maker, and gives the findings as they are, with the parts of each breach."""

from cancel_contract.clauses import BY_ID, Broken, Finding, Terms
from cancel_contract.exchange.difference import Difference
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import ACCOUNT, Make, Maker


def findings(maker: Maker, clause: str, make: Make) -> tuple[Finding, ...]:
    """Return what a clause finds in the evidence that a function makes."""
    return BY_ID[clause].judge(make(maker), Terms(load(), ACCOUNT))


def parts(maker: Maker, clause: str, make: Make) -> list[tuple[Difference, ...]]:
    """Return the differences of each breach."""
    return [one.differences for one in findings(maker, clause, make) if isinstance(one, Broken)]
