"""Tells the causes of the breaches that the table of a family shows."""

from collections.abc import Iterable

from cancel_contract.clauses import BY_ID, Broken, Terms
from cancel_contract.exchange.difference import Difference
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import ACCOUNT, Make, Maker


def line(one: Difference) -> str:
    """Return a difference as a table writes it."""
    return f"{one.what} {one.where}: {one.got}, not {one.wanted}"


def causes(maker: Maker, table: Iterable[tuple[str, Make, str]], clause: str) -> set[str]:
    """Return the differences of all breaches of a clause that a table shows."""
    judged = (BY_ID[name].judge(make(maker), Terms(load(), ACCOUNT)) for name, make, _ in table if name == clause)
    breaches = (one for found in judged for one in found if isinstance(one, Broken))
    return {line(one) for breach in breaches for one in breach.differences}
