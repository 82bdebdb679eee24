"""Items whose cases are drawn: when they are collected, and that a breach fails the item after all were sent."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.run.context import Context
from tests.proof.plugin.conftest import ONE, Plays, Sessions, answers, raises

CONTRACT = Path(__file__).parents[2] / "contract"
PLAYS: Plays = {Batch.COVERAGE_NEGATIVE.scenario: raises(AssertionError("played, not drawn"))}
THOROUGH = ("contract", *ONE, "--contract-profile", "thorough")
Sent = list[GeneratedCase]


@pytest.fixture
def sent(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Sent]:
    """Return what prepares a session of our own files in which each case that is sent is answered with a status."""
    shutil.copytree(CONTRACT, pytester.path / "contract", ignore=shutil.ignore_patterns("__pycache__"))
    cases: Sent = []

    def prepare(status: int) -> Sent:
        class Player:
            def __init__(self, context: Context) -> None:
                self._context = context

            def send(self, case: GeneratedCase) -> None:
                cases.append(case)
                answers(status)(self._context)

            def send_all(self, cases: Iterable[GeneratedCase]) -> None:
                for case in cases:
                    self.send(case)

        for module in ("drawn_cases", "scenarios.generated"):
            monkeypatch.setattr(f"cancel_contract.run.{module}.Player", Player)
        return cases

    return prepare


def test_a_thorough_run_sends_each_case_as_it_is_drawn(session: Sessions, sent: Callable[[int], Sent]) -> None:
    """The stored cases are not collected then; a batch is one item."""
    cases = sent(200)

    done = session(*THOROUGH, "-v", plays=PLAYS)

    assert done.ret == 0
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["*test_drawn_cases.py::test_coverage_negative PASSED*"])
    assert len(cases) > 10


def test_a_breach_fails_the_item_when_all_are_sent(session: Sessions, sent: Callable[[int], Sent]) -> None:
    """Hypothesis sees no failure, and so shrinks nothing and calls nothing flaky; the cases are played once more."""
    cases = sent(409)

    done = session(*THOROUGH, plays=PLAYS)

    assert done.ret == 1
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["answer/status-200 BROKEN: *", "  again *--case 'generated/coverage-negative#*"])
    assert "laky" not in done.stdout.str()
    first, again = cases[: len(cases) // 2], cases[len(cases) // 2 :]
    assert [*dict.fromkeys(first)] == again


def test_a_gate_collects_the_stored_cases(session: Sessions, sent: Callable[[int], Sent]) -> None:
    """Nothing is drawn, though schemathesis' plugin is there."""
    cases = sent(200)

    done = session("contract", *ONE, "--contract-profile", "gate", "-v", plays={"generated/examples": answers(200)})

    assert (done.ret, cases) == (0, [])
    done.stdout.fnmatch_lines(["*test_generated_cases.py::test_generated_cases?generated/examples? PASSED*"])
    assert "test_drawn_cases" not in done.stdout.str()


@pytest.mark.parametrize(
    ("profile", "named", "told"),
    [
        ("thorough", "generated", "profile thorough draws its cases: name contract/test_drawn_cases.py, or the folder"),
        ("gate", "drawn", "profile gate plays the stored cases: name contract/test_generated_cases.py, or the folder"),
    ],
)
def test_naming_the_other_file_is_told(
    session: Sessions, sent: Callable[[int], Sent], profile: str, named: str, told: str
) -> None:
    """Exit 4, and the file to name; nothing is played."""
    cases = sent(200)

    done = session(f"contract/test_{named}_cases.py", "--contract-profile", profile, plays=PLAYS)

    assert (done.ret, cases) == (4, [])
    assert done.stderr.str().strip() == f"ERROR: {told}"


def test_a_drawn_batch_that_is_not_played_is_not_collected(session: Sessions, sent: Callable[[int], Sent]) -> None:
    """As where `--case` names a case of another batch."""
    sent(200)

    done = session(*THOROUGH, "-v", plays={"generated/examples": raises(AssertionError())})

    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["*test_drawn_cases.py::test_examples PASSED*"])
