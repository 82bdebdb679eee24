"""What a reader looks for first: what closes the gate, what is only shown, what stayed untested."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.row import Row
from cancel_contract.report.highlights import (
    allowed,
    by_cause,
    closing,
    seen,
    untested,
    word_of_entry,
)
from cancel_contract.report.model import RunReport

Made = Callable[..., RunReport]
HELD = Row(BY_ID["answer/status-200"], held=1)
SHOULD = Row(BY_ID["answer/duration"], broken=1)
FAILED = Row(BY_ID["effect/every-status"], failures=("KeyError in its own code",))
MUST = Row(BY_ID["repeat/answer"], broken=1)
UNTESTED = Row(BY_ID["readonly/refused"])
LATER, PAST = date(2026, 12, 31), date(2026, 1, 31)


def _entry(row: Row, until: date = LATER, **more: Any) -> dict[str, Deviation]:  # noqa: ANN401  parts of an entry
    name = row.clause.id
    return {name: Deviation(clause=name, reason="seen", owner="back-end", until=until, **more)}


@pytest.mark.parametrize(
    ("rows", "options", "closes", "is_allowed"),
    [
        ((HELD, UNTESTED), {}, [], []),
        ((HELD, SHOULD, FAILED, MUST), {}, [FAILED, MUST], [SHOULD]),
        ((SHOULD, MUST), {"strict": True}, [SHOULD, MUST], []),
        ((MUST,), {"deviations": _entry(MUST)}, [], [MUST]),
        ((MUST,), {"deviations": _entry(MUST, PAST)}, [MUST], []),
        ((HELD, MUST), {"deviations": _entry(HELD)}, [MUST, HELD], []),
        ((UNTESTED,), {"deviations": _entry(UNTESTED, untested=True)}, [], []),
    ],
    ids=["nothing", "broken and failed", "strict", "known", "expired", "holds again", "waived"],
)
def test_what_closes_the_gate_is_found(
    make_outcome: Made, rows: tuple[Row, ...], options: dict[str, Any], closes: list[Row], is_allowed: list[Row]
) -> None:
    """The worst come first; what is known, and a SHOULD, is told apart."""
    run = make_outcome(rows=rows, **options)

    assert [one.id for one in closing(run)] == [row.clause.id for row in closes]
    assert [one.id for one in allowed(run)] == [row.clause.id for row in is_allowed]


def _broken(name: str, **more: Any) -> Row:  # noqa: ANN401  parts of a breach
    breach = Breach("status is 201, not 200", f"{name}#first", "curl", "201", what="status", got="201", wanted="200")
    return Row(BY_ID[name], broken=1, breach=replace(breach, **more))


def test_clauses_that_one_cause_breaks_stand_together(make_outcome: Made) -> None:
    """The MUST clause that comes first leads; what differs, has failed by itself or is known stands alone."""
    known = _broken("input/named-status")
    rows = (_broken("answer/duration"), _broken("repeat/answer"), _broken("repeat/many", got="500"), FAILED, known)
    run = make_outcome(rows=rows, strict=True, deviations=_entry(known, PAST))

    assert [(one.id, [other.id for other in others]) for one, others in by_cause(closing(run))] == [
        ("effect/every-status", []),
        ("repeat/answer", ["answer/duration"]),
        ("repeat/many", []),
        ("input/named-status", []),
    ]


def test_clauses_that_a_known_difference_covers_stand_together(make_outcome: Made) -> None:
    """The entry names their cause, so that it is told once."""
    field = {"what": "field", "where": "/service_amount", "got": "a number", "is_known": True}
    rows = (_broken("effect/amounts-kept", **field), _broken("effect/any-order", **field))
    entry = Deviation(difference="service_amount", reason="seen", owner="back-end", until=LATER)
    run = make_outcome(rows=rows, deviations={entry.name: entry})

    assert [(one.id, [other.id for other in others]) for one, others in by_cause(allowed(run))] == [
        ("effect/amounts-kept", ["effect/any-order"])
    ]


def test_untested_clauses_stand_together_by_their_reason(make_outcome: Made) -> None:
    """Untested clauses are grouped by their reason, because one setting may let many of them run."""
    rows = (UNTESTED, Row(BY_ID["access/unprivileged"]), Row(BY_ID["readonly/untouched"]), HELD)

    assert {reason: [one.id for one in clauses] for reason, clauses in untested(make_outcome(rows=rows)).items()} == {
        "ONELINK_READONLY_APPOINTMENT_ID is not set": ["readonly/refused", "readonly/untouched"],
        "ONELINK_UNPRIVILEGED_API_TOKEN is not set": ["access/unprivileged"],
    }
    assert untested(make_outcome(rows=rows, partial=True)) == {}


@pytest.mark.parametrize(
    ("row", "entries", "word"),
    [
        (MUST, {}, ""),
        (MUST, _entry(MUST), "known"),
        (MUST, _entry(MUST, PAST), "entry expired"),
        (HELD, _entry(HELD), "entry outdated"),
        (UNTESTED, _entry(UNTESTED, untested=True), "waived"),
    ],
)
def test_what_became_of_an_entry_is_said_in_a_word(
    make_outcome: Made, row: Row, entries: dict[str, Deviation], word: str
) -> None:
    """A clause that stays untested is waived; only what is broken is known."""
    assert word_of_entry(make_outcome(rows=(row,), deviations=entries).clauses[0]) == word


def test_what_was_seen_is_told_line_by_line(make_outcome: Made) -> None:
    """The breach, failures of a clause's own, and its entry."""
    row = replace(MUST, breach=Breach("status is 409, not 200", "k", "curl", "409", 1))
    failed, broken = make_outcome(rows=(FAILED, row), deviations=_entry(row)).clauses

    assert next(seen(broken.model_copy(update={"condition": "; only in this case: x"}))) == (
        "status is 409, not 200; only in this case: x"
    )
    assert list(seen(failed)) == ["KeyError in its own code"]
    assert list(seen(broken)) == ["status is 409, not 200", "Deviation: known until 2026-12-31 (seen; back-end)"]
