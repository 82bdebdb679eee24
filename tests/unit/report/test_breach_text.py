"""A cause is a paragraph: the fact, the promise, the request and the answer once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from cancel_contract.ledger.causes import causes
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.row import Row, compared
from cancel_contract.report.breach_text import (
    LONGEST_ANSWER,
    SO_FAR,
    cause_lines,
    paragraph,
)
from cancel_contract.report.conditions import times


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


@pytest.mark.parametrize(("shared", "end"), [("status no_show", "; only in this case: status no_show"), ("", "")])
def test_what_others_of_the_bug_have_in_common_is_its_condition(
    exchange: Callable[..., Exchange], shared: str, end: str
) -> None:
    """A single case has many traits, any of which may be there by chance; a second clause that came out alike tells."""
    names = ("access/wrong-token", "access/foreign-token")
    breach = breach_of(exchange(200, {}), broken("status", "status", "200", "401 or 403"))
    breaches = {name: replace(breach, wanted=name) for name in names}
    common = {shared} - {""}
    traits = (frozenset({*common, "45 minutes"}), frozenset({*common, "with a contact"}))
    held = {((f"access/x#{at}",), frozenset({name})) for at, name in enumerate("abcd")}
    rows = {
        name: compared(
            Row(BY_ID[name], broken=2, held=4, again=True, breach=breaches[name]), {((f"effect/{name}#x",), one)}, held
        )
        for name, one in zip(names, traits, strict=True)
    }

    played = {name: [f"effect/{name}"] for name in names}
    told = [*cause_lines(breaches, rows, load(), lambda _: "again", played)]

    assert told[0] == f"access/wrong-token BROKEN: status is 200, not 401 or 403{end}"
    assert "  times    all 2 times in this case; never in 4 other cases" in told
    assert "  also in  the scenarios effect/access/wrong-token, effect/access/foreign-token" in told
    assert not any("look for chance" in line for line in told)


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
        "  leads to access/refusal-alike: status is 200, not 404 as for none",
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
        'answer/status-200 BROKEN: status is 409, not 200, on the second cancel; the error is "Already cancelled"\n'
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
    ("name", "code", "error", "told"),
    [
        (
            "repeat/answer",
            409,
            "Already cancelled",
            ' BROKEN: status is 409, not 200; the error is "Already cancelled"',
        ),
        ("repeat/answer", 409, "Анна Каренина", " BROKEN: status is 409, not 200"),
        ("repeat/answer", 500, "Internal Server Error", " BROKEN: status is 500, not 200"),
        ("effect/calendar", 500, "", " BROKEN (SHOULD): status is 500, not 200"),
    ],
)
def test_the_error_of_a_refusal_and_the_level_of_a_wish_are_in_the_sentence(
    exchange: Callable[..., Exchange], name: str, code: int, error: str, told: str
) -> None:
    """What the server says of it is half of the story, where nothing in it may be a person's."""
    breach = breach_of(exchange(code, {"error": error}), broken("status", "status", str(code), "200"))
    (cause,) = causes({name: breach})

    assert next(paragraph(cause, {name: Row(BY_ID[name], broken=1, breach=breach)}, load(), "again")) == name + told


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
def test_what_broke_sometimes_is_told_with_what_came_of_asking_again(counts: dict[str, Any], told: str) -> None:
    """A reader must not take a rule of the server for chance."""
    assert times(Row(BY_ID["repeat/answer"], **counts)) == told
