"""The deviations files that ship, each against its generation of the provider as it was observed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

import contracts
from contracts import deviations
from contracts.deviations import judged
from contracts.embedded import embedded
from contracts.fragment import load
from contracts.gate import Exit, exit_code
from contracts.profiles import Profile, situations
from contracts.provider import Fault, Hooks, Provider, fault
from contracts.provider.behaviours import EVERY
from contracts.provider.faults.making import once
from contracts.provider.records import Appointment
from contracts.run import opened
from contracts.settings import Settings

FOLDER: Final = Path(contracts.__file__).parent / "generations"

RETIRED: Final = {"prepaid_amount": 0, "settlement_amount": 0, "payments": [], "expense": None}


def _without_finance(_: object, payload: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in payload.items() if name != "payment_status"}
    return {**kept, **RETIRED}


FINANCE_RETIRED: Final = Fault(
    "finance-retired", "answer/documented-fields", "Finance moved elsewhere.", Hooks(EVERY, render=_without_finance)
)


def _as_long_as_the_service(found: Appointment, done: Appointment) -> Appointment:
    return replace(done, ends_at=found.starts_at + timedelta(minutes=30)) if found.service_id else done


END_DERIVED: Final = Fault(
    "end-derived", "effect/times-kept", "The service's duration rules.", Hooks(transition=once(_as_long_as_the_service))
)
GENERATIONS: Final = {
    "first": (),
    "intermediate": (fault("price-zeroed"),),
    "later": (FINANCE_RETIRED, END_DERIVED),
}


@pytest.mark.parametrize("name", GENERATIONS)
def test_the_gate_opens(name: str) -> None:
    """With its generation's file the gate opens, and no entry of the file is idle."""
    entries = deviations.read(FOLDER / f"{name}.yaml")
    settings = Settings.model_validate({"max_requests": 5000, "max_appointments": 400})
    paid = {"paid_expense_appointment_id": None} if name == "later" else {}
    with embedded(settings, Provider(GENERATIONS[name]), **paid) as target, opened(target) as run:
        for situation in situations(Profile.GATE, load()):
            run.play(situation)
        run.finish()
        rows = run.ledger.finished(lambda setting: getattr(target.settings, setting) is None)
    found = dict(judged(rows, entries, datetime(2026, 12, 1, tzinfo=UTC).date()))

    assert exit_code(rows, run.ledger, found) is Exit.HELD, [
        (row.verdict.name, row.clause.id, row.reason, row.breach and row.breach.message)
        for row in rows
        if row.verdict and row.clause.id not in found
    ] + [(clause, str(entry)) for clause, entry in found.items() if entry.standing != "known"]
    assert set(found) == set(entries)
