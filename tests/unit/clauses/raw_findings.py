"""Judges evidence, and gives the breaches as they are, with the parts of each."""

from collections.abc import Iterable
from typing import Any

from cancel_contract.clauses import BY_ID, Broken, Finding, Terms
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Evidence
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import ACCOUNT, Make, Maker


def findings(clause: str, evidence: Evidence, **terms: Any) -> tuple[Finding, ...]:  # noqa: ANN401  fields of Terms
    """Return what a clause finds in evidence."""
    return BY_ID[clause].judge(evidence, Terms(load(), ACCOUNT, **terms))


def breaches(clause: str, evidence: Evidence, **terms: Any) -> list[Broken]:  # noqa: ANN401  likewise
    """Return the breaches among what it finds."""
    return [one for one in findings(clause, evidence, **terms) if isinstance(one, Broken)]


def only_breach(clause: str, evidence: Evidence) -> Broken:
    """Return the breach, which is all that it finds."""
    (found,) = findings(clause, evidence)
    assert isinstance(found, Broken)
    return found


def parts(maker: Maker, clause: str, make: Make) -> list[tuple[Difference, ...]]:
    """Return the differences of each breach."""
    return [one.differences for one in breaches(clause, make(maker))]


def line(one: Difference) -> str:
    """Return a difference as a table writes it."""
    return f"{one.what} {one.where}: {one.got}, not {one.wanted}"


def causes(maker: Maker, table: Iterable[tuple[str, Make, str]], clause: str) -> set[str]:
    """Return the differences of all breaches of a clause that a table shows."""
    shown = (one for name, make, _ in table if name == clause for one in breaches(clause, make(maker)))
    return {line(one) for breach in shown for one in breach.differences}
