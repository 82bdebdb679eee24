"""The one condition of a breach, which stands in its sentence."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import ASKED
from cancel_contract.fragment.document import load
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import causes
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.row import Row, compared
from cancel_contract.report.breach_text import paragraph
from cancel_contract.report.conditions import condition, signs_of
from tests.unit.report.conftest import judged


def test_the_part_that_is_enough_is_the_condition(exchange: Callable[..., Exchange]) -> None:
    """What the appointments have in common besides is chance; nor is what the sentence says told again."""
    breach = breach_of(exchange(200, {}), broken("status", "status", "200", "401"))
    broke = {(("access/x#other-header, the header y alone",), frozenset({"status scheduled", name})) for name in "ab"}
    held = {((f"access/{name}#first",), frozenset({name})) for name in "cd"}
    row = compared(Row(BY_ID["repeat/answer"], broken=2, held=2, again=True, breach=breach), broke, held)
    said = replace(breach, message="status is 200, not a 4xx, with a token of SQL")
    beside = judged({frozenset({"with a token of SQL"})}, {frozenset("ab")}, said)

    two = broke | {(("access/x#other-header, the header z alone",), frozenset({"status scheduled"}))}

    assert condition(row) == "; the header y alone is enough"
    odd = replace(breach, curl="curl -X POST http://127.0.0.1/ -H 'the header y: a;q=0.9'")
    assert condition(replace(row, breach=odd)) == "; the header y: a;q=0.9 alone is enough"
    many = two | {((f"access/x#other-header, {name} alone",), frozenset({"status scheduled"})) for name in "pq"}
    assert condition(compared(row, two, held)) == "; the header y or the header z alone is enough"
    assert condition(compared(row, many, held)) == "; each of 4 parts of it alone is enough"
    assert [*signs_of(row)] == [] == [*signs_of(beside)]


def test_a_part_of_the_query_is_told_with_its_value(exchange: Callable[..., Exchange]) -> None:
    """As it stands in the request that is shown."""
    breach = breach_of(exchange(200, {}), broken("leak", "/a", "a client", "nobody"))
    breach = replace(breach, curl="curl -X POST 'http://127.0.0.1/cancel?include=resource' -H 'accept: */*'")
    broke = {(("input/x#query, include in the query alone",), frozenset({"status scheduled"}))}
    row = compared(Row(BY_ID["answer/nobody-else"], broken=1, held=1, again=True, breach=breach), broke)

    assert condition(row) == "; include=resource in the query alone is enough"


@pytest.mark.parametrize(
    ("broke", "held", "end"),
    [
        ({frozenset({"status no_show", "a"}), frozenset({"status no_show", "b"})}, {"ab", "a"}, "status no_show"),
        ({frozenset({"x", "y", "a"}), frozenset({"x", "y", "b"})}, {"ab", "a"}, ""),
        ({frozenset({"it is under way", one}) for one in "ab"}, {"c"}, "it is under way"),
        ({frozenset({"it is under way"})}, {"a", "b"}, ""),
        # Before a repeat there is a first cancel.
        ({frozenset({"a first cancel", one}) for one in "ab"}, {"c"}, ""),
    ],
)
def test_the_one_condition_stands_in_the_sentence(
    exchange: Callable[..., Exchange], broke: set[frozenset[str]], held: set[str], end: str
) -> None:
    """Of several that may be it each is told below."""
    breach = breach_of(exchange(409, {}), broken("status", "status", "409", "200"))
    row = replace(judged(broke, {frozenset(one) for one in held}, breach), again=None)
    (cause,) = causes({"repeat/answer": breach})

    first, *_ = paragraph(cause, {"repeat/answer": row}, load(), "again")

    assert first == "repeat/answer BROKEN: status is 409, not 200" + (f"; only in this case: {end}" if end else "")


def test_with_what_another_clause_of_the_cause_held_is_no_condition(exchange: Callable[..., Exchange]) -> None:
    """Of a status, which is the same whoever asks for it; a field may be right in one view and wrong in another."""

    def told(breach: Breach) -> str:
        broke = {frozenset({"x", one}) for one in "ab"}
        row = replace(judged(broke, {frozenset("c"), frozenset("d")}, breach), again=None)
        other = judged({frozenset("xa")}, {frozenset("xe")}, replace(breach, curl="another"))
        rows = {"repeat/answer": row, "repeat/many": other}
        (cause,) = causes(dict.fromkeys(rows, breach))
        return next(paragraph(cause, rows, load(), "again"))

    status = breach_of(exchange(409, {}), broken("status", "status", "409", "200"))

    assert told(status) == "repeat/answer BROKEN: status is 409, not 200"
    field = replace(status, what="field", where="/x")
    assert told(field) == "repeat/answer BROKEN: status is 409, not 200; only in this case: x"


def test_beside_which_answers_something_stands_is_no_condition(exchange: Callable[..., Exchange]) -> None:
    """A leak in each 200 is one wherever the cancel is accepted."""
    breach = breach_of(exchange(200, {}), broken("leak", "/a", "a key", "none", "a key is shown"))
    shown = {frozenset({"the answer is a 200", one}) for one in "ab"}
    row = replace(judged(shown, {frozenset("c"), frozenset("d")}, breach), again=None)

    assert condition(row) == ""
    assert [*signs_of(row)] == ["  when     the answer is a 200: each time that it broke, and never when it held"]


def test_what_the_sentence_says_is_no_condition(exchange: Callable[..., Exchange]) -> None:
    """Nor is what it says in other words."""
    told = broken("status", "status", "500", "200", "status is 500, not 200 or a 4xx, without User-Agent")
    shown = {frozenset({ASKED[Intent.AGENT], one}) for one in "ab"}
    row = replace(judged(shown, {frozenset("c"), frozenset("d")}, breach_of(exchange(500, {}), told)), again=None)

    assert condition(row) == ""
    assert condition(replace(row, breach=breach_of(exchange(500, {}), broken("status", "status", "500", "200")))) == (
        f"; only in this case: {ASKED[Intent.AGENT]}"
    )
