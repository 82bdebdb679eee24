"""Says which clauses can be judged where part of an exchange was not recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

from cancel_contract.clauses import Broken, Clause, Terms
from cancel_contract.clauses.clause import WIRE, Finding, Part
from cancel_contract.exchange.episode import Evidence

ByLack = Mapping[frozenset[Part], tuple[Clause, ...]]
"""The clauses that can be judged, by what is missing."""
_MAY_LACK: Final = tuple(part for part in Part if part is not Part.WIRE)


@lru_cache(maxsize=32)
def by_lack(clauses: tuple[Clause, ...]) -> ByLack:
    """Choose the clauses that can be judged, by what is missing of the evidence."""
    masks = range(2 ** len(_MAY_LACK))
    lacks = [frozenset(part for bit, part in enumerate(_MAY_LACK) if mask & 1 << bit) for mask in masks]
    return {lack: tuple(_judgeable(clauses, lack)) for lack in lacks}


def _judgeable(clauses: Sequence[Clause], lack: frozenset[Part]) -> Iterator[Clause]:
    for clause in clauses:
        if clause.evidence & (lack | WIRE):
            continue
        yield replace(clause, findings=partial(_breaches, clause)) if clause.held_by & lack else clause


def _breaches(clause: Clause, evidence: Evidence, terms: Terms) -> Iterator[Finding]:
    yield from (finding for finding in clause.findings(evidence, terms) if isinstance(finding, Broken))
