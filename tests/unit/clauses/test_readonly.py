"""readonly/...: each clause over evidence that keeps its promise, breaks it, and has no say in it."""

from typing import Any

from contracts.case import Intent
from contracts.episode import Episode, Kind
from contracts.exchange import Trouble
from tests.unit.clauses.conftest import FamilyWithGaps, Make


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
    ("readonly/refused", lambda m: Episode(Kind.READONLY, (m.before(),))),
    ("readonly/untouched", lambda m: Episode(Kind.READONLY, (m.before(medelement_cancellation_mode=None),))),
    ("readonly/code", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(medelement_cancellation_mode="local_only"),))),
]


class TestReadonly(FamilyWithGaps):
    """The tables above."""

    name = "readonly"
