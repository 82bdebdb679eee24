"""Clauses input/...: evidence that keeps each promise, breaks it, or does not concern it."""

import json
from typing import Any

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import shown
from cancel_contract.exchange.credential import Credential
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses import caller_rows
from tests.unit.clauses.conftest import FamilyWithGaps, Make

LONG = "/api/v1/accounts/3/scheduling/appointments/" + "x" * 200 + "/cancel"
LONGEST_SHOWN = "/" + "x" * 118
PLAIN = "/api/v1/accounts/3/scheduling/appointments/7/cancel"
UNWORDED: tuple[object, ...] = ({}, ["No"], {"error": ""}, {"status": 404, "path": PLAIN}, {"payload": {"a": "b"}})
"""Bodies in which nothing says what was wrong."""
NO_TOKEN = {"credential": Credential(showing="none")}
OWN_TABLES = {
    "input/unknown-id": Intent.UNKNOWN_ID,
    "input/boundary-id": Intent.BOUNDARY_ID,
    "input/unknown-account": Intent.UNKNOWN_ACCOUNT,
}
CASTS = {"input/malformed-id": Intent.MALFORMED_ID, "input/malformed-account": Intent.MALFORMED_ACCOUNT}
ODD = {
    "input/body-broken": Intent.BROKEN_BODY,
    "input/body-large": Intent.LARGE_BODY,
    "input/body-foreign": Intent.FOREIGN_BODY,
    "input/accept": Intent.ACCEPT,
}
IGNORED = {
    "input/body-ignored": Intent.BODY,
    "input/query-ignored": Intent.QUERY,
    "input/account-wins": Intent.ACCOUNT_BESIDE,
    "input/envelope-back": Intent.ENVELOPE,
    "input/switches": Intent.SWITCH,
}
REFUSABLE = {"input/body-chunked": Intent.CHUNKED, "input/reason": Intent.REASON}
EMPTY = {"body": b"{}"}
METHODS = {"input/other-methods": Intent.OTHER_METHOD, "input/method-override": Intent.METHOD_OVERRIDE}


def _asked(intent: Intent, code: int, **parts: Any) -> Make:  # noqa: ANN401  parts of an exchange
    return lambda m: m.cancel(code, intent, **parts)


def _of(number: str, account: str = "3") -> str:
    return f"/api/v1/accounts/{account}/scheduling/appointments/{number}/cancel"


def _sent(intent: Intent, code: int = 200, topic: str = "completed", kind: Kind = Kind.BODY, **read: Any) -> Make:  # noqa: ANN401
    return lambda m: Episode(kind, (m.before(), m.done(code, intent), m.after(**read)), topic)


def _answered(intent: Intent, **answer: Any) -> Make:  # noqa: ANN401  likewise
    return lambda m: Episode(Kind.BODY, (m.before(), m.done(200, intent, **answer), m.after()), "completed")


def _commented(comment: str, sent: bytes = b'{"client_comment": "Mine"}') -> Make:
    steps = (Role.BEFORE, "Theirs"), (Role.AFTER, comment)

    def make(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        before, after = ((role, m.read(client_comment=text)) for role, text in steps)
        return Episode(Kind.BODY, (before, m.done(200, Intent.BODY, case={"body": sent}), after), "cancelled")

    return make


def _set(sent: dict[str, Any], attributes: dict[str, Any], **after: Any) -> Make:  # noqa: ANN401  fields
    """Send fields over an appointment with attributes of its own, and look."""
    case = {"body": json.dumps(sent).encode()}

    def make(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        before = m.before(custom_attributes=attributes)
        asked = m.done(200, Intent.BODY, case=case, custom_attributes=attributes)
        return Episode(Kind.BODY, (before, asked, m.after(**after)), "completed")

    return make


def _refused(intent: Intent, code: int, **read: Any) -> Make:  # noqa: ANN401  likewise
    return lambda m: Episode(Kind.BODY, (m.before(), m.done(code, intent), m.untouched(**read)), "completed")


def _method(intent: Intent, code: int, method: str = "PUT", **read: Any) -> Make:  # noqa: ANN401  likewise
    asked = {"case": {"method": method}}
    return lambda m: Episode(Kind.METHOD, (m.before(), m.done(code, intent, **asked), m.untouched(**read)))


def _beside(code: int = 200, kind: Kind = Kind.PATH_WINS, **read: Any) -> Make:  # noqa: ANN401  likewise
    other = (Role.OTHER_BEFORE, Role.OTHER_AFTER)
    return lambda m: Episode(kind, (m.untouched(other[0]), m.done(code), m.untouched(other[1], **read)))


def _unsent(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    """The appointment beside the path is cancelled by somebody else, while our cancel got lost."""
    changed = m.untouched(Role.OTHER_AFTER, status="cancelled")
    return Episode(Kind.PATH_WINS, (m.untouched(Role.OTHER_BEFORE), m.done(trouble=Trouble.LOST), changed))


def _path(
    code: int,
    case: dict[str, Any],
    kind: Kind = Kind.PATH,
    intent: Intent = Intent.OTHER_PATH,
    **read: Any,  # noqa: ANN401
) -> Make:
    def make(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        return Episode(kind, (m.before(), m.done(code, intent, case=case), m.untouched(**read)))

    return make


HELD: list[tuple[str, Make]] = [
    *((clause, _asked(intent, code)) for clause, intent in OWN_TABLES.items() for code in (400, 404, 498)),
    *((clause, _asked(intent, 404, body={"errors": ["No"]})) for clause, intent in OWN_TABLES.items()),
    *((clause, _asked(intent, 404, body={"message": "No"})) for clause, intent in OWN_TABLES.items()),
    *(("input/boundary-id", _asked(Intent.BOUNDARY_ID, 404, body=b"", kind=None, case={"path": _of(number)}))
      for number in ("0", "-7", str(2**63), str(2**400))),
    ("input/unknown-account",
     _asked(Intent.UNKNOWN_ACCOUNT, 404, body=b"<p>", kind="text/html", case={"path": _of("7", "-3")})),
    *((clause, _asked(intent, code, body=b"", kind=None)) for clause, intent in CASTS.items() for code in (301, 404)),
    *((clause, _asked(intent, code, body=m_body)) for clause, intent in CASTS.items()
      for code, m_body in ((200, None), (201, {"payload": {"id": 7}}))),
    *((clause, _asked(intent, code)) for clause, intent in ODD.items() for code in (200, 400)),
    *((clause, _sent(intent)) for clause, intent in IGNORED.items()),
    *((clause, _sent(intent)) for clause, intent in REFUSABLE.items()),
    *((clause, _refused(intent, 411)) for clause, intent in REFUSABLE.items()),
    *((clause, _refused(intent, code)) for clause, intent in IGNORED.items() for code in (400, 413, 415, 422)),
    *(("input/body-shapes", _asked(Intent.SHAPE, code)) for code in (200, 400)),
    ("input/body-shapes", _asked(Intent.FIRST, 200, case=EMPTY)),
    ("input/body-ignored", _set({"custom_attributes": {"a": 1}}, {"b": 2}, custom_attributes={"b": 2})),
    ("input/body-ignored", _commented("Theirs")),
    ("input/body-ignored", _commented("Cancelled on 2 November")),
    ("input/body-ignored", _commented("Mine", b"[]")),
    *((clause, _method(intent, code)) for clause, intent in METHODS.items() for code in (400, 404)),
    ("input/other-methods", _method(Intent.OTHER_METHOD, 204, "OPTIONS")),
    ("input/other-methods", _method(Intent.OTHER_METHOD, 501, "TRACE")),
    ("input/not-found", _asked(Intent.UNKNOWN_ID, 404)),
    ("input/path-wins", _beside()),
    *(("input/path-access", _path(code, NO_TOKEN)) for code in (300, 401)),
    ("input/path-spelling", _asked(Intent.OTHER_PATH, 301)),
    ("input/error-shape", _asked(Intent.FIRST, 422)),
    ("input/error-shape", _asked(Intent.FIRST, 422, body={"detail": "No"})),
    ("input/error-keys", _asked(Intent.FIRST, 422)),
    ("input/named-status", _asked(Intent.FIRST, 409)),
    ("input/named-status", _asked(Intent.RACED, 412)),
    ("input/named-status", _asked(Intent.RACED, 423)),
    ("input/named-status", _asked(Intent.LARGE_BODY, 413)),
    ("input/named-status", _asked(Intent.MALFORMED_ID, 414)),
    ("input/named-status", _asked(Intent.OTHER_METHOD, 204)),
    ("input/named-status", _asked(Intent.MALFORMED_ID, 418)),
    ("input/named-status", _asked(Intent.BOUNDARY_ID, 410, case={"path": _of("-7")})),
    ("input/named-status", _asked(Intent.OTHER_METHOD, 501)),
    ("input/named-status", _asked(Intent.DELETED, 410)),
    *caller_rows.INPUT_HELD,
]  # fmt: skip

BROKEN: list[tuple[str, Make, str]] = [
    ("input/body-ignored", _commented("Mine"),
     "after effect/plain#first, client_comment is what the body says, not what it was"),
    *((clause, _asked(intent, 500), f"status is 500, not a 4xx, for {PLAIN}") for clause, intent in OWN_TABLES.items()),
    ("input/not-found", _asked(Intent.UNKNOWN_ID, 403), f"status is 403, not 404, for {PLAIN}"),
    *((clause, _asked(intent, 200), f"status is 200, not a 4xx, for {PLAIN}") for clause, intent in OWN_TABLES.items()),
    ("input/unknown-id", _asked(Intent.UNKNOWN_ID, 404, body=b"", kind=None),
     f"a 404 without a JSON error, for {PLAIN}"),
    ("input/unknown-id", _asked(Intent.UNKNOWN_ID, 404, body=["None"]),
     f"the body of a 404 is an array of 1 entry, not an object with a text of the error, for {PLAIN}"),
    ("input/unknown-id", _asked(Intent.UNKNOWN_ID, 500, case={"path": LONG}),
     "status is 500, not a 4xx, for a path of 250"),
    ("input/unknown-id", _asked(Intent.UNKNOWN_ID, 500, case={"path": LONGEST_SHOWN}),
     f"status is 500, not a 4xx, for {LONGEST_SHOWN}"),
    ("input/unknown-id", _asked(Intent.UNKNOWN_ID, 500, case={"path": f"{LONGEST_SHOWN}x"}),
     "status is 500, not a 4xx, for a path of 120"),
    *((clause, _asked(intent, 404, body={"success": False}),
       f"the body of a 404 is an object of 1 field without a text of the error, for {PLAIN}")
      for clause, intent in OWN_TABLES.items()),
    *((clause, _asked(intent, 500), f"status is 500, not a 4xx, for {PLAIN}") for clause, intent in CASTS.items()),
    *((clause, _asked(intent, 200, body=[]), f"status is 200, not a 4xx, for {PLAIN}")
      for clause, intent in CASTS.items()),
    *((clause, _asked(intent, 200, id=8), f"it was cast to 8, not to 7, for {PLAIN}")
      for clause, intent in CASTS.items()),
    *((clause, _asked(intent, 500), "status is 500, not 200 or a 4xx, for effect/plain#first")
      for clause, intent in ODD.items()),
    *((clause, _sent(intent, 404), "status is 404, not 200, for effect/plain#first")
      for clause, intent in IGNORED.items()),
    *((clause, _sent(intent, service_amount=1), "after effect/plain#first, service_amount is 1, not 5000")
      for clause, intent in IGNORED.items()),
    *((clause, _answered(intent, client_phone="1"),
       "in the answer to effect/plain#first, client_phone is another text, 1 character long, not 16")
      for clause, intent in IGNORED.items()),
    *((clause, _sent(intent, 500), "status is 500, not 200 or a 4xx, for effect/plain#first")
      for clause, intent in REFUSABLE.items()),
    *((clause, _sent(intent, service_amount=1), "after effect/plain#first, service_amount is 1, not 5000")
      for clause, intent in REFUSABLE.items()),
    *((clause, _refused(intent, 411, status="cancelled"),
       "after effect/plain#first, status is 'cancelled', not 'completed'") for clause, intent in REFUSABLE.items()),
    *((clause, _refused(intent, 422, status="cancelled"),
       "after effect/plain#first, status is 'cancelled', not 'completed'") for clause, intent in IGNORED.items()),
    ("input/body-shapes", _asked(Intent.SHAPE, 500), "status is 500, not 200 or a 4xx, for effect/plain#first"),
    ("input/body-shapes", _asked(Intent.FIRST, 400, case=EMPTY),
     "status is 400, not 200, for an empty object in a first cancel"),
    ("input/switches",
     lambda m: Episode(Kind.BODY, (m.before(), m.done(200, Intent.SWITCH), m.after(404)), "completed"),
     "after effect/plain#first, status is 404 when the appointment is read, not 200"),
    ("input/body-ignored",
     _set({"reason": "Fell ill again"}, {}, client_comment="Cancelled: Fell ill again", custom_attributes={}),
     "after effect/plain#first, client_comment is a text of 25 characters, not missing"),
    ("input/body-ignored", _set({"custom_attributes": {"a": 1}}, {"b": 2}, custom_attributes={"b": 2, "a": 1}),
     "after effect/plain#first, custom_attributes is an object of 2 fields, not an object of 1 field: 'a' is new"),
    *((clause, _method(intent, code), f"status is {code}, not a 4xx, for effect/plain#first")
      for clause, intent in METHODS.items() for code in (200, 500)),
    ("input/other-methods", _method(Intent.OTHER_METHOD, 500, "OPTIONS"),
     "status is 500, not a 4xx, for effect/plain#first"),
    *((clause, _method(intent, 404, status="cancelled"),
       "after effect/plain#first, status is 'cancelled', not 'completed'") for clause, intent in METHODS.items()),
    ("input/path-wins", _beside(status="cancelled"),
     ("after a first cancel (200), in appointment 7, which it names beside its own, status is 'cancelled', "
      "not 'completed'")),
    *(("input/path-access", _path(code, NO_TOKEN), f"status is {code}, not a refusal, without a token on {PLAIN}")
      for code in (200, 500)),
    ("input/path-access", _path(404, NO_TOKEN, status="cancelled"),
     f"without a token on {PLAIN}, status is 'cancelled', not 'completed'"),
    ("input/path-spelling", _asked(Intent.OTHER_PATH, 500), f"status is 500, not 200 or a 4xx, on {PLAIN}"),
    *(("input/error-shape", _asked(Intent.FIRST, code, body=body),
       (f"the body of a {code} is {shown(body)}{', not an object with' if isinstance(body, list) else ' without'} "
        "a text of the error"))
      for code in (400, 404) for body in UNWORDED),
    *(("input/error-keys", _asked(Intent.FIRST, code, body={"message": "No"}),
       f"the body of a {code} is not as the fragment has it: error is missing") for code in (400, 404)),
    ("input/error-keys", _asked(Intent.FIRST, 422, body={"error": "No"}),
     "the body of a 422 is not as the fragment has it: code is missing"),
    ("input/named-status", _asked(Intent.FIRST, 500),
     "status is 500, which the fragment does not name, for effect/plain#first"),
    *(("input/named-status", _asked(intent, code),
       f"status is {code}, which the fragment does not name, for effect/plain#first")
      for intent, code in (
          (Intent.FIRST, 204), (Intent.FIRST, 413), (Intent.MALFORMED_ID, 204), (Intent.UNKNOWN_ID, 410),
      )),
    *caller_rows.INPUT_BROKEN,
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    ("input/not-found", _asked(Intent.BOUNDARY_ID, 403)),
    ("input/not-found", _asked(Intent.UNKNOWN_ID, 401, case=NO_TOKEN)),
    *((clause, _asked(Intent.FIRST, 500)) for clause in (*OWN_TABLES, *CASTS, *ODD)),
    *((clause, _asked(intent, 401, case=NO_TOKEN)) for clause, intent in (*OWN_TABLES.items(), *CASTS.items())),
    ("input/body-ignored", _sent(Intent.QUERY, 422)),
    ("input/body-ignored", _sent(Intent.BODY, 422, kind=Kind.FIRST_CANCEL)),
    ("input/query-ignored", _sent(Intent.BODY, 422)),
    ("input/path-wins", _beside(kind=Kind.NEIGHBOUR, status="cancelled")),
    ("input/path-wins", _unsent),
    ("input/other-methods", _method(Intent.METHOD_OVERRIDE, 200)),
    ("input/method-override", _method(Intent.OTHER_METHOD, 200)),
    *((clause, _path(200, {}, intent=intent)) for clause, intent in METHODS.items()),
    ("input/path-access", _path(200, {})),
    ("input/path-access", _path(200, NO_TOKEN, kind=Kind.METHOD)),
    ("input/path-spelling", _asked(Intent.OTHER_PATH, 500, case=NO_TOKEN)),
    *((clause, _asked(intent, 202, body={})) for clause, intent in CASTS.items()),
    *((clause, _asked(intent, 201)) for clause, intent in ODD.items()),
    *((clause, _sent(intent, 201)) for clause, intent in {**IGNORED, **REFUSABLE}.items()),
    ("input/body-shapes", _asked(Intent.SHAPE, 201)),
    ("input/body-shapes", _asked(Intent.BODY, 500)),
    *(("input/error-keys", _asked(intent, 404, body={})) for intent in (Intent.OTHER_METHOD, Intent.MALFORMED_ID)),
    ("input/error-shape", _asked(Intent.MALFORMED_ID, 400, body={})),
    ("input/error-shape", _asked(Intent.FIRST, 500, body={})),
    ("input/error-shape", _asked(Intent.OTHER_METHOD, 404, body={})),
    ("input/error-shape", _asked(Intent.FIRST, 404, body=b"<p>", kind="text/html")),
    ("input/named-status", _asked(Intent.READ, 500)),
    *caller_rows.INPUT_ASIDE,
]


class TestInput(FamilyWithGaps):
    """The tables above."""

    name = "input"
