"""A cause is a paragraph: the fact, the promise, the request and the answer once."""

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
from cancel_contract.report.breach_text import (
    LONGEST_ANSWER,
    SO_FAR,
    _signs,
    cause_lines,
    nearest,
    paragraph,
    shared,
    times,
)


def test_a_terminal_shows_the_beginning_of_a_long_answer(exchange: Callable[..., Exchange]) -> None:
    """A screen is not filled by one answer; reports show all of it."""
    breach = breach_of(exchange(409, {"payload": {"comments": ["x"] * 100}}), broken("status", "status", "409", "200"))

    rows = {"repeat/answer": Row(BY_ID["repeat/answer"], broken=1, breach=breach)}

    told = list(cause_lines({"repeat/answer": breach}, rows, load(), lambda _: "again"))

    assert len(breach.answer) > 1000
    assert f"  answer   {breach.answer[:LONGEST_ANSWER]}..." in told


def _line(text: str) -> int:
    """Return the number of the fragment's first line that begins with a text."""
    lines = load().path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(text))


def test_scenarios_that_broke_it_too_share_a_line(exchange: Callable[..., Exchange]) -> None:
    """Each scenario once, the first two by their names, without the one whose case is shown."""
    breach = breach_of(exchange(409, {}), broken("status", "status", "409", "200"))
    rows = {"repeat/answer": Row(BY_ID["repeat/answer"], broken=1, breach=breach)}
    shown = breach.case.partition("#")[0]
    played = {"repeat/answer": [shown, "effect/slot", "repeat/lost", "effect/slot", "repeat/spread", "input/odd"]}

    told = [*cause_lines({"repeat/answer": breach}, rows, load(), lambda _: "again", played)]

    assert told[-2:] == ["  also in  the scenarios effect/slot, repeat/lost and 2 more", "  again    again"]
    assert "  times    once, the only time that it was judged" in told


def test_what_one_request_showed_is_one_paragraph(exchange: Callable[..., Exchange]) -> None:
    """Of several facts about one answer the weightiest is told first, the others beneath it, and the evidence once."""
    shown = exchange(200, {"payload": {"account_id": 4}})
    facts = {
        "answer/account-echo": broken("field", "/account_id", "4", "3"),
        "access/foreign-appointment": broken("status", "status", "200", "401 or 403 or 404"),
        "access/refusal-alike": broken("status", "status", "200", "404 as for none"),
    }
    breaches = {name: breach_of(shown, fact) for name, fact in facts.items()}
    rows = {name: Row(BY_ID[name], broken=1, breach=breach) for name, breach in breaches.items()}

    told = [*cause_lines(breaches, rows, load(), lambda _: "again")]

    assert told[0] == "access/foreign-appointment BROKEN: status is 200, not 401 or 403 or 404"
    assert told[4:6] == [
        "  follows  access/refusal-alike: status is 200, not 404 as for none",
        "           answer/account-echo: account_id is 4, not 3",
    ]
    assert sum(line.startswith("  answer ") for line in told) == 1


def test_where_the_server_failed_the_other_clauses_are_named_alone(exchange: Callable[..., Exchange]) -> None:
    """Whatever each of them has asked, the sentence would be the same."""
    asked = {"repeat/many": "404", "input/body-large": "a 4xx", "input/accept": "200"}
    breaches = {
        name: replace(breach_of(exchange(500, {}), broken("status", "status", "500", wanted)), curl=name)
        for name, wanted in asked.items()
    }
    rows = {name: Row(BY_ID[name], broken=1, breach=breach) for name, breach in breaches.items()}

    told = [*cause_lines(breaches, rows, load(), lambda _: "again")]

    assert [line for line in told if "breaks" in line] == ["  breaks   input/body-large, input/accept"]


def test_before_a_run_has_ended_no_times_are_told(exchange: Callable[..., Exchange]) -> None:
    """The count of an item would differ from that of the ledger."""
    breach = breach_of(exchange(409, {}), broken("status", "status", "409", "200"))
    (cause,) = causes({"repeat/answer": breach})
    rows = {"repeat/answer": Row(BY_ID["repeat/answer"], broken=1, breach=breach)}

    assert not any("times" in line for line in paragraph(cause, rows, load(), "again", SO_FAR))


def test_a_cause_is_a_paragraph(exchange: Callable[..., Exchange]) -> None:
    """What several clauses found in one answer is told once, with whether its request may be sent again."""
    answer = {"error": "Already cancelled", "code": "CONFLICT", "client_name": "Анна"}
    message = "status is 409, not 200, on the second cancel"
    breach = breach_of(exchange(409, answer), broken("status", "status", "409", "200", message))

    names = ("answer/status-200", "effect/settled", "repeat/answer")
    rows = {name: Row(BY_ID[name], held=3, broken=1, breach=breach) for name in names}

    lines = cause_lines(dict.fromkeys(names, breach), rows, load(), lambda _: "pytest tests/contract --case k")

    place = _line('        "200":')
    assert "\n".join(lines) == (
        "answer/status-200 BROKEN: status is 409, not 200, on the second cancel\n"
        "  promise  A cancel by a member who may cancel answers 200\n"
        f"  source   MUST, documented, openapi/cancel-appointment.yaml:{place}\n"
        "  times    1 of 4 times\n"
        "  breaks   repeat/answer, effect/settled\n"
        "  case     a first cancel\n"
        "  request  curl -sS -i -X POST https://one-link.test/api/v1/accounts/3/scheduling/appointments/7/cancel "
        "-H 'Accept: application/json' -H \"api_access_token: ${ONELINK_API_TOKEN}\" -H 'content-length: 0'\n"
        "           may change an appointment: send it again only to one of your own\n"
        '  answer   409 application/json {"error": "Already cancelled", "code": "CONFLICT", '
        '"client_name": "<string 4>"}\n'
        "  again    pytest tests/contract --case k"
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"held": 8, "broken": 2}, "2 of 10 times"),
        ({"held": 8, "broken": 2, "again": True}, "2 of 10 times; sent again, it broke again"),
        ({"held": 9, "broken": 1, "again": False}, "1 of 10 times; sent again, it held"),
        ({"broken": 2, "again": True}, "each of 2 times"),
        ({"broken": 1}, "once, the only time that it was judged"),
    ],
)
def test_what_broke_sometimes_is_told_with_what_came_of_asking_again(counts: dict[str, int], told: str) -> None:
    """A reader must not take a rule of the server for chance."""
    assert times(Row(BY_ID["repeat/answer"], **counts)) == told


def _judged(broke: set[frozenset[str]], held: set[frozenset[str]], breach: Breach | None = None) -> Row:
    """Return a row of cases that broke each time, or held each time, with their traits."""
    parts = ({((f"effect/{sorted(one)}#{key}",), one) for one in some} for key, some in (("b", broke), ("h", held)))
    return compared(Row(BY_ID["repeat/answer"], broken=1, held=1, again=True, breach=breach), *parts)


def test_the_most_similar_case_that_held_is_told_where_no_sign_is_known() -> None:
    """What it lacks, or else what it has; nothing of answers, of what was only looked at, nor where much differs."""
    paid = frozenset({"status confirmed", "with payments", "the answer is a 200", "read before"})
    free = frozenset({"status completed", "with payments", "the answer is a 401", "not read before"})
    far = frozenset("abcdefg")

    assert nearest(_judged({paid}, {free, far})) == ("the most similar case that held has not this: status confirmed")
    assert nearest(_judged({paid}, {paid - {"status confirmed"}})) == (
        "the most similar case that held has not this: status confirmed"
    )
    assert nearest(_judged({paid}, {paid | {"x"}})) == "the most similar case that held has besides: x"
    assert nearest(_judged({paid}, {far})) == nearest(replace(_judged({paid}, {free}), again=None)) == ""


def test_that_nothing_was_found_is_told() -> None:
    """Where several broke and several held alike; of what nothing is known, nothing is said."""
    several = {frozenset("ab"), frozenset("bc")}
    row = replace(_judged(several, {frozenset("abc"), frozenset("b")}), again=None)

    assert [line[:22] for line in _signs(row)] == ["  when     nothing set"]
    assert [*_signs(replace(_judged({frozenset()}, {frozenset("a"), frozenset("b")}), again=None))] == []


def test_what_asks_for_something_else_is_not_similar() -> None:
    """A refused cancel and one of what is not there differ in that, which says nothing of why one broke."""
    absent, refused = frozenset({ASKED[Intent.UNKNOWN_ID], "a"}), frozenset({ASKED[Intent.REFUSED], "a"})

    assert nearest(_judged({absent}, {refused})) == ""
    assert nearest(_judged({absent}, {refused, absent | {"b"}})) == "the most similar case that held has besides: b"


def test_it_is_told_in_what_the_shown_case_differs(exchange: Callable[..., Exchange]) -> None:
    """Another one that broke it may be more like one that held."""
    shown = breach_of(exchange(500, {}), broken("json", "body", "a", "b"))
    row = compared(
        Row(BY_ID["repeat/answer"], broken=2, held=1, again=True, breach=shown),
        {((shown.case,), frozenset("ab")), (("effect/other#first",), frozenset("c"))},
        {(("effect/held#first",), frozenset("d"))},
    )

    assert nearest(row) == "the most similar case that held has none of these: a, b"


def test_that_the_answer_is_a_failure_is_no_sign_beside_a_status(exchange: Callable[..., Exchange]) -> None:
    """The sentence says it already; of other facts it is one."""
    broke = {frozenset({"the answer is a 500", name}) for name in "ab"}
    held = {frozenset({"the answer is a 200", name}) for name in "ab"}
    about_it = breach_of(exchange(500, {}), broken("status", "status", "500", "200"))
    about_json = replace(about_it, what="json")

    assert shared(_judged(broke, held, about_it)) == ""
    assert shared(_judged(broke, held, about_json)).startswith("the answer is a 500")


def test_the_steps_of_one_case_are_not_named_as_cases() -> None:
    """It is one case, however many requests it takes."""
    row = compared(
        Row(BY_ID["repeat/many"], broken=4, held=3, again=True),
        {(("effect/x#first", "effect/x#cancel 2"), frozenset("a"))},
        {(("effect/y#first",), frozenset("b"))},
    )

    assert times(row) == "all 4 times in this case; never in 1 other case (effect/y)"


def test_what_all_that_held_share_is_told_but_for_the_status(exchange: Callable[..., Exchange]) -> None:
    """That all that held were answered 200 says no more than that the others were not."""
    broke = {frozenset({"the answer is a 415", name}) for name in "ab"}
    held = {frozenset({"the answer is a 200", "with payments", name}) for name in "cd"}
    about_it = breach_of(exchange(415, {}), broken("status", "status", "415", "200"))

    assert [line for line in _signs(_judged(broke, held, about_it)) if "all that" in line][:1] == [
        "  when     all that held have this, and nothing else has: with payments"
    ]


def test_where_little_was_compared_both_sides_are_told() -> None:
    """In what all that broke differ from all that held; not where they differ in too much, or one side is empty."""
    long = frozenset({"90 minutes", "with a contact", "the answer is a 409"})
    row = replace(
        _judged({long, long | {"x"}}, {frozenset({"60 minutes", "with a contact", "read before"})}), again=None
    )

    assert [line for line in _signs(row) if "all that" in line][:1] == [
        "  when     all that broke have this, and nothing else has: 90 minutes"
    ]
    assert list(_signs(row))[1:] == ["           all that held have this, and nothing else has: 60 minutes"]
    assert list(_signs(replace(_judged({frozenset(map(str, range(20)))}, {frozenset("a")}), again=None))) == []
    assert list(_signs(replace(_judged({frozenset("ab")}, set()), again=None))) == []


@pytest.mark.parametrize(
    ("broke", "held", "end"),
    [
        ({frozenset({"status no_show", "a"}), frozenset({"status no_show", "b"})}, {"ab", "a"}, "status no_show"),
        ({frozenset({"x", "y", "a"}), frozenset({"x", "y", "b"})}, {"ab", "a"}, ""),
        ({frozenset({"it is under way"})}, {"a"}, "it is under way"),
    ],
)
def test_the_one_condition_stands_in_the_sentence(
    exchange: Callable[..., Exchange], broke: set[frozenset[str]], held: set[str], end: str
) -> None:
    """Of several that may be it each is told below."""
    breach = breach_of(exchange(409, {}), broken("status", "status", "409", "200"))
    row = replace(_judged(broke, {frozenset(one) for one in held}, breach), again=None)
    (cause,) = causes({"repeat/answer": breach})

    first, *_ = paragraph(cause, {"repeat/answer": row}, load(), "again")

    assert first == "repeat/answer BROKEN: status is 409, not 200" + (f"; only if: {end}" if end else "")


def test_what_is_about_the_field_itself_comes_first(exchange: Callable[..., Exchange]) -> None:
    """Kinds of appointments differ in much at once: 45 minutes are no reason to squeeze a name."""
    breach = breach_of(exchange(200, {}), broken("field", "/client_name", "another", "the same"))
    signs = frozenset({"45 minutes", "client_name of one word"})
    row = replace(_judged({signs | {"x"}, signs | {"y"}}, {frozenset("x"), frozenset("y")}), breach=breach)

    (only,) = _signs(row)
    assert only.startswith("  when     most likely client_name of one word: each time")
    assert only.endswith(" (and so it was with 45 minutes)")

    unlike, *_ = _signs(replace(_judged({signs}, {frozenset("x")}), breach=breach, again=None))
    assert unlike.endswith(": client_name of one word, and 1 other")
