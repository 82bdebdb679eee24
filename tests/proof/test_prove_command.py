"""The command that proves the suite."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cancel_contract.run.profiles import Profile
from cancel_contract.tools.cli import app
from cancel_contract.tools.commands import prove as command
from cancel_contract.tools.prove.page import totals
from cancel_contract.tools.prove.trials import (
    Ends,
    Sort,
    Trial,
    TrialResult,
    attempt,
    prove,
    trials,
)

FAULT = next(trial for trial in trials() if trial.name == "created-201")
VARIANT = next(trial for trial in trials() if trial.name == "gzip")


@pytest.fixture
def proved(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Run the command over outcomes that are given; gives its exit code and what it printed."""

    def run(outcomes: tuple[TrialResult, ...], *options: str) -> tuple[int, str]:
        def given(
            _: object, __: Profile, ___: int, told: Callable[[TrialResult], None], ____: Ends
        ) -> tuple[TrialResult, ...]:
            for outcome in outcomes:
                told(outcome)
            return outcomes

        monkeypatch.setattr(command, "prove_trials", given)
        done = CliRunner().invoke(app, ["prove", *options])
        return done.exit_code, done.output

    return run


def test_a_fault_and_a_variant_are_proven() -> None:
    """Trials run in processes of their own, and each outcome is reported as it comes."""
    told: list[TrialResult] = []

    outcomes = prove([FAULT, VARIANT], Profile.GATE, 2, told.append)

    assert [(one.trial, one.is_right) for one in outcomes] == [(FAULT, True), (VARIANT, True)]
    assert tuple(told) == outcomes


def test_a_fault_is_found_early_and_nothing_is_left() -> None:
    """An outcome counts requests to the first breach, appointments, and what is still active."""
    outcome = attempt(FAULT, Profile.GATE)

    assert outcome.first is not None
    assert 0 < outcome.first < outcome.requests
    assert (outcome.strangers, outcome.touched, outcome.left, outcome.troubles) == (0, 0, 0, ())


def test_a_trial_may_end_once_its_fault_is_found() -> None:
    """It plays no further scenario than the one that breaks the fault's own clause."""
    whole, found = (attempt(FAULT, Profile.QUICK, ends=ends) for ends in (Ends.LAST, Ends.FOUND))

    assert (found.is_right, found.first) == (True, whole.first)
    assert found.requests < whole.requests / 2
    assert (found.strangers, found.touched, found.left) == (0, 0, 0)


def test_the_provider_as_it_is_is_a_variant_without_a_name() -> None:
    """The provider without faults is honest, opens the gate, and counts as a variant without a name."""
    outcome = attempt(Trial(Sort.VARIANT, ""), Profile.GATE)

    assert (outcome.is_right, outcome.first) == (True, None)


def test_what_is_right_is_told_by_its_totals_alone(proved: Callable[..., tuple[int, str]]) -> None:
    """A proof without misses prints only its totals, and exits 0."""
    right = TrialResult(FAULT, (FAULT.clause,), 1, 90, 1.0, 12)

    assert proved((right,)) == (0, f"{totals((right,))}\n")


def test_misses_and_alarms_have_a_line_each(proved: Callable[..., tuple[int, str]]) -> None:
    """A proof with misses or alarms prints a line for each, and exits 1."""
    missed = TrialResult(FAULT, (), 0, 90, 1.0)
    alarm = TrialResult(VARIANT, ("answer/json",), 1, 90, 1.0, troubles=("too slow",))

    code, told = proved((missed, alarm))

    assert code == 1
    assert told.splitlines() == [
        "missed: created-201 (answer/status-200), exit 0, broke nothing",
        "alarm: gzip (honest), exit 1, broke answer/json; too slow",
        totals((missed, alarm)),
    ]


def test_an_unknown_name_is_wrong_input(proved: Callable[..., tuple[int, str]]) -> None:
    """Every unknown name is reported, and nothing is tried."""
    assert proved((), "--only", "created-201", "--only", "nothing", "--only", "gone") == (
        4,
        "no fault or variant is named gone, nothing: see `cancel-contract serve --list`\n",
    )


def test_the_matrix_and_the_totals_are_written(proved: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """The page is written whole; of a README only what stands between its marks."""
    page, readme = tmp_path / "PROOF.md", tmp_path / "README.md"
    readme.write_text("# A\n<!-- proof: begin -->\n<!-- proof: end -->\n", encoding="utf-8")
    right = TrialResult(FAULT, (FAULT.clause,), 1, 90, 1.0, 12)

    code, _ = proved((right,), "--write", str(page), "--readme", str(readme))

    assert code == 0
    assert page.read_text(encoding="utf-8").startswith("# The proof, profile quick, ")
    assert totals((right,)) in readme.read_text(encoding="utf-8")
