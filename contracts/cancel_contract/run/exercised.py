"""Which scenarios exercise which clause: what `--clause` plays, and whose excuse explains an untested clause.

The relation is stored (`exercised.json`), so that a selection is known before anything is sent. It was measured on the
reference provider, in a whole run and each scenario alone; a test measures it again.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Final

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import Fragment
from cancel_contract.ledger.row import Row
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.run import Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.scenarios.generated_steps import generated_steps

PATH: Final = Path(__file__).with_name("exercised.json")
Relation = Mapping[str, frozenset[str]]
"""The names of scenarios, by clause. A clause that none of them exercises on a right server is missing."""

RACING: Final = frozenset({"repeat/beside-writers"})
"""Scenarios of which some clauses are exercised only if the one or the other request comes first."""

Opens = Callable[[], AbstractContextManager[Run]]
"""Opens a run on a provider of its own."""


@cache
def relation() -> Relation:
    """Return the stored relation."""
    groups = json.loads(PATH.read_text(encoding="utf-8"))
    return {clause: frozenset(group["scenarios"]) for group in groups for clause in group["clauses"]}


def exercising(clauses: Iterable[str], among: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return those scenarios that can exercise one of these clauses; all, where it is not known of one of them."""
    every, wanted = tuple(among), tuple(clauses)
    if any(clause not in relation() for clause in wanted):
        return every
    names = frozenset[str]().union(*(relation()[clause] for clause in wanted))
    return tuple(one for one in every if one.name in names)


def measurable(fragment: Fragment) -> tuple[Scenario, ...]:
    """Return every scenario of the gate, and the stateful one with what other profiles add to it."""
    return (*scenarios(Profile.GATE, fragment), generated_steps(1, 1, seed=0))


def measured(played: Sequence[Scenario], opens: Opens) -> Relation:
    """Play scenarios in one run, then each alone with the end of a run; return which exercised each clause."""
    found: dict[str, set[str]] = {}
    with opens() as run:
        for one in played:
            for clause in run.play(one).exercised:
                found.setdefault(clause, set()).add(one.name)
    for one in played:
        with opens() as run:
            # The end reads what a scenario asks it to read; what it reads besides is nobody's.
            run.late_looks = 0
            run.play(one)
            run.finish()
            for clause in (name for name, row in run.ledger.rows.items() if row != Row(row.clause)):
                found.setdefault(clause, set()).add(one.name)
    return {clause: frozenset(names) for clause, names in found.items()}


def settled(found: Relation) -> Relation:
    """Return a relation without what hangs on which of two writers comes first: other scenarios show it each time."""
    return {clause: names - RACING or names for clause, names in found.items()}


def write(found: Relation, path: Path = PATH) -> None:
    """Write a relation to its file: clauses with the same scenarios stand together, in the catalogue's order."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for clause in CATALOGUE:
        if names := settled(found).get(clause.id):
            groups.setdefault(tuple(sorted(names)), []).append(clause.id)
    plain = [{"clauses": clauses, "scenarios": names} for names, clauses in groups.items()]
    path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
