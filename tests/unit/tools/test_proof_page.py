"""The proof's page, from the results of its trials."""

from collections import Counter
from datetime import date

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run.profiles import Profile
from cancel_contract.tools.prove.page import markdown, summed_up, totals
from cancel_contract.tools.prove.trials import (
    Sort,
    Trial,
    TrialResult,
    trials,
    turn,
)
from tests.unit.conftest import NOW, Still

FOUND = TrialResult(Trial(Sort.FAULT, "late", "repeat/answer"), ("repeat/answer", "answer/json"), 1, 90, 1.25, 12)
MISSED = TrialResult(Trial(Sort.FAULT, "quiet", "answer/json"), (), 0, 80, 2.0, None, ("no idea",))
QUIET = TrialResult(Trial(Sort.VARIANT, "gzip"), (), 0, 70, 1.0)
ALARM = TrialResult(
    Trial(Sort.VARIANT, "slow"), ("answer/time-limit",), 1, 60, 9.0, troubles=("too slow",), strangers=2
)
EVERY = (FOUND, MISSED, QUIET, ALARM)
SUM = (
    "1 of 2 faults found by the clause they break, 1 of 2 honest variants without an alarm, "
    f"1 of {len(CATALOGUE)} clauses shown able to fail, 2 requests named a stranger's appointment"
)


def test_the_totals_are_one_sentence() -> None:
    """Faults found, variants without alarm, clauses proven, strangers named."""
    assert totals(EVERY) == SUM


def test_the_matrix_tells_misses_first() -> None:
    """Each trial has a line; a miss and an alarm stand out."""
    page = markdown(EVERY, Profile.GATE, date(2026, 11, 24)).splitlines()

    assert page[:5] == [
        "# The proof, profile gate, 2026-11-24",
        "",
        f"{SUM}.",
        "A fault is found after 12 requests (median), 12 at most.",
        "",
    ]
    assert [line for line in page if line.startswith("| ")] == [
        "| fault | clause | found | also broke | requests to the first breach | requests | seconds |",
        "| quiet | answer/json | **no** | – | – | 80 | 2.0 |",
        "| late | repeat/answer | yes | answer/json | 12 | 90 | 1.2 |",
        "| variant | alarm | requests | seconds |",
        "| gzip | none | 70 | 1.0 |",
        "| slow | **exit 1: answer/time-limit, too slow** | 60 | 9.0 |",
    ]


def test_the_matrix_tells_which_clauses_no_fault_breaks_alone() -> None:
    """Of several faults the one counts that breaks the fewest clauses of the family; other families do not count."""
    fault = Trial(Sort.FAULT, "both", "repeat/many")
    both = TrialResult(fault, ("repeat/answer", "repeat/many", "repeat/same-payload"), 1, 90, 1.0, 12)
    nearer = TrialResult(Trial(Sort.FAULT, "nearer", "repeat/many"), ("repeat/answer", "repeat/many"), 1, 90, 1.0, 12)
    page = markdown((both, nearer, FOUND), Profile.GATE, date(2026, 11, 24)).splitlines()

    assert page[-5].startswith("1 of 2 clauses are broken alone in their family by a fault of theirs.")
    assert page[-4:] == [
        "",
        "| clause | nearest fault | breaks with it |",
        "|---|---|---|",
        "| repeat/many | nearer | repeat/answer |",
    ]
    assert "alone in their family" not in markdown(EVERY, Profile.GATE, date(2026, 11, 24))


def test_a_matrix_without_faults_has_no_median() -> None:
    """A matrix without faults has no median."""
    assert "median" not in markdown((QUIET,), Profile.GATE, date(2026, 11, 24))


def test_a_readme_takes_the_totals_between_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands between the marks is replaced; the rest stays."""
    monkeypatch.setattr("cancel_contract.tools.prove.page.datetime", Still)
    readme = "# A\n<!-- proof: begin -->\nold\n<!-- proof: end -->\nmore\n"

    told = f"On {NOW.date()}, profile gate: {SUM}."
    assert summed_up(readme, EVERY, Profile.GATE) == (
        f"# A\n<!-- proof: begin -->\n\n{told}\n\n<!-- proof: end -->\nmore\n"
    )


def test_a_readme_without_marks_is_told() -> None:
    """A README without the two marks is refused, instead of guessing where the totals go."""
    with pytest.raises(ValueError, match="substring not found"):
        summed_up("# A\n", EVERY, Profile.GATE)


@pytest.mark.parametrize(
    ("outcome", "is_right"),
    [
        (FOUND, True),
        (MISSED, False),
        (QUIET, True),
        (ALARM, False),
        (TrialResult(FOUND.trial, ("answer/json",), 1, 1, 1.0), False),
        (TrialResult(FOUND.trial, ("repeat/answer",), 6, 1, 1.0), False),
        (TrialResult(FOUND.trial, ("repeat/answer",), 1, 1, 1.0, touched=1), False),
        (TrialResult(QUIET.trial, (), 6, 1, 1.0), False),
        (TrialResult(Trial(Sort.VARIANT, "creation-refused"), (), Exit.INCONCLUSIVE, 1, 1.0), True),
        (TrialResult(Trial(Sort.VARIANT, "creation-refused"), (), 0, 1, 1.0), False),
    ],
)
def test_what_an_outcome_proves(outcome: TrialResult, *, is_right: bool) -> None:
    """A fault is found by its own clause and closes the gate; a variant opens it; a stranger is never named."""
    assert outcome.is_right is is_right


def test_turns_come_to_every_trial() -> None:
    """Each turn breaks every clause and asks a quarter of the variants; many of them leave none out."""
    faults = Counter(trial.clause for trial in trials() if trial.clause)
    variants = [trial for trial in trials() if not trial.clause]
    turns = [turn(number) for number in range(max(faults.values()))]

    for chosen in turns:
        assert [trial.clause for trial in chosen if trial.clause] == [*faults]
    four = sorted(trial.name for chosen in turns[:4] for trial in chosen if not trial.clause)
    assert four == sorted(one.name for one in variants)
    assert {trial for chosen in turns for trial in chosen} == set(trials())
    assert turns[0] != turns[1]
