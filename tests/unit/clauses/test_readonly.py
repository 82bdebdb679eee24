"""readonly/...: each clause over evidence that keeps its promise, breaks it, and has no say in it."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.case import Intent
from contracts.clauses import CATALOGUE, Finding
from contracts.episode import Episode, Kind
from contracts.exchange import Trouble

Make = Callable[[Any], Any]


def _imported(m: Any, code: int, kind: Kind = Kind.READONLY, *after: Any, **answer: Any) -> Episode:  # noqa: ANN401
    steps = after or (m.untouched(),)
    return Episode(kind, (m.before(), m.done(code, Intent.READONLY, **answer), *steps))


CODED = {"error": "No", "code": "APPOINTMENT_READ_ONLY"}

HELD: list[tuple[str, Make]] = [
    ("readonly/refused", lambda m: _imported(m, 422)),
    ("readonly/refused", lambda m: _imported(m, 409)),
    ("readonly/untouched", lambda m: _imported(m, 422)),
    ("readonly/code", lambda m: _imported(m, 422, body=CODED)),
]

BROKEN: list[tuple[str, Make, str]] = [
    ("readonly/refused", lambda m: _imported(m, 200), "status is 200, not 422 or 409"),
    ("readonly/untouched", lambda m: _imported(m, 422, Kind.READONLY, m.after(payment_status="paid")),
     "after a cancel of an imported appointment, status is 'cancelled', not 'completed'"),
    ("readonly/code", lambda m: _imported(m, 422), "code is 'NO', not 'APPOINTMENT_READ_ONLY'"),
    ("readonly/code", lambda m: _imported(m, 422, body=[]), "code is None, not 'APPOINTMENT_READ_ONLY'"),
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    ("readonly/refused", lambda m: _imported(m, 200, Kind.FIRST_CANCEL)),
    ("readonly/refused", lambda m: _imported(m, 200, trouble=Trouble.LOST)),
    ("readonly/untouched", lambda m: _imported(m, 422, Kind.READONLY, m.after(trouble=Trouble.LOST))),
    ("readonly/code", lambda m: _imported(m, 409)),
]

Judge = Callable[..., tuple[Finding, ...]]
JudgeGaps = Callable[[str, Make], set[Finding]]


@pytest.mark.held
def test_a_kept_promise_is_held(judge: Judge, clause: str, make: Make) -> None:
    """Evidence of a kept promise counts, and breaks nothing."""
    assert set(judge(clause, make)) == {None}


@pytest.mark.broken
def test_a_broken_promise_is_told(judge: Judge, clause: str, make: Make, message: str) -> None:
    """Evidence of a broken promise is told as fact, not wish."""
    assert [finding for finding in judge(clause, make) if finding] == [message]


@pytest.mark.aside
def test_other_evidence_says_nothing(judge: Judge, clause: str, make: Make) -> None:
    """Evidence that does not bear on a promise puts it to no test."""
    assert judge(clause, make) == ()


@pytest.mark.held
def test_what_was_not_seen_breaks_nothing(judge_gaps: JudgeGaps, clause: str, make: Make) -> None:
    """Of evidence with answers lost, or steps never asked, no breach is told."""
    assert judge_gaps(clause, make) <= {None}


@pytest.mark.parametrize("table", [HELD, BROKEN, ASIDE], ids=["held", "broken", "aside"])
def test_every_clause_of_the_family_is_shown(table: list[tuple[Any, ...]]) -> None:
    """Each clause of the family is seen held, broken and aside."""
    assert {row[0] for row in table} == {clause.id for clause in CATALOGUE if clause.family == "readonly"}
