"""What a ledger makes of an answer that was not delivered as it states."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancel_contract.clauses import Clause
from cancel_contract.clauses.clause import WIRE
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Verdict

Clauses = Callable[..., Clause]
Ledgers = Callable[..., Ledger]
Asked = Callable[[str], Exchange]
GZIP = "the answer says Content-Encoding: gzip, but its 14 bytes are not gzip"
RAW = Answer(200, (("content-type", "application/json"),), b"Sorry, Tuesday", None, "it is not gzip", GZIP)


def _cut(asked: Exchange) -> Exchange:
    return replace(asked, trouble=Trouble.BROKEN, trouble_text="Content-Length says 9, the body has 2 bytes")


@pytest.mark.parametrize("unread", [lambda one: replace(one, answer=RAW), _cut], ids=["undecodable", "cut"])
def test_its_delivery_alone_is_judged(
    ledger: Ledgers, clause: Clauses, asked: Asked, unread: Callable[[Exchange], Exchange]
) -> None:
    """Whatever else would be said, such as that the body is empty, follows from it."""
    whole = replace(clause("effect/episode", "late"), over=Episode)
    made = ledger(clause("a/body", "late"), whole, replace(clause("a/wire", "late"), evidence=WIRE))
    one = unread(asked("key"))

    made.judge(one)
    made.judge(Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, one), (Role.AFTER, asked("read")))))

    verdicts = {name: row.verdict for name, row in made.rows.items()}
    assert verdicts == {"a/body": Verdict.UNTESTED, "effect/episode": Verdict.UNTESTED, "a/wire": Verdict.BROKEN}


@pytest.mark.parametrize(
    "answer",
    [replace(RAW, framing_fault=None), replace(RAW, json={"payload": {}}, json_fault=None)],
    ids=["no-json", "surplus"],
)
def test_what_can_be_read_is_judged(ledger: Ledgers, clause: Clauses, asked: Asked, answer: Answer) -> None:
    """A body that is not JSON is delivered all the same, and one with bytes behind it says what it says."""
    made = ledger(clause("a/body", "late"))

    made.judge(replace(asked("key"), answer=answer))

    assert made.rows["a/body"].verdict is Verdict.BROKEN


def test_a_companion_that_cannot_be_read_hides_nothing(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """No clause judges how a read is delivered, so that its episode would pass in silence."""
    made = ledger(replace(clause("effect/episode", "late"), over=Episode))
    read = asked("read")
    read = replace(read, case=replace(read.case, intent=Intent.READ), answer=RAW)

    made.judge(Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, asked("key")), (Role.AFTER, read))))

    assert made.rows["effect/episode"].verdict is Verdict.BROKEN


def test_its_bytes_are_counted_and_shown(asked: Asked) -> None:
    """Never as nothing: whoever reads it sees that it is not gzip."""
    breach = breach_of(replace(asked("key"), answer=RAW), broken("answer", "length", "x", "y", GZIP))

    assert breach.message == GZIP
    assert breach.answer == "200 application/json b'Sorry, <string 7>' (14 bytes)"
