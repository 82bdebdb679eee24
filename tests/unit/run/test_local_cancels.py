"""No cancel is sent to an appointment whose read shows that a cancel could not be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.ledger.row import Verdict
from cancel_contract.provider import SEED
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.tools.doctor.provided import looked_at

if TYPE_CHECKING:
    from cancel_contract.provider.api.calls import Call
    from cancel_contract.provider.store.records import Payload
    from tests.unit.run.conftest import Memory, Named, Opened

MODE = "medelement_cancellation_mode"
OWN = SEED.paid_expense_appointment_ids[1]
LOCAL = f"{MODE} is 'local_only', so that a cancel could not be undone"


def _linked(mode: object) -> Variant:
    """Return a provider whose provided appointments show how far a cancel of them goes."""

    def shown(_: Call, payload: Payload) -> Payload:
        return payload if payload["id"] >= 5000 else {**payload, MODE: mode}

    return Variant("linked", "They are linked to the clinic's own system.", Hooks(EVERY, render=shown))


def _cancels(memory: Memory) -> list[str]:
    return [one.path for one in memory.asked if one.path.endswith("/cancel")]


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("local_only", "local_only"),
        ("clinic_too", "clinic_too"),
        ("Мария", "<string 5>"),
        ("", ""),
        (7, "7"),
        (["local_only"], "['local_only']"),
    ],
)
def test_an_imported_one_in_such_a_mode_is_not_cancelled(
    make_run: Opened, memory: Memory, named: Named, mode: object, told: str
) -> None:
    """The clauses do not apply, by what the read has shown; what is not known is not tried."""
    memory.provider.switch(variants=[_linked(mode)])
    with make_run() as run:
        assert run.play(named("readonly/")[0]).broken == ()
        rows = [row for row in run.ledger.finished(lambda _: False) if row.clause.family == "readonly"]

    assert _cancels(memory) == []
    assert {row.verdict for row in rows} == {Verdict.NOT_APPLICABLE}
    fact = f"appointment {SEED.readonly_appointment_id} was not cancelled: {MODE} is '{told}'"
    assert {row.reason for row in rows} == {f"{fact}, so that a cancel could not be undone"}


@pytest.mark.parametrize("mode", [None, "provider_removal"])
def test_one_whose_cancel_is_refused_or_reaches_the_clinic_is(
    make_run: Opened, memory: Memory, named: Named, mode: object
) -> None:
    """An imported appointment whose mode says that a cancel is refused, or reaches the clinic, is cancelled."""
    memory.provider.switch(variants=[_linked(mode)])
    with make_run() as run:
        assert run.play(named("readonly/")[0]).broken == ()
        assert run.ledger.rows["readonly/refused"].held == 1

    assert len(_cancels(memory)) == 1


def test_neither_is_one_with_a_paid_expense_nor_one_that_may_be_cancelled(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Whatever is provided is left alone; the reason is reported with the setting."""
    memory.provider.switch(variants=[_linked("local_only"), "creation-refused"])
    with make_run(resource_id=None, appointment_ids=(OWN,)) as run:
        for name in ("effect/paid-expense", "effect/slot"):
            run.play(named(name)[0])
        excuses = run.ledger.excuses

    assert _cancels(memory) == []
    assert f"ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 4011, and {LOCAL}" in excuses["effect/paid-expense"]
    assert f"ONELINK_APPOINTMENT_IDS cannot be used ({OWN}: {LOCAL})" in excuses["effect/slot"]


def test_the_doctor_says_so(make_run: Opened, memory: Memory) -> None:
    """Before a run, the doctor says so of each provided appointment."""
    memory.provider.switch(variants=[_linked("local_only")])
    settings: dict[str, Any] = {"resource_id": None, "appointment_ids": (OWN,), "foreign_account_id": None}
    with make_run(**settings, foreign_appointment_id=None) as run:
        facts = [finding.fact for finding in looked_at(run.context)]

    assert f"ONELINK_APPOINTMENT_IDS names appointment {OWN}, and {LOCAL}" in facts
    assert (
        f"ONELINK_READONLY_APPOINTMENT_ID names appointment 4001, which is scheduled, and imported: {LOCAL}, "
        "and none is sent"
    ) in facts
    assert f"ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 4011, and {LOCAL}" in facts
