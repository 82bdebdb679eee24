"""Which clauses a recording that lacks a part is judged by."""

from itertools import combinations

import pytest

from cancel_contract.clauses import BY_ID, CATALOGUE, Clause, Level
from cancel_contract.clauses.clause import WIRE, Part
from cancel_contract.tools.judge.lacks import by_lack

MAY_LACK = [part for part in Part if part is not Part.WIRE]
LACKS = [frozenset(some) for count in range(len(MAY_LACK) + 1) for some in combinations(MAY_LACK, count)]


def test_a_clause_says_which_evidence_it_needs() -> None:
    """One that does not say it cannot be made: it would hold for nothing where a part was not recorded."""
    with pytest.raises(TypeError, match="evidence"):
        Clause("a/b", Level.MUST, "policy", "/info", "It is so", lambda *_: iter(()))  # type: ignore[call-arg]  # what is tested


@pytest.mark.parametrize("lack", LACKS, ids=lambda lack: "-".join(sorted(lack)) or "nothing")
def test_what_is_not_recorded_is_not_judged(lack: frozenset[Part]) -> None:
    """Neither by a clause that needs it, nor by one about the bytes on the wire; all others are judged."""
    judged = {clause.id for clause in by_lack(CATALOGUE)[lack]}

    assert judged == {clause.id for clause in CATALOGUE if not clause.evidence & (lack | WIRE)}


def test_only_the_clause_itself_is_replaced_where_it_can_only_break() -> None:
    """Where names are masked, one that compares them is judged one-sidedly."""
    judged = {clause.id: clause for clause in by_lack(CATALOGUE)[frozenset({Part.WORDS})]}

    changed = {name for name, clause in judged.items() if clause is not BY_ID[name]}
    assert changed == {"effect/client-kept", "answer/nobody-else"}
