"""Comparing two refusals: only what differs by itself is masked."""

from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.clauses.alike import difference
from cancel_contract.exchange.exchange import Exchange
from tests.unit.clauses.conftest import Maker

HERE, ABSENT = 4002, 2**62 + 2**40


def _path(number: int) -> str:
    return f"/api/v1/accounts/3/scheduling/appointments/{number}/cancel"


def _asked(maker: Maker, number: int, body: Any, code: int = 404, kind: str = "application/json") -> Exchange:  # noqa: ANN401
    return maker.cancel(code, body=body, kind=kind, case={"path": _path(number)})


def _compared(maker: Maker, here: Any, there: Any, again: Any = None) -> str | None:  # noqa: ANN401  JSON's boundary
    one, other = (_asked(maker, ABSENT, body) for body in (there, there if again is None else again))
    found = difference(_asked(maker, HERE, here), one, other)
    return str(found) if found else None


def _error(text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  JSON's boundary
    return {"error": text, **more}


ALIKE = {
    "the same": (_error("Not found"), _error("Not found"), _error("Not found")),
    "a path": (_error("No", instance=_path(HERE)), _error("No", instance=_path(ABSENT)), None),
    "an id in a sentence": (_error(f"No {HERE}."), _error(f"No {ABSENT}."), None),
    "an id as a number": (_error("No", id=HERE), _error("No", id=ABSENT), None),
    "an id that became a float": (_error(f"No {HERE}"), _error("No 4611687117939016000"), None),
    "an id that is parted by thousands": (_error(f"No {HERE:,}"), _error(f"No {ABSENT:,}"), None),
    "an id that is parted by blanks": (
        _error(f"No {HERE:,}".replace(",", " ")),
        _error(f"No {ABSENT:,}".replace(",", " ")),
        None,
    ),
    "an id like a status": (_error("4002 Not found 4002"), _error(f"{ABSENT} Not found 4002"), None),
    "a time": tuple(_error("No", timestamp=f"2026-11-27T04:09:{second}.123Z") for second in ("59", "58", "60")),
    "another hour": tuple(_error("No", at=at) for at in ("10:00:00", "09:59:59", "10:00:01")),
    "a day in words": tuple(_error("No", at=at) for at in ("Fri Nov 27", "Thu Nov 26", "Sat Nov 28")),
    "a trace": tuple(_error("No", traceId=f"00-{trace}-00") for trace in ("3ab4-f1", "99cd-0e", "8f3a-77")),
    "a base64 number": tuple(_error("No", request_id=text) for text in ("q1+r/s==", "a/b+c+d=", "zzzz/y==")),
    "a counter": tuple(_error(f"No (request {number})") for number in (10, 9, 11)),
    "a duration": tuple(_error("No", took=took) for took in (0.25, 0.5, 1)),
    "a key that comes and goes": (_error("No"), _error("No", hint="x"), _error("No")),
    "another one that comes and goes": (_error("No", hint="y"), _error("No", hint="x"), _error("No")),
    "a page": (b"<p>4002 is not there", f"<p>{ABSENT} is not there".encode(), None),
}


def _echo(maker: Maker, number: int, own: str, text: str) -> Exchange:
    exchange = _asked(maker, number, _error(text, request_id=own))
    return replace(exchange, request_headers=(("X-Request-Id", own),))


def test_an_echo_of_the_requests_id_is_no_difference(maker: Maker) -> None:
    """Whatever its length and its digits, it is the request's own; the rest of the text still counts."""
    owns = [f"cancel-contract-3f9a01bc{part}" for part in ("-0-9", "-12", "-0-13")]
    numbers = (HERE, ABSENT, ABSENT)

    here, one, other = (_echo(maker, number, own, f"{own}: no") for number, own in zip(numbers, owns, strict=True))
    assert difference(here, one, other) is None

    told = difference(_echo(maker, HERE, owns[0], f"{owns[0]}: yes"), one, other)
    assert str(told) == "error is '<request id>: yes', not '<request id>: no'"


@pytest.mark.parametrize("case", ALIKE)
def test_what_differs_by_itself_is_no_difference(maker: Maker, case: str) -> None:
    """Ids of the request, times, numbers of requests and traces make no two refusals differ."""
    assert _compared(maker, *ALIKE[case]) is None


@pytest.mark.parametrize(
    ("here", "there", "again", "told"),
    [
        (_error("Not yours"), _error("Not there"), None, "error is 'Not yours', not 'Not there'"),
        (
            _error("It is another account's (request 8f3a)"),
            _error("It is not there (request 77bc)"),
            _error("It is not there (request 0d1e)"),
            "error is \"It is another account's (request 8f3a)\", not 'It is not there (request 77bc)'",
        ),
        (_error("foreign-8f3a"), _error("absent-77bc"), _error("absent-0d1e"),
         "error is 'foreign-8f3a', not 'absent-77bc'"),
        (_error("No", code="FOREIGN"), _error("No"), None, "code is 'FOREIGN', not missing"),
        (_error("No"), _error("No", code="ABSENT"), None, "code is missing, not 'ABSENT'"),
        (_error("No", owner={"id": 4}), _error("No", owner=None), None,
         "owner is an object, not null; owner/id is 4, not missing"),
        (_error("No", found=True), _error("No", found=False), None, "found is true, not false"),
        (_error("No", n=1), _error("No", n="1"), None, "n is 1, not '1'"),
        ({"errors": ["a", "b"]}, {"errors": ["a"]}, None,
         "errors is an array of 2 entries, not an array of 1 entry; errors/1 is 'b', not missing"),
        (b"<p>It is theirs", b"<p>It is not there", None, "the body is '<p>It is theirs', not '<p>It is not there'"),
    ],
)  # fmt: skip
def test_what_does_not_differ_by_itself_is_told(maker: Maker, here: Any, there: Any, again: Any, told: str) -> None:  # noqa: ANN401
    """Words, keys, types and lengths count, also beside what is masked; the difference says where and what."""
    assert _compared(maker, here, there, again) == told


def test_status_and_type_count(maker: Maker) -> None:
    """A refusal of another status or content type is another one."""
    here, nothing = (_asked(maker, number, {"error": "No"}) for number in (HERE, ABSENT))
    forbidden = _asked(maker, HERE, {"error": "No"}, 403)
    problem = _asked(maker, HERE, {"error": "No"}, kind="application/problem+json")

    assert difference(here, nothing, nothing) is None
    assert str(difference(forbidden, nothing, nothing)) == "status is 403, not 404"
    told = "the content type is 'application/problem+json', not 'application/json'"
    assert str(difference(problem, nothing, nothing)) == told
