"""A sample of the proof for every day; `cancel-contract prove` has the whole."""

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.provider import Fault
from cancel_contract.provider.faults import single_clauses
from cancel_contract.run.profiles import Profile
from cancel_contract.tools.prove.trials import (
    Sort,
    Trial,
    attempt,
    sample,
    trials,
)


@pytest.mark.parametrize("trial", sample(), ids=lambda trial: trial.name)
def test_sample(trial: Trial) -> None:
    """A fault is found by the clause that it breaks, an honest variant raises no alarm."""
    outcome = attempt(trial, Profile.QUICK)

    assert outcome.is_right, outcome


def test_every_clause_has_a_fault() -> None:
    """Each clause of the catalogue owns at least one fault that breaks it."""
    assert {trial.clause for trial in trials() if trial.clause} == {clause.id for clause in CATALOGUE}


@pytest.mark.parametrize("fault", single_clauses.FAULTS, ids=lambda fault: fault.name)
def test_a_narrow_fault_breaks_its_clause_and_no_other_of_the_family(fault: Fault) -> None:
    """What such a fault is found by is that clause alone, so that the clause is worth its place."""
    outcome = attempt(Trial(Sort.FAULT, fault.name, fault.clause), Profile.GATE)

    assert outcome.is_right, outcome
    assert [name for name in outcome.broken if name.startswith(f"{fault.family}/")] == [fault.clause]
