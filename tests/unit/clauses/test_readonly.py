"""Clauses readonly/...: evidence that keeps each promise, breaks it, or does not concern it."""

from typing import Any

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses.conftest import FamilyWithGaps, Judge, Make


def _imported(m: Any, code: int, kind: Kind = Kind.READONLY, *after: Any, **answer: Any) -> Episode:  # noqa: ANN401
    steps = after or (m.untouched(),)
    return Episode(kind, (m.before(), m.done(code, Intent.READONLY, **answer), *steps))


LEGAL = "403 or 409 or 422, for a cancel of an imported appointment"
CODED = {"error": "No", "code": "APPOINTMENT_READ_ONLY"}

HELD: list[tuple[str, Make]] = [
    ("readonly/refused", lambda m: _imported(m, 422)),
    *(("readonly/refused", lambda m, code=code: _imported(m, code)) for code in (403, 409)),
    ("readonly/untouched", lambda m: _imported(m, 422)),
    ("readonly/code", lambda m: _imported(m, 422, body=CODED)),
]

BROKEN: list[tuple[str, Make, str]] = [
    ("readonly/refused", lambda m: _imported(m, 200), "status is 200, not 403 or 409 or 422, for effect/plain#first"),
    ("readonly/untouched", lambda m: _imported(m, 422, Kind.READONLY, m.after(payment_status="paid")),
     "after a cancel of an imported appointment, status is 'cancelled', not 'completed'"),
    ("readonly/code", lambda m: _imported(m, 422), "code is 'NO', not 'APPOINTMENT_READ_ONLY'"),
    ("readonly/code", lambda m: _imported(m, 422, body={"code": None}), "code is null, not 'APPOINTMENT_READ_ONLY'"),
    ("readonly/code", lambda m: _imported(m, 422, body={"code": "null"}),
     "code is 'null', not 'APPOINTMENT_READ_ONLY'"),
    ("readonly/code", lambda m: _imported(m, 422, body=[]), "code is missing, not 'APPOINTMENT_READ_ONLY'"),
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    ("readonly/refused", lambda m: _imported(m, 200, Kind.FIRST_CANCEL)),
    ("readonly/refused", lambda m: _imported(m, 200, trouble=Trouble.LOST)),
    ("readonly/untouched", lambda m: _imported(m, 422, Kind.READONLY, m.after(trouble=Trouble.LOST))),
    ("readonly/code", lambda m: _imported(m, 409)),
    ("readonly/refused", lambda m: Episode(Kind.READONLY, (m.before(),))),
    ("readonly/untouched", lambda m: Episode(Kind.READONLY, (m.before(medelement_cancellation_mode=None),))),
    ("readonly/code", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(medelement_cancellation_mode="local_only"),))),
]


class TestReadonly(FamilyWithGaps):
    """The tables above."""

    name = "readonly"


RECEIPT = {"provider_command_receipt": {"id": 1}}
LOCAL = {"medelement_cancellation_mode": "local_only"}


def _receipted(m: Any, **after: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    shown = m.payload(status="completed", payment_status="paid", **RECEIPT)
    return _imported(m, 200, Kind.READONLY, m.untouched(**after), body={"payload": shown})


def _here_only(m: Any, mode: str = "local_only", **after: Any) -> Episode:  # noqa: ANN401  likewise
    shown = {"medelement_cancellation_mode": mode}
    return _imported(m, 200, Kind.READONLY, m.after(**{**shown, **after}), **shown)


@pytest.mark.parametrize("clause", ["readonly/refused", "readonly/untouched", "readonly/code"])
@pytest.mark.parametrize(("make", "word"), [(_receipted, "receipt"), (_here_only, "local_only")])
def test_a_generation_that_does_not_refuse_is_told(judge: Judge, clause: str, make: Make, word: str) -> None:
    """A cancel that is handed on, or that stays here, is neither kept nor broken: the evidence names which it is."""
    (finding,) = judge(clause, make)

    assert isinstance(finding, NotApplicable)
    assert word in finding.evidence


@pytest.mark.parametrize(
    ("clause", "make", "message"),
    [
        ("readonly/untouched", lambda m: _receipted(m, service_amount=0),
         "after a cancel of an imported appointment, service_amount is 0, not 5000"),
        ("readonly/untouched", lambda m: _here_only(m, service_amount=0),
         "after a cancel of an imported appointment, service_amount is 0, not 5000"),
        ("readonly/refused", lambda m: _here_only(m, "provider_removal"), f"status is 200, not {LEGAL}"),
        ("readonly/refused", lambda m: _here_only(m, status="completed"), f"status is 200, not {LEGAL}"),
    ],
    ids=["receipt", "here-only", "another-mode", "not-done"],
)  # fmt: skip
def test_a_generation_excuses_nothing_else(judge: Judge, clause: str, make: Make, message: str) -> None:
    """What else is changed, and a 200 that fits no known generation, is a breach."""
    assert judge(clause, make) == (message,)
