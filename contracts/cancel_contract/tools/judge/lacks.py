"""Says which clauses can be judged where part of an exchange was not recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

from cancel_contract.clauses import Broken, Clause, Terms
from cancel_contract.clauses.clause import Finding
from cancel_contract.exchange.episode import Evidence
from cancel_contract.tools.judge.recorded import Part

_BEYOND: Final = frozenset({"answer/length", "answer/given"})
"""What no recording shows: the bytes on the wire, and who closed a connection."""
_OF: Final = {
    Part.BODY: frozenset({
        "answer/valid-json", "answer/envelope", "answer/no-token", "answer/no-internals", "input/unknown-id",
        "input/boundary-id", "input/unknown-account", "access/refusal-tells-nothing", "readonly/code",
        "answer/no-error", "answer/no-appointment", "access/refusal-in-json",
    }),
    Part.HEADERS: frozenset({"answer/content-type", "answer/encoding", "answer/private"}),
    Part.TIME: frozenset({"answer/time-limit"}),
    Part.WORDS: frozenset({"answer/formats", "answer/types", "access/refusal-tells-nothing"}),
}  # fmt: skip
"""The clauses that need a part of an exchange; without it they would hold for nothing."""
_BREACH_ONLY: Final = {Part.WORDS: frozenset({"effect/client-kept", "answer/nobody-else"})}
"""The clauses that can be seen broken without a part, and never held: one mask may stand for two names."""


@lru_cache(maxsize=32)
def by_lack(clauses: tuple[Clause, ...]) -> Mapping[frozenset[Part], tuple[Clause, ...]]:
    """Return the clauses that can be judged, by what is missing of the evidence."""
    lacks = [frozenset(part for bit, part in enumerate(Part) if mask & 1 << bit) for mask in range(2 ** len(Part))]
    return {lack: tuple(_judgeable(clauses, lack)) for lack in lacks}


def _judgeable(clauses: Sequence[Clause], lack: frozenset[Part]) -> Iterator[Clause]:
    beyond = _BEYOND.union(*(_OF[part] for part in lack))
    one_sided = frozenset[str]().union(*(_BREACH_ONLY.get(part, ()) for part in lack))
    for clause in clauses:
        if clause.id in one_sided:
            yield replace(clause, findings=partial(_breaches, clause))
        elif clause.id not in beyond:
            yield clause


def _breaches(clause: Clause, evidence: Evidence, terms: Terms) -> Iterator[Finding]:
    yield from (finding for finding in clause.findings(evidence, terms) if isinstance(finding, Broken))
