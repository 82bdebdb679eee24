"""What the faults show beside `cancel-contract prove`: there is one for each clause, and some break nothing else."""

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.run.exercised import exercising
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.tools.prove.trials import (
    Trial,
    trials,
    tried,
)

ALONE = (
    "account-skipped-once-cancelled", "bare-call-let-in", "branch-let-in", "cut-id-unworded", "deposit-gone",
    "deposit-method-lost", "long-visit-shortened", "malformed-account-succeeds",
    "malformed-id-echoed", "nought-succeeds", "overlong-token-let-in", "service-paid-for", "unpaid-repeat-refused",
    "unpaid-third-refused", "user-of-another-thread",
)  # fmt: skip
"""Faults so narrow that they break one clause and no other of its family."""


def test_every_clause_has_a_fault() -> None:
    """Each clause of the catalogue owns at least one fault that breaks it."""
    assert {trial.clause for trial in trials() if trial.clause} == {clause.id for clause in CATALOGUE}


@pytest.mark.parametrize("trial", [trial for trial in trials() if trial.name in ALONE], ids=lambda trial: trial.name)
def test_a_narrow_fault_breaks_its_clause_and_no_other_of_the_family(trial: Trial) -> None:
    """What such a fault is found by is that clause alone, so that the clause is worth its place."""
    every = scenarios(Profile.GATE, load())
    own = {*exercising([trial.clause], every), *(it for it in every if it.family == trial.family)}

    outcome = tried(trial, [it for it in every if it in own])

    assert outcome.is_right, outcome
    assert [name for name in outcome.broken if name.startswith(f"{trial.family}/")] == [trial.clause]


def test_every_narrow_fault_is_in_the_catalogue() -> None:
    """A fault that is renamed or removed does not drop out of the test above unseen."""
    assert {trial.name for trial in trials()} >= set(ALONE)
