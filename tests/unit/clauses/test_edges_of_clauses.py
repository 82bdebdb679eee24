"""Edge cases of the clauses; each kills a mutant that once survived."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID, Terms, clause, envelope, fields, named_elsewhere
from cancel_contract.exchange import compare
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.fragment.document import load
from cancel_contract.fragment.schema_errors import SchemaError
from tests.unit.clauses.conftest import Told, told


def _exchange(body: object, status: int = 200, intent: Intent = Intent.FIRST, echoes: tuple[str, ...] = ()) -> Exchange:
    raw = json.dumps(body).encode()
    value, fault = parse_json(raw)
    case = Case("test", intent, ACTION.path(3, 7), appointment=7)
    given = Answer(status, (("Content-Type", "application/json"),), raw, value, fault, None, echoes)
    return Exchange(1, case, "https://one-link.test", (), b"", datetime(2026, 11, 2, tzinfo=UTC), 0.1, given, None, "")


def _judged(name: str, evidence: Exchange | Episode, **terms: Any) -> set[Told]:  # noqa: ANN401  fields of Terms
    return set(map(told, BY_ID[name].judge(evidence, Terms(load(), 3, **terms))))


@pytest.mark.parametrize(
    ("value", "named"),
    [({}, "an object"), ([], "an array"), ("a", "a string"), (True, "a boolean"), (None, "null"), (1, "a number")],
)
def test_what_stands_in_the_place_of_an_object_is_named(value: object, named: str) -> None:
    """A message about something that is not an object names the type that came."""
    assert envelope.named(value) == named
    if value != {}:
        assert _judged("answer/envelope", _exchange({"payload": value})) == {f"payload is {named}, not an object"}


@pytest.mark.parametrize(
    ("keyword", "chosen"),
    [
        ("enum", "is_enumeration"), ("const", "is_enumeration"), ("format", "is_format"), ("pattern", "is_format"),
        ("encoding", "is_format"), ("minimum", "is_bound"), ("maximum", "is_bound"), ("type", "is_type"),
        ("maxItems", ""),
    ],
)  # fmt: skip
def test_each_kind_of_error_belongs_to_one_clause(keyword: str, chosen: str) -> None:
    """An error of the schema is reported by one clause; one about null or money by the clauses of those."""
    error = SchemaError(("status",), keyword, "", is_null=False)
    null, money = (
        SchemaError(("status",), keyword, "", is_null=True),
        SchemaError(("service_amount",), keyword, "", is_null=False),
    )
    names = ("is_enumeration", "is_format", "is_bound", "is_type", "is_null", "is_amount")

    assert [name for name in names if getattr(fields, name)(error)] == [chosen] * bool(chosen)
    assert fields.is_null(null)
    assert fields.is_amount(money)
    assert not (fields.is_enumeration(null))
    assert not (fields.is_format(null))
    assert not (fields.is_type(null))
    assert not (fields.is_bound(money))
    assert not (fields.is_type(money))


def test_what_is_missing_is_neither_null_nor_money() -> None:
    """A missing field is reported as missing, not as null or as a wrong amount."""
    missing = SchemaError(("service_amount",), "required", "", is_null=False)

    assert not (fields.is_null(missing))
    assert not (fields.is_amount(missing))


@pytest.mark.parametrize("name", ["answer/id-echo", "answer/account-echo", "answer/money-adds-up"])
def test_only_a_success_is_looked_into(name: str) -> None:
    """What a refusal holds is no appointment's."""
    wrong = {"id": 8, "account_id": 4, "service_amount": 1, "prepaid_amount": 2, "settlement_amount": 0}

    assert _judged(name, _exchange({"payload": wrong}, 422)) == set()
    assert _judged(name, _exchange({"payload": wrong})) not in (set(), {None})


def test_every_secret_that_is_echoed_is_named() -> None:
    """Two echoed secrets are reported as two variables."""
    found = _judged("answer/no-token", _exchange({}, echoes=("ONELINK_A", "ONELINK_B")))

    assert found == {"the answer holds the value of $ONELINK_A; the answer holds the value of $ONELINK_B"}


@pytest.mark.parametrize(("status", "is_free"), [(200, True), (201, True), (409, False)])
def test_a_slot_is_free_when_it_is_booked_again(status: int, *, is_free: bool) -> None:
    """Both statuses of a create are a booking; other episodes say nothing about slots."""
    steps = ((Role.CANCEL, _exchange({})), (Role.REBOOK, _exchange({}, status, Intent.CREATE)))

    assert (_judged("effect/slot-free", Episode(Kind.SLOT, steps)) == {None}) is is_free
    assert _judged("effect/slot-free", Episode(Kind.MODEL, steps)) == set()


@pytest.mark.parametrize(("status", "is_legal"), [(200, True), (201, False), (300, True), (498, True), (500, False)])
def test_other_spellings_may_be_redirected_or_refused(status: int, *, is_legal: bool) -> None:
    """A path in another spelling is answered 200, 3xx or 4xx."""
    found = _judged("input/path-spelling", _exchange({}, status, Intent.OTHER_PATH))

    assert (found == {None}) is is_legal


def test_payloads_are_one_by_their_text() -> None:
    """Two payloads of the same bytes are checked once; of other bytes, or something else, each by itself."""
    one, same, other = clause._Keyed(b"1", {}), clause._Keyed(b"1", {}), clause._Keyed(b"2", {})

    assert one == same
    assert one != other
    assert one != b"1"


def test_values_are_told_by_their_size() -> None:
    """Booleans and null are shown as they are, texts by their length."""
    assert [compare.shown(value) for value in (True, False, None, 7, "abc")] == [
        "true",
        "false",
        "null",
        "7",
        "a text of 3 characters",
    ]


def test_the_shortest_telling_text_tells() -> None:
    """A text of the shortest telling length gives a person away, a shorter one does not."""
    text = "x" * named_elsewhere._SHORTEST_TELLING

    assert named_elsewhere.stands_in(text, f"a {text} b")
    assert not named_elsewhere.stands_in(text[1:], f"a {text} b")


def test_the_longest_word_is_told() -> None:
    """A word of the greatest length is shown as it is, a longer one by its size."""
    word = "x" * compare._LONGEST_WORD

    assert compare._told_or_shown(word, "status", is_told=True) == repr(word)
    assert compare._told_or_shown(f"{word}x", "status", is_told=True) == f"a text of {len(word) + 1} characters"


def test_money_adds_up_from_one_on() -> None:
    """A price of 1 bounds what is received; a price of 0 says nothing."""
    money = {"prepaid_amount": 2, "settlement_amount": 0}

    assert _judged("answer/money-adds-up", _exchange({"payload": {"service_amount": 1, **money}})) not in (
        set(),
        {None},
    )
    assert _judged("answer/money-adds-up", _exchange({"payload": {"service_amount": 0, **money}})) <= {None}
