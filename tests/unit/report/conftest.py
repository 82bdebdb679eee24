"""A finished run with a clause of each verdict, without a server."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.difference import Difference
from cancel_contract.fragment.document import load
from cancel_contract.guard.gateway import Incident
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.observed_schema import ErrorShape, ObservedSchema
from cancel_contract.ledger.provided import Change
from cancel_contract.ledger.row import Row, compared
from cancel_contract.report.build import gathered
from cancel_contract.report.model import RunReport
from cancel_contract.run.assembly import terms_of
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from cancel_contract.target.settings import Settings
from tests.unit.conftest import TOKEN

GIVEN: dict[str, Any] = {
    "base_url": "https://staging.test",
    "api_token": TOKEN,
    "account_id": 3,
    "resource_id": 9,
    "appointment_ids": "101, 102",
}
BREACH = Breach(
    message="status is 409, not 200, on the second cancel",
    case="repeat/plain#second",
    curl='curl -sS -i -X POST https://staging.test/cancel -H "api_access_token: ${ONELINK_API_TOKEN}"',
    answer='409 application/json {"error": "Already cancelled"}',
    size=80,
    headers="cache-control: no-cache",
    what="status",
    where="status",
    got="409",
    wanted="200",
)
AMOUNT = Difference("field", "/service_amount", "1", "5000")
READ = replace(
    BREACH, message="id is 8, not 7", case="effect/plain#after", repeatable=True, where="/id", more=(AMOUNT,)
)
ROWS = (
    Row(BY_ID["answer/status-200"], held=9),
    Row(BY_ID["answer/duration"], held=2, broken=1, breach=READ),
    Row(BY_ID["effect/every-status"], failures=("KeyError in its own code",)),
    Row(BY_ID["repeat/answer"], broken=4, breach=BREACH),
    Row(BY_ID["readonly/refused"]),
)
KNOWN = Deviation(clause="repeat/answer", reason="it is being mended", owner="back-end", until=date(2026, 12, 31))
TODAY = date(2026, 11, 2)


@pytest.fixture
def make_contract() -> Callable[..., Contract]:
    """Make runs that have ended; they differ in their rows and in what was asked for."""

    def make(rows: tuple[Row, ...] = ROWS, *, partial: bool = False, **choice: Any) -> Contract:  # noqa: ANN401  whatever a choice takes
        chosen = Choice(Settings.model_validate(GIVEN), choice.pop("profile", Profile.GATE), **choice)
        contract = Contract(chosen, load(), started=datetime(2026, 11, 2, 9, tzinfo=UTC), partial=partial)
        contract.ledger = Ledger(terms_of(chosen.target, contract.fragment), [row.clause for row in rows])
        contract.ledger.partial = partial
        contract.ledger.rows = {row.clause.id: row for row in rows}
        contract.ledger.statuses = {200: 9, 401: 2, 404: 3}
        _meet(contract)
        contract.conclude(TODAY)
        return contract

    return make


def _meet(contract: Contract) -> None:
    statistics = contract.statistics
    statistics.requests, statistics.appointments, statistics.throttled, statistics.lost = 41, 5, 2, 1
    statistics.retries = 2
    statistics.incidents = [
        Incident("effect/plain#first", 502, "began anew"),
        Incident("effect/plain#read", 503, "sent again after 1 s"),
    ]
    statistics.refused_variations, statistics.still_active = (
        {"scheduled-paid-latin-30": "422 VALIDATION_ERROR"},
        [5004, 5002],
    )
    statistics.unanswered_creates = ["cancel-contract-3f9c-1793600000-7"]
    statistics.changed = [Change(4011, "ONELINK_PAID_EXPENSE_APPOINTMENT_ID", "status completed -> cancelled")]
    statistics.observed_schema = ObservedSchema(
        {"source": 9, "created_at": 9},
        {"contact_id": 4},
        {"status": {"cancelled": 9}, "payment_status": {"paid": 1, "cancelled": 8}},
        [ErrorShape(404, ("code", "error"), 3), ErrorShape(401, ("error",), 2)],
    )
    statistics.timings = [0.012, 0.013, 0.02, 0.4]


@pytest.fixture
def make_outcome(make_contract: Callable[..., Contract]) -> Callable[..., RunReport]:
    """Make outcomes; they differ in what the run does, and in the status that the process ends with."""

    def make(*, status: int | None = None, **parts: Any) -> RunReport:  # noqa: ANN401  whatever a run takes
        contract = make_contract(**parts)
        assert contract.ledger is not None
        return gathered(contract, contract.ledger, contract.code.value if status is None else status)

    return make


@pytest.fixture
def held(make_outcome: Callable[..., RunReport]) -> RunReport:
    """Return the outcome of a run in which everything held."""
    outcome = make_outcome(rows=ROWS[:1])
    assert outcome.conclusion.exit == Exit.HELD
    return outcome


def judged(broke: set[frozenset[str]], held: set[frozenset[str]], breach: Breach | None = None) -> Row:
    """Return a row of cases that broke each time, or held each time, with their traits."""
    parts = ({((f"effect/{sorted(one)}#{key}",), one) for one in some} for key, some in (("b", broke), ("h", held)))
    return compared(Row(BY_ID["repeat/answer"], broken=1, held=1, again=True, breach=breach), *parts)
