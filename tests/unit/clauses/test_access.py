"""Clauses access/...: evidence that keeps each promise, breaks it, or does not concern it."""

from typing import Any

import pytest

from cancel_contract.clauses import BY_ID, Level, NotApplicable
from cancel_contract.clauses.clause import OPERATION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses import caller_rows
from tests.unit.clauses.conftest import FamilyWithGaps, Judge, Make

NO_TOKEN = Credential(showing="none")


def _alike(here: Any, there: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.ALIKE, ((Role.CANCEL, here), (Role.AGAIN, there)))


_TAGGED = (("ETag", '"1"'),)
_CACHED = (("Cache-Control", "private"),)


def _headed(m: Any, here: Any, *there: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    again = ((Role.AGAIN, m.cancel(404, headers=headers)) for headers in there)
    return Episode(Kind.ALIKE, ((Role.CANCEL, m.cancel(404, headers=here)), *again))


def _error(text: str) -> dict[str, str]:
    return {"error": text}


TOPICS = {
    "access/no-token": ["none"],
    "access/empty-token": ["empty"],
    "access/wrong-token": ["wrong", "long", "non-ascii", "wildcard"],
    "access/token-prefix": ["prefix"],
    "access/token-suffix": ["suffix", "tail"],
    "access/token-case": ["case"],
    "access/token-blank": ["inner-blank"],
    "access/token-in-query": ["query"],
    "access/token-as-bearer": ["bearer", "basic"],
    "access/token-in-cookie": ["cookie"],
    "access/token-in-other-header": ["other-header"],
    "access/token-in-body": ["body"],
    "access/two-tokens": ["both-wrong", "twice", "right-first"],
    "access/foreign-token": ["foreign:right"],
    "access/foreign-appointment": ["foreign appointment"],
    "access/foreign-account": ["foreign account"],
    "access/unprivileged": ["unprivileged:right"],
}
"""What each clause about one way of asking is about."""
DENIED = {"access/foreign-token", "access/foreign-appointment", "access/foreign-account", "access/unprivileged"}
"""Clauses for which 403 and 404 are refusals, too."""
WISHES = {
    **dict.fromkeys(("twice", "right-first"), "200 or 401 or 403"),
    **dict.fromkeys(("empty", "prefix", "suffix", "tail", "inner-blank"), "400 or 401 or 403 or 422"),
}
"""Ways of asking that may be answered otherwise, too: a server may read one of two headers, or check a token's form."""
ODD = {
    **dict.fromkeys(("query", "body"), "access/token-in-{}"),
    **dict.fromkeys(("long", "non-ascii", "wildcard"), "access/wrong-token"),
    **dict.fromkeys(("both-wrong", "twice", "right-first"), "access/two-tokens"),
}
"""What a strict server, or a firewall, refuses before it looks who asks, with its clause."""
PAIRS = [(clause, topic) for clause, topics in TOPICS.items() for topic in topics]


def _asked(code: int, topic: str) -> Make:
    return lambda m: m.refusal(code, topic)


def _odd(code: int, topic: str) -> Make:
    """Ask with more than a path, which what stands before the application may refuse."""
    return lambda m: Episode(Kind.REFUSAL, ((Role.CANCEL, m.cancel(code, Intent.ODDLY_REFUSED)),), topic)


def _once_cancelled(m: Any, **became: object) -> Episode:  # noqa: ANN401  the fixture's own class
    """A refused cancel of an appointment that is cancelled already, and becomes something else meanwhile."""
    steps = ((Role.BEFORE, m.read(source="api")), m.done(401), m.after(**{"source": "api", **became}))
    return Episode(Kind.REFUSAL, steps, "wrong")


HELD: list[tuple[str, Make]] = [
    *((clause.format(topic), _odd(code, topic)) for topic, clause in ODD.items() for code in (400, 404, 422, 431)),
    *((clause, _asked(code, topic)) for clause, topic in PAIRS for code in (401, 403)),
    *(("access/two-tokens", _asked(200, topic)) for topic in ("twice", "right-first")),
    *(("access/token-prefix", _asked(code, "prefix")) for code in (400, 422)),
    *((clause, _asked(code, TOPICS[clause][0])) for clause in sorted(DENIED) for code in (403, 404)),
    ("access/refused-untouched", lambda m: m.refusal()),
    # A worker may write to what is cancelled at any time.
    ("access/refused-untouched", lambda m: _once_cancelled(m, source="rest_api")),
    ("access/refusal-tells-nothing", lambda m: m.refusal()),
    ("access/refusal-tells-nothing", lambda m: m.refusal(body=_error("paid"), case={})),
    ("access/refusal-tells-nothing", lambda m: m.refusal(headers=(("X-Request-Id", "7"), ("X-Log", "paid")))),
    ("access/refusal-in-json", lambda m: m.cancel(401, Intent.REFUSED)),
    ("access/refusal-in-json", lambda m: m.cancel(401, Intent.REFUSED, body={"errors": ["Sign in"]})),
    ("access/refusal-in-json", lambda m: m.cancel(401, Intent.REFUSED, body={"message": "No"})),
    ("access/status-401", lambda m: m.cancel(401, Intent.REFUSED, case={"credential": NO_TOKEN})),
    ("access/refusal-alike", lambda m: _alike(m.cancel(404), m.cancel(404))),
    ("access/refusal-headers", lambda m: _headed(m, (), (), ())),
    ("access/refusal-headers", lambda m: _headed(m, _CACHED, _CACHED, _CACHED)),
    # A balancer's servers differ, and tags are another's for each answer.
    ("access/refusal-headers", lambda m: _headed(m, _CACHED, (), _CACHED)),
    ("access/refusal-headers", lambda m: _headed(m, _TAGGED, (("ETag", '"2"'),), (("ETag", '"3"'),))),
    *caller_rows.ACCESS_HELD,
]

_OF_ANOTHER, _OF_NONE = "the 404 for an appointment of another account", "and that for the id of no appointment"

BROKEN: list[tuple[str, Make, str]] = [
    *((clause, _asked(500, topic), f"status is 500, not {WISHES.get(topic, '401 or 403')}, with {topic}")
      for clause, topic in PAIRS if clause not in DENIED),
    ("access/token-in-query", _odd(500, "query"), "status is 500, not 401 or 403, with query"),
    ("access/token-in-body", _odd(200, "body"), "status is 200, not 401 or 403, with body"),
    ("access/no-token", _asked(200, "none"), "status is 200, not 401 or 403, with none"),
    ("access/two-tokens", _asked(200, "both-wrong"), "status is 200, not 401 or 403, with both-wrong"),
    ("access/status-401", lambda m: m.cancel(403, Intent.REFUSED, case={"credential": NO_TOKEN}),
     "status is 403, not 401, with none"),
    *((clause, _asked(200, topic), f"status is 200, not 401 or 403 or 404, with {topic}")
      for clause, topic in PAIRS if clause in DENIED),
    ("access/refusal-in-json", lambda m: m.cancel(401, Intent.REFUSED, body=b"<html>", case={"credential": NO_TOKEN}),
     "a 401 without a JSON error, with none"),
    ("access/refusal-in-json", lambda m: m.cancel(403, Intent.REFUSED, body={"status": 403}),
     "the body of a 403 is an object of 1 field without a text of the error, with right"),
    ("access/no-token", lambda m: m.refusal(404, "none"), "status is 404, not 401 or 403, with none"),
    ("access/refused-untouched", lambda m: m.refusal(401, "wrong", m.after()),
     "after a 401 to wrong, status is 'cancelled', not 'completed'; payment_status is 'cancelled', not 'paid'"),
    ("access/refused-untouched", lambda m: _once_cancelled(m, service_amount=1),
     "after a 401 to wrong, service_amount is 1, not 5000"),
    ("access/refused-untouched", lambda m: m.refusal(404, "a request that names another method", m.after(404)),
     "after a 404 to a request that names another method, status is 404 when the appointment is read, not 200"),
    ("access/refused-untouched", lambda m: m.refusal(401, "wrong", m.after(404)),
     "after a 401 to wrong, status is 404 when the appointment is read, not 200"),
    ("access/refused-untouched", lambda m: m.refusal(400, "wrong", m.after(404)),
     "after a 400 to wrong, status is 404 when the appointment is read, not 200"),
    ("access/refusal-tells-nothing", lambda m: m.refusal(body={"error": "No", "payload": {"id": 7}}),
     "the refusal holds a payload"),
    ("access/refusal-tells-nothing", lambda m: m.refusal(body=b"<p>Not yours: +7 000 000 00 00", kind="text/html"),
     "the refusal tells the appointment's client_phone"),
    ("access/refusal-tells-nothing", lambda m: m.refusal(body=b"\xffNot yours: +7 000 000 00 00", kind="text/plain"),
     "the refusal tells the appointment's client_phone"),
    ("access/refusal-tells-nothing", lambda m: m.refusal(headers=(("X-Log", "7, +7 000 000 00 00"),)),
     "the refusal tells the appointment's client_phone, in the header X-Log"),
    ("access/refusal-alike", lambda m: _alike(m.cancel(403), m.cancel(404)),
     "for an appointment of another account, status is 403, not 404 as for the id of no appointment"),
    ("access/refusal-headers", lambda m: _headed(m, _TAGGED, (), ()),
     f"{_OF_ANOTHER} has the header etag, {_OF_NONE} has none"),
    ("access/refusal-headers", lambda m: _headed(m, _CACHED, (), ()),
     f"{_OF_ANOTHER} has the header cache-control, {_OF_NONE} has none"),
    ("access/refusal-alike", lambda m: _alike(m.cancel(404, body=_error("Not yours")), m.cancel(404)),
     ("for an appointment of another account, error is 'Not yours', not 'No'; code is missing, not 'NO' as for the id "
      "of no appointment")),
    *caller_rows.ACCESS_BROKEN,
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    *((clause, lambda m: m.refusal(200, "another topic")) for clause in TOPICS),
    ("access/no-token", lambda m: m.refusal(topic="none", trouble=Trouble.LOST)),
    ("access/refusal-in-json", lambda m: m.cancel(404, Intent.REFUSED, body=b"<html>")),
    ("access/status-401", lambda m: m.cancel(403, Intent.REFUSED)),
    ("access/status-401", lambda m: m.cancel(404, Intent.REFUSED, case={"credential": NO_TOKEN})),
    ("access/refusal-in-json", lambda m: m.cancel(401, body=b"<html>")),
    ("access/refused-untouched", lambda m: m.refusal(200, "wrong", m.after())),
    ("access/refused-untouched", lambda m: m.refusal(401, "wrong", m.after(trouble=Trouble.LOST))),
    ("access/refusal-tells-nothing", lambda m: m.refusal(200)),
    ("access/refusal-tells-nothing", lambda m: Episode(Kind.READONLY, m.refusal(body={"payload": {"id": 7}}).steps)),
    ("access/refusal-alike", lambda m: m.refusal(404)),
    ("access/refusal-headers", lambda m: m.refusal(404)),
    ("access/refusal-headers", lambda m: _alike(m.cancel(404, headers=_TAGGED), m.cancel(404))),
    *caller_rows.ACCESS_ASIDE,
]


class TestAccess(FamilyWithGaps):
    """The tables above."""

    name = "access"


@pytest.mark.parametrize("clause", TOPICS)
def test_a_promise_about_who_asks_is_told_whole(clause: str) -> None:
    """A reader learns how much it weighs, how it is known, and where the fragment has it."""
    told = BY_ID[clause]

    assert told.level is Level.MUST
    assert told.source == "observed"
    assert told.pointer == (OPERATION if clause in DENIED else f"{OPERATION}/responses/401")


@pytest.mark.parametrize(
    ("clause", "statement", "needs"),
    [
        ("access/no-token", "A cancel without a token is refused", ()),
        ("access/foreign-token", "Another account's member cannot cancel it", ("foreign_api_token",)),
        ("access/foreign-appointment", "An appointment of another account is not there under one's own",
         ("foreign_appointment_id",)),
        ("access/foreign-account", "A member cannot cancel in another account", ("foreign_account_id",)),
        ("access/unprivileged", "A member without the permission cannot cancel", ("unprivileged_api_token",)),
    ],
)  # fmt: skip
def test_a_promise_about_others_needs_them(clause: str, statement: str, needs: tuple[str, ...]) -> None:
    """What cannot be asked without another's token, account or appointment says which setting is missing."""
    assert (BY_ID[clause].statement, BY_ID[clause].needs) == (statement, needs)


def test_an_id_that_is_refused_as_none_tells_nothing_of_another_account(judge: Judge) -> None:
    """A server may know ids of 32 bits alone: what it says of a longer one it says of the id."""
    found = judge("access/refusal-alike", lambda m: _alike(m.cancel(404), m.cancel(400)))

    assert found == (NotApplicable("status is 400 for the id of no appointment, which tells of the id alone"),)
