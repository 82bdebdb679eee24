"""A sample of the proof for every day; `python -m contracts prove` has the whole."""

import pytest

from contracts.clauses import CATALOGUE
from contracts.profiles import Profile
from contracts.proving import Trial, attempt, sample, trials


@pytest.mark.parametrize("trial", sample(), ids=lambda trial: trial.name)
def test_sample(trial: Trial) -> None:
    """A fault is found by the clause that it breaks, an honest variant raises no alarm."""
    outcome = attempt(trial, Profile.QUICK)

    assert outcome.is_right, outcome


def test_every_clause_has_a_fault() -> None:
    """Each clause of the catalogue owns at least one fault that breaks it."""
    assert {trial.clause for trial in trials() if trial.clause} == {clause.id for clause in CATALOGUE}
