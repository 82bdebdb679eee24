"""Which clauses a ledger asks about a piece of evidence."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancel_contract.clauses import Clause
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Verdict

Clauses = Callable[..., Clause]
Ledgers = Callable[..., Ledger]
Asked = Callable[[str], Exchange]


def test_where_no_clause_can_be_judged_none_is(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """A recording may lack whatever each clause would look at: it is not judged by all of them then."""
    made = ledger(clause("a/b", "late"))

    assert made.judge(asked("key"), clauses=()).broken == set()
    assert made.judge(asked("key")).broken == {"a/b"}


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_a_gateway_answers_is_judged_by_no_clause(
    ledger: Ledgers, clause: Clauses, asked: Asked, status: int
) -> None:
    """A gateway's answer, alone or in an episode, is judged by no clause except the one about gateways."""
    one = replace(asked("key"), answer=Answer(status, (), b""))
    others = (replace(clause(name, None), over=Episode) for name in ("access/c", "answer/d"))
    made = ledger(clause("a/b", "late"), *others)

    made.judge(one)
    made.judge(Episode(Kind.REFUSAL, ((Role.BEFORE, asked("key")), (Role.CANCEL, one))))
    assert {row.verdict for row in made.rows.values()} == {Verdict.UNTESTED}

    made.judge(Episode(Kind.GATEWAY, ((Role.CANCEL, one),)))
    assert made.rows["answer/d"].verdict is Verdict.HELD


def test_an_episode_is_judged_by_its_own_family_alone(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """What a clause of another family would say of it is nobody's promise."""
    made = ledger(*(replace(clause(name, "late"), over=Episode) for name in ("effect/a", "repeat/b")))

    found = made.judge(Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, asked("key")),)))

    assert found.broken == {"effect/a"}


def test_what_another_endpoint_answers_is_judged_by_no_clause(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """A read is evidence only in an episode."""
    made, one = ledger(clause("a/b", "late")), asked("key")

    found = made.judge(replace(one, case=replace(one.case, intent=Intent.READ)))

    assert found.exercised == found.broken == set()
