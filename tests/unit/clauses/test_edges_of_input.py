"""Clauses input/... at the edges of the statuses that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind
from tests.unit.clauses.raw_findings import only_breach
from tests.unit.clauses.test_input import CASTS, METHODS, NO_TOKEN, ODD, OWN_TABLES, _of

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Maker

STATUSES = (200, 299, 300, 399, 400, 498, 500, 501)
REFUSALS = {400, 498}
ELSEWHERE = {300, 399}
_STRANGER = {"credential": Credential(Holder.FOREIGN)}


def _taken(judge: Judge, clause: str, intent: Intent, played: Kind | None = None, **parts: Any) -> set[int]:  # noqa: ANN401
    """Return the statuses that a clause takes for an answer without an appointment."""
    body = {"body": {"error": "No"}, **parts}

    def made(m: Any, status: int) -> Any:  # noqa: ANN401  the fixture's own class
        asked = m.done(status, intent, **body)
        return Episode(played, (m.before(), asked, m.untouched())) if played else asked[1]

    found = {status: judge(clause, lambda m, status=status: made(m, status)) for status in STATUSES}
    return {status for status, findings in found.items() if findings and set(findings) == {None}}


@pytest.mark.parametrize(("clause", "intent"), OWN_TABLES.items())
def test_what_is_not_there_is_refused(judge: Judge, clause: str, intent: Intent) -> None:
    """A 4xx is right for an id or an account that is not there, and nothing else."""
    assert _taken(judge, clause, intent) == REFUSALS


@pytest.mark.parametrize(("clause", "intent"), CASTS.items())
def test_what_is_no_number_is_refused_or_sent_elsewhere(judge: Judge, clause: str, intent: Intent) -> None:
    """A server before the application may redirect to the path as it spells it."""
    assert _taken(judge, clause, intent) == REFUSALS | ELSEWHERE
    assert _taken(judge, clause, intent, case={"appointment": None}) == REFUSALS | ELSEWHERE


@pytest.mark.parametrize(("clause", "intent"), ODD.items())
def test_an_odd_body_is_ignored_or_refused(judge: Judge, clause: str, intent: Intent) -> None:
    """A body or type that is not understood may be ignored or refused."""
    assert _taken(judge, clause, intent) == {200, *REFUSALS}


def test_another_spelling_is_understood_refused_or_sent_elsewhere(judge: Judge) -> None:
    """The path in another spelling gives no failure."""
    assert _taken(judge, "input/path-spelling", Intent.OTHER_PATH) == {200, *REFUSALS, *ELSEWHERE}


@pytest.mark.parametrize(("clause", "case"), [("input/path-access", NO_TOKEN), ("input/path-rights", _STRANGER)])
def test_another_spelling_lets_nobody_in(judge: Judge, clause: str, case: dict[str, Any]) -> None:
    """Whoever may not ask is refused or sent elsewhere, however the path is spelled."""
    assert _taken(judge, clause, Intent.OTHER_PATH, Kind.PATH, case=case) == REFUSALS | ELSEWHERE


@pytest.mark.parametrize(
    ("method", "kind", "others"),
    [
        ("PUT", "application/json", set()),
        ("PUT", "text/html", set()),
        ("PUT", "message/http", set()),
        ("OPTIONS", "application/json", {200, 299}),
        ("GET", "application/json", set()),
        ("GET", "text/html", {200, 299}),
        ("HEAD", "application/json", {200, 299}),
        ("TRACE", "application/json", set()),
        ("TRACE", "message/http", {200, 299}),
    ],
)
@pytest.mark.parametrize("clause", METHODS)
def test_other_methods_are_refused(judge: Judge, clause: str, method: str, kind: str, others: set[int]) -> None:
    """Another method is refused, sent elsewhere or not known; what stands before the application may answer a read, a
    HEAD, OPTIONS, and a TRACE with what was sent.
    """
    taken = _taken(judge, clause, METHODS[clause], Kind.METHOD, case={"method": method}, kind=kind)

    assert taken == {501, *REFUSALS, *ELSEWHERE, *others}


@pytest.mark.parametrize(
    ("intent", "case", "taken"),
    [
        (Intent.FIRST, {}, {200, 400}),
        (Intent.RACED, {}, {200, *REFUSALS}),
        (Intent.LARGE_BODY, {}, {200, 501, *REFUSALS, *ELSEWHERE}),
        (Intent.OTHER_PATH, {}, {200, 299, 501, *REFUSALS, *ELSEWHERE}),
        (Intent.OTHER_METHOD, {}, {200, 299, 501, *REFUSALS, *ELSEWHERE}),
        (Intent.BOUNDARY_ID, {"path": _of("7")}, {200, 400}),
        (Intent.BOUNDARY_ID, {"path": _of("0")}, {200, 501, *REFUSALS, *ELSEWHERE}),
    ],
)
def test_a_status_is_named_by_the_fragment_or_by_http(
    judge: Judge, intent: Intent, case: dict[str, Any], taken: set[int]
) -> None:
    """What stands before the application may refuse odd requests as HTTP has it."""
    assert _taken(judge, "input/named-status", intent, case=case) == taken


@pytest.mark.parametrize("intent", [Intent.FIRST, Intent.DELETED, Intent.UNKNOWN_ID])
@pytest.mark.parametrize("status", [404, 409, 410, 411])
def test_what_was_deleted_may_be_gone(judge: Judge, intent: Intent, status: int) -> None:
    """Of all requests the cancel of what was deleted may be told that it is gone."""
    (found,) = judge("input/named-status", lambda m: m.cancel(status, intent))

    # Whoever asks for a length where none was sent is before the application.
    assert (found is None) is (status in {404, 409, 411} or intent is Intent.DELETED)


@pytest.mark.parametrize(("status", "found"), [(399, ()), (400, (None,)), (498, (None,)), (500, ())])
@pytest.mark.parametrize("clause", ["input/error-shape", "input/error-keys"])
def test_only_a_refusal_is_an_error_of_the_application(
    judge: Judge, clause: str, status: int, found: tuple[None, ...]
) -> None:
    """The body of a 4xx says what was wrong, and other bodies have clauses of their own."""
    body = {"error": "No", "code": "NO"}

    assert judge(clause, lambda m: m.cancel(status, body=body)) == found


@pytest.mark.parametrize("clause", CASTS)
def test_a_redirect_is_no_answer_for_what_was_cast(judge: Judge, clause: str) -> None:
    """What a redirect shows beside its way is not looked into."""
    shown = {"payload": {"id": 8}}

    assert judge(clause, lambda m: m.cancel(299, CASTS[clause], body=shown)) != (None,)
    assert judge(clause, lambda m: m.cancel(300, CASTS[clause], body=shown)) == (None,)


@pytest.mark.parametrize(("status", "wanted"), [(399, "a 4xx"), (400, "404"), (498, "404"), (500, "a 4xx")])
def test_another_refusal_than_404_is_a_cause_of_its_own(maker: Maker, status: int, wanted: str) -> None:
    """What is no refusal at all has the cause that it is none."""
    found = only_breach("input/not-found", maker.cancel(status, Intent.UNKNOWN_ID))

    assert (found.cause.got, found.cause.wanted) == (str(status), wanted)


@pytest.mark.parametrize("policy", ["idempotent", "rejected", "either"])
def test_headers_that_are_not_used_let_a_repeat_succeed(judge: Judge, policy: str) -> None:
    """A cancel that ignores the headers of caches may answer 200 under any policy."""
    assert judge("input/unused-headers", lambda m: m.cancel(200, Intent.HEADERS), repeat_policy=policy) == (None,)
