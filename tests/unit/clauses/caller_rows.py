"""Rows of the tables of access/... and input/...: odd callers, other members, and programs of all names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Make

TOPICS = {
    "access/token-words": ["null", "undefined", "true", "zero"],
    "access/token-patterns": ["quote", "underscores", "star", "expression"],
    "access/token-half": ["half", "other-half"],
    "access/internal-headers": ["none with internal headers", "unprivileged:right with internal headers"],
    "access/identity-headers": ["none with identity headers", "foreign:right with identity headers"],
    "access/scheme-wins": ["bearer over unprivileged", "cookie-and-query over unprivileged"],
    "access/feature-off": ["feature off"],
}
"""What each clause about an odd way of asking is about."""
_PAIRS = [(clause, topic) for clause, topics in TOPICS.items() for topic in topics]
_SECOND = {"credential": Credential(Holder.SECOND)}
_VIEWER = {"credential": Credential(Holder.UNPRIVILEGED)}
_STRANGER = {"credential": Credential(Holder.FOREIGN)}
_PATH = "/api/v1/accounts/3/scheduling/appointments/7/cancel"
_NO_ACCEPT = "no Accept"
_CALLERS = {"input/no-accept": _NO_ACCEPT, "input/user-agent": "a library"}


def _refused(code: int, topic: str, **parts: Any) -> Make:  # noqa: ANN401  parts of an exchange
    return lambda m: m.refusal(code, topic, **parts)


def _beside(code: int, intent: Intent = Intent.BESIDE) -> Make:
    return lambda m: m.cancel(code, intent)


def _second(code: int, intent: Intent = Intent.FIRST) -> Make:
    return lambda m: m.cancel(code, intent, case=_SECOND)


def _called(topic: str, code: int = 200, intent: Intent = Intent.FIRST, **answer: Any) -> Make:  # noqa: ANN401
    kind = answer.pop("episode", Kind.CALLER)
    return lambda m: Episode(kind, (m.before(), m.done(code, intent, **answer), m.after()), topic)


def _spelled(code: int, case: dict[str, Any] = _VIEWER, **read: Any) -> Make:  # noqa: ANN401
    kind = read.pop("episode", Kind.PATH)
    return lambda m: Episode(kind, (m.before(), m.done(code, Intent.OTHER_PATH, case=case), m.untouched(**read)))


ACCESS_HELD: list[tuple[str, Make]] = [
    *((clause, _refused(code, topic)) for clause, topic in _PAIRS for code in (400, 401, 403, 404, 498)),
    *((clause, _refused(403, topics[0], body=b"<p>", kind="text/html")) for clause, topics in TOPICS.items()),
    *(("access/beside-authorization", _beside(code)) for code in (200, 400, 401)),
    ("access/second-member", _second(200)),
]
ACCESS_BROKEN: list[tuple[str, Make, str]] = [
    *((clause, _refused(code, topic), f"status is {code}, not a 4xx, with {topic}")
      for clause, topic in _PAIRS for code in (200, 302, 500)),
    ("access/feature-off", lambda m: m.refusal(403, "feature off", m.after(payment_status="paid")),
     "where scheduling is switched off, status is 'cancelled', not 'completed'"),
    *(("access/beside-authorization", _beside(code),
       f"status is {code}, not 200 or a 4xx, for effect/plain#first") for code in (302, 500)),
    *(("access/second-member", _second(code), f"status is {code}, not 200, for another member's cancel")
      for code in (201, 401, 403, 404)),
]  # fmt: skip
ACCESS_ASIDE: list[tuple[str, Make]] = [
    *((clause, _refused(200, "another topic")) for clause in TOPICS),
    *((clause, lambda m: m.refusal(topic="none", trouble=Trouble.LOST)) for clause in TOPICS),
    ("access/internal-headers", _refused(200, "none")),
    ("access/token-words", _refused(200, "nullable")),
    ("access/beside-authorization", _beside(500, Intent.FIRST)),
    ("access/beside-authorization", _beside(201)),
    ("access/second-member", _beside(403, Intent.FIRST)),
    ("access/second-member", _second(200, Intent.REPEAT)),
]


def _site(code: int, method: str, kind: str = "text/html") -> Make:
    """What a site before the application answers for any path."""
    shown = {"case": {"method": method}, "body": b"{}" if "json" in kind else b"<p>", "kind": kind}
    return lambda m: Episode(Kind.METHOD, (m.before(), m.done(code, Intent.OTHER_METHOD, **shown), m.untouched()))


INPUT_HELD: list[tuple[str, Make]] = [
    *(("input/other-methods", _site(code, method)) for code, method in ((200, "GET"), (200, "HEAD"), (302, "GET"))),
    *((clause, _called(topic)) for clause, topic in _CALLERS.items()),
    # A member who may not see money sees none, whoever asks.
    *((clause, lambda m, topic=topic: Episode(
        Kind.CALLER,
        (m.before(without=["payments"]), m.done(without=["payments"]), m.after(without=["payments"])), topic,
    )) for clause, topic in _CALLERS.items()),
    *(("input/user-agent", _called("no User-Agent", code, Intent.AGENT)) for code in (200, 400, 403)),
    *(("input/unused-headers", _beside(code, Intent.HEADERS))
      for code in (200, 400, 401, 403, 406, 409, 412, 416, 419, 422)),
    *(("input/path-rights", _spelled(code, case)) for code in (301, 401, 404) for case in (_VIEWER, _STRANGER)),
]  # fmt: skip
INPUT_BROKEN: list[tuple[str, Make, str]] = [
    *(("input/other-methods", make, "status is 200, not a 4xx, for effect/plain#first")
      for make in (_site(200, "GET", "application/json"), _site(200, "PUT"))),
    *((clause, _called(topic, code), f"status is {code}, not 200, with {topic}")
      for clause, topic in _CALLERS.items() for code in (302, 406, 500)),
    *((clause, _called(topic, body=b"<p>Cancelled", kind="text/html"), f"the answer shows no appointment, with {topic}")
      for clause, topic in _CALLERS.items()),
    *((clause, _called(topic, without=["client_name", "payments"]),
       f"client_name is missing; payments is missing, with {topic}")
      for clause, topic in _CALLERS.items()),
    ("input/user-agent", _called("no User-Agent", 500, Intent.AGENT),
     "status is 500, not 200 or a 4xx, with no User-Agent"),
    *(("input/unused-headers", _beside(code, Intent.HEADERS),
       f"status is {code}, not 200 or a 4xx, for effect/plain#first")
      for code in (304, 500)),
    *(("input/path-rights", _spelled(code), f"status is {code}, not a refusal, with unprivileged:right, at {_PATH}")
      for code in (200, 500)),
    ("input/path-rights", _spelled(404, _STRANGER, status="cancelled"),
     f"with foreign:right, at {_PATH}, status is 'cancelled', not 'completed'"),
]  # fmt: skip
INPUT_ASIDE: list[tuple[str, Make]] = [
    ("input/no-accept", _called("a library", 500)),
    ("input/user-agent", _called(_NO_ACCEPT, 500)),
    *((clause, _called(topic, 500, episode=Kind.FIRST_CANCEL)) for clause, topic in _CALLERS.items()),
    *((clause, _called(topic, 202)) for clause, topic in _CALLERS.items()),
    *((clause, lambda m, topic=topic: Episode(Kind.CALLER, (m.before(), m.after()), topic))
      for clause, topic in _CALLERS.items()),
    ("input/unused-headers", _beside(500, Intent.REPEAT)),
    ("input/unused-headers", _beside(206, Intent.HEADERS)),
    ("input/path-rights", _spelled(200, {})),
    ("input/path-rights", _spelled(200, {"credential": Credential(showing="none")})),
    ("input/path-rights", _spelled(200, episode=Kind.METHOD)),
    ("input/path-rights", lambda m: Episode(Kind.PATH, (m.before(), (Role.AFTER, m.read())))),
]  # fmt: skip
