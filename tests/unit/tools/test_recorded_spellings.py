"""A field that cannot be used leaves the clauses that need it unjudged, and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Verdict
from tests.unit.tools.conftest import PAYLOAD, TOKEN, URL, Entry, Judged

Judge = Callable[..., Judged]
Made = Callable[..., Entry]

MISSING = object()
ODD: tuple[object, ...] = (
    None, MISSING, "", "abc", "12", " 12.5 ", "NaN", "1_0", 12.5, -1, 10**400, 1e300, True, [], [None], ["a", "b"], {},
    {"Content-Type": None}, {"a": {"b": None}}, [{"name": None, "value": "x"}], [[1, 2, 3]],
)  # fmt: skip
"""What recorders write where the format wants something else."""
FIELDS = (
    "startedDateTime",
    "time",
    "timings",
    "timings.send",
    "timings.wait",
    "timings.receive",
    "request.headers",
    "request.headersSize",
    "request.cookies",
    "request.queryString",
    "request.bodySize",
    "request.postData",
    "request.httpVersion",
    "response.statusText",
    "response.headers",
    "response.headersSize",
    "response.cookies",
    "response.bodySize",
    "response.redirectURL",
    "response.content",
    "response.content.size",
    "response.content.mimeType",
    "response.content.text",
    "response.content.encoding",
    "cache",
    "pageref",
)
POST_DATA = ("mimeType", "text", "params")
BREACH = {"payload": {**PAYLOAD, "status": "scheduled"}}


def put(entry: Entry, field: str, value: object) -> Entry:
    """Set a field of an entry, or take it out."""
    *way, name = field.split(".")
    part: Any = entry
    for step in way:
        part = part[step]
    if value is MISSING:
        part.pop(name, None)
    else:
        part[name] = value
    return entry


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_cannot_be_used_is_no_breach(field: str, judged: Judge, recorded: Made) -> None:
    """Whatever stands in a field, a right answer breaks nothing, and the exchange is judged."""
    for value in ODD:
        found = judged(put(recorded(), field, value))

        assert found.wrong == {}, value
        assert found.judging.met["cancels"] == 1, value
        assert found["answer/status-200"] is not Verdict.BROKEN, value


@pytest.mark.parametrize("field", [name for name in FIELDS if not name.startswith("response.content")])
def test_a_field_that_cannot_be_used_hides_no_breach(field: str, judged: Judge, recorded: Made) -> None:
    """Whatever stands in a field that says nothing of the body, a wrong body is seen."""
    for value in ODD:
        assert "effect/status-cancelled" in judged(put(recorded(BREACH), field, value)).wrong, value


@pytest.mark.parametrize("name", POST_DATA)
def test_a_sent_body_that_cannot_be_used(name: str, judged: Judge, recorded: Made) -> None:
    """What was sent and cannot be read is no breach of whoever refuses it, and hides no wrong answer."""
    for value in (it for it in ODD if it != ""):
        sent = {"mimeType": "application/json", "text": '{"a": 1}'}
        refused = put(recorded({"error": "no"}, status=400), "request.postData", put(dict(sent), name, value))
        wrong = put(recorded(BREACH), "request.postData", put(dict(sent), name, value))

        assert judged(refused).wrong == {}, value
        assert "effect/status-cancelled" in judged(wrong).wrong, value


@pytest.mark.parametrize(
    ("field", "value", "clause"),
    [
        ("response.headers", None, "answer/content-type"),
        ("response.headers", "Content-Type: text/html", "answer/content-type"),
        ("response.headers", [{"name": "Content-Type", "value": None}], "answer/content-type"),
        ("response.content", None, "answer/valid-json"),
        ("response.content.text", {"payload": PAYLOAD}, "answer/valid-json"),
        ("response.content.encoding", 7, "answer/valid-json"),
    ],
)
def test_what_needs_the_field_is_not_judged(
    field: str, value: object, clause: str, judged: Judge, recorded: Made
) -> None:
    """A clause that needs what is missing is neither held nor broken; all else is judged."""
    found = judged(put(recorded(), field, value))

    assert found[clause] is Verdict.UNTESTED
    assert found["answer/status-200"] is Verdict.HELD


@pytest.mark.parametrize("value", [None, "soon", -1, True, 1e300, {}], ids=repr)
def test_a_time_that_cannot_be_used(value: object, judged: Judge, recorded: Made) -> None:
    """Without a time, in all or by parts, nothing is said about the time limit."""
    found = judged(put(put(recorded(), "time", value), "timings.wait", value))

    assert found["answer/time-limit"] is Verdict.UNTESTED
    assert found["effect/status-cancelled"] is Verdict.HELD


@pytest.mark.parametrize("value", ["12000.5", " 12000 ", 12000.5, 12000], ids=repr)
def test_a_number_may_be_spelled_in_several_ways(value: object, judged: Judge, recorded: Made) -> None:
    """A fraction and a text are numbers, too."""
    entry = put(put(recorded(), "time", value), "timings", None)

    assert judged(entry).wrong == {"answer/time-limit": "the answer took 12.0 s, not 10 s at most"}


@pytest.mark.parametrize(
    ("headers", "broken"),
    [
        ({"Content-Type": "text/html"}, True),
        ({"content-type": ["text/html"]}, True),
        ([["Content-Type", "text/html"]], True),
        ([{"name": "Content-Type", "value": "application/json"}, {"name": "X-Count", "value": 5}], False),
        ({"Content-Type": "application/json", "X-Ratio": 0.5, "X-Cached": False}, False),
    ],
)
def test_headers_may_be_spelled_in_several_ways(headers: object, broken: object, judged: Judge, recorded: Made) -> None:
    """Headers as an object or as lists of two, and numbers as values, are read."""
    found = judged(put(recorded(), "response.headers", headers))

    assert ("answer/content-type" in found.wrong) is broken
    assert found["answer/content-type"] is (Verdict.BROKEN if broken else Verdict.HELD)


def test_request_headers_may_be_an_object(judged: Judge, recorded: Made) -> None:
    """A token in an object of headers is one, and none of what is printed holds it."""
    found = judged(put(recorded(BREACH), "request.headers", {"Host": "staging.example", "api_access_token": TOKEN}))
    row = next(row for row in found.rows if row.clause.id == "effect/status-cancelled")

    assert row.breach is not None
    assert '-H "api_access_token: ${ONELINK_API_TOKEN}"' in row.breach.curl


@pytest.mark.parametrize("status", ["200", 200.0, "200.0"], ids=repr)
def test_a_status_may_be_spelled_in_several_ways(status: object, judged: Judge, recorded: Made) -> None:
    """A text or a fraction that is a whole number is a status."""
    assert judged(put(recorded(), "response.status", status))["answer/status-200"] is Verdict.HELD


@pytest.mark.parametrize(
    ("field", "value", "fact"),
    [
        ("request.method", None, "request.method is missing or null, not a text"),
        ("request.method", "", "request.method is a text of 0, not a text"),
        ("request.method", 5, "request.method is a number, not a text"),
        ("response.status", None, "response.status is missing or null, not a whole number"),
        ("response.status", MISSING, "response.status is missing or null, not a whole number"),
        ("response.status", "three", "response.status is a text of 5, not a whole number"),
        ("response.status", 200.5, "response.status is a number, not a whole number"),
        ("response.status", True, "response.status is true or false, not a whole number"),
        ("response", None, "response.status is missing or null, not a whole number"),
        ("response", [], "response.status is missing or null, not a whole number"),
    ],
)
def test_an_unreadable_cancel_gives_no_verdict(
    field: str, value: object, fact: str, judged: Judge, recorded: Made
) -> None:
    """An exchange with the endpoint that has no method or status ends with 6, and is named with its field."""
    found = judged(recorded(), put(recorded(second=30), field, value))

    assert found.code is Exit.INCONCLUSIVE
    assert found.reasons == f"entry 2 cannot be read: {fact}"
    assert found["answer/status-200"] is Verdict.HELD


def test_a_breach_outranks_an_unreadable_cancel(judged: Judge, recorded: Made) -> None:
    """A breach that was seen counts more than an unreadable entry beside it."""
    assert judged(recorded(BREACH), put(recorded(), "response.status", None)).code is Exit.BROKEN


def test_many_unreadable_cancels_are_not_all_named(judged: Judge, recorded: Made) -> None:
    """A recording of which nothing can be read is reported in a line."""
    found = judged(*(put(recorded(), "response.status", None) for _ in range(50)))

    assert found.code is Exit.INCONCLUSIVE
    assert found.reasons.count("cannot be read") == 5
    assert "and 45 more" in found.reasons


@pytest.mark.parametrize("status", [0, -1, -999, "-999"], ids=repr)
def test_no_answer_is_no_verdict(status: object, judged: Judge, recorded: Made) -> None:
    """Where no answer was recorded nothing is broken; where there is nothing else the result is 6."""
    silent = put(recorded(second=40), "response", {"status": status, "headers": [], "content": {"size": 0}})

    alone, beside = judged(silent), judged(recorded(), silent)

    assert (alone.wrong, alone.code) == ({}, Exit.INCONCLUSIVE)
    assert "no answer to a cancel was recorded" in alone.reasons
    assert (beside.wrong, beside.code) == ({}, Exit.HELD)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateways_answer_is_not_the_applications(status: int, judged: Judge, recorded: Made) -> None:
    """What a gateway answers breaks nothing; where it answers more than a tenth there is no verdict."""
    page = recorded("<html>", status=status, second=59)

    few = judged(*(recorded(url=f"{URL[:-3]}{number}/cancel") for number in range(200, 212)), page)
    many = judged(recorded(), page)

    assert "answer/status-200" not in few.wrong
    assert few.judging.met["gateway errors"] == 1
    assert not few.reasons
    assert many.code is Exit.INCONCLUSIVE
    assert "502, 503 or 504" in many.reasons
