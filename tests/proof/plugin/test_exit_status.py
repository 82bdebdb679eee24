"""The exit status that follows from verdicts, other tests and troubles, and the line that says so."""

from pathlib import Path

import pytest

from cancel_contract.errors import Unreachable
from cancel_contract.run.context import Context
from tests.proof.plugin.conftest import ONE, OWN, Plays, Sessions, answers, raises


def test_a_clause_that_holds_opens_the_gate(session: Sessions) -> None:
    """A selection of one clause is partial, and judged."""
    result = session(*ONE, plays={"effect/x": answers(200)})

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "HELD 1 * NOT APPLICABLE 0 * UNTESTED 0 * BROKEN 0 * ABORTED 0 * partial: *",
            "exit 0: gate open: every MUST clause held that was exercised",
        ]
    )


@pytest.mark.parametrize(
    ("plays", "own", "code"),
    [
        ({"effect/x": answers(200)}, True, 0),
        ({"effect/x": answers(200)}, False, 1),
        ({"effect/x": answers(409)}, True, 1),
        ({"effect/x": raises(KeyError("x"))}, True, 3),
        ({"effect/x": raises(KeyError("x"))}, False, 1),
        ({"effect/x": answers(409), "effect/y": raises(KeyError("x"))}, True, 1),
        ({"effect/x": raises(Unreachable("gone"))}, True, 6),
        ({"effect/x": answers(409), "effect/y": raises(Unreachable("gone"))}, True, 1),
        ({"effect/x": raises(KeyError("x")), "effect/y": raises(Unreachable("gone"))}, True, 3),
    ],
    ids=["held", "own-failed", "broken", "aborted", "aborted-own-failed", "broken-aborted", "lost", "broken-lost",
         "aborted-lost"],
)  # fmt: skip
def test_verdicts_and_other_tests_make_one_exit_status(
    session: Sessions,
    pytester: pytest.Pytester,
    plays: Plays,
    own: bool,  # noqa: FBT001  a parameter of the table
    code: int,
) -> None:
    """A broken MUST and a failed test of the suite end with 1, a failed suite with 3, a lost target with 6."""
    pytester.makepyfile(test_own=OWN.format(own))

    assert session(*ONE, plays=plays).ret == code


def test_failing_tests_alone_end_as_pytest_ends(session: Sessions, pytester: pytest.Pytester) -> None:
    """Where no scenario is played there is no ledger, and pytest's own status stands."""
    pytester.makepyfile(test_own=OWN.format(True))
    assert session("test_own.py").ret == 0

    pytester.makepyfile(test_own=OWN.format(False))
    result = session("test_own.py")
    assert result.ret == 1
    assert "gate" not in result.stdout.str()


def test_nothing_collected_is_pytests_own_code(session: Sessions) -> None:
    """An empty selection is red by pytest's own code."""
    assert session("-k", "nothing-of-that-name", plays={"effect/x": answers(200)}).ret == 5


def test_a_whole_run_with_untested_clauses_is_inconclusive(session: Sessions) -> None:
    """Without a selection every MUST clause has to be tested."""
    result = session(plays={"effect/x": answers(200)})

    assert result.ret == 6
    result.stdout.fnmatch_lines(["exit 6: no verdict: the run was inconclusive: * MUST clauses are untested"])


def test_an_interrupted_run_has_no_verdict(session: Sessions) -> None:
    """An interrupted run ends with pytest's own code, and its ledger says the same."""

    def stop(_: Context) -> None:
        raise KeyboardInterrupt

    result = session(plays={"effect/x": stop})

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["exit 2: no verdict: the run was interrupted"])


def test_a_failure_of_the_suite_outranks_an_interrupt(session: Sessions) -> None:
    """What went wrong before the interrupt is no matter of the interrupt: exit 3, and the ledger says the same."""

    def stop(_: Context) -> None:
        raise KeyboardInterrupt

    result = session(plays={"effect/x": raises(RuntimeError("a defect")), "effect/y": stop})

    assert result.ret == 3
    result.stdout.fnmatch_lines(["exit 3: no verdict: the suite itself failed*"])


def test_a_report_that_cannot_be_written_is_the_suites_failure(
    session: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The job's summary is known to be wrong only at the end: exit 3, with the reason, and no traceback."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))

    result = session(*ONE, plays={"effect/x": answers(200)})

    assert result.ret == 3
    result.stdout.fnmatch_lines(
        [
            f"suite failure: report {tmp_path} could not be written: Is a directory",
            "exit 3: no verdict: the suite itself failed",
        ]
    )
    assert "Traceback" not in result.stderr.str()


def test_a_lost_target_is_told_once_and_not_asked_again(session: Sessions) -> None:
    """After the target is gone nothing more is played."""
    played: list[Context] = []
    result = session(*ONE, plays={"effect/x": raises(Unreachable("it is gone")), "effect/y": played.append})

    assert (result.ret, played) == (6, [])
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["exit 6: no verdict: the run was inconclusive: it is gone*"])
