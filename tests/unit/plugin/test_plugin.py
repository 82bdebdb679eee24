"""pytest as a user of the plugin sees it: options, header, wrong settings, exit status. Nothing is sent."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from contracts import embedded, plugin
from contracts.case import Case, Intent
from contracts.errors import Unprepared, Unreachable
from contracts.exchange import Answer, Exchange
from contracts.fragment import load
from contracts.profiles import Profile
from contracts.session import Choice, Contract
from contracts.settings import Settings
from contracts.situations import Situation
from contracts.stage import Stage
from contracts.target import Target

PLAYED = """
import pytest
from contracts.plugin import play

@pytest.mark.contract("effect", "repeat")
def test_contract(contract, situation, note):
    play(contract, situation, note)
"""
OWN = "def test_own():\n    assert {}\n"
TOKEN = "t0ken-of-the-tests"
EXAMPLE = load().resolve("/components/examples/FullAppointment/value")["payload"]
Plays = dict[str, Callable[[Stage], None]]
STARTED = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """Give a runner of pytest in which situations are played that send nothing."""
    for name in [name for name in os.environ if name.startswith("ONELINK_")]:
        monkeypatch.delenv(name)
    # To find out what other plugins there are takes longer than the session.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_contract=PLAYED)

    @contextmanager
    def standing(settings: Settings) -> Iterator[Target]:
        yield embedded.shown(settings)

    def run(*options: str, plays: Plays | None = None, **settings: str) -> pytest.RunResult:
        situations = tuple(Situation(name, play) for name, play in (plays or {}).items())
        monkeypatch.setattr(embedded, "embedded", standing)
        monkeypatch.setattr(Choice, "situations", lambda *_: situations)
        for name, value in settings.items():
            monkeypatch.setenv(f"ONELINK_{name}", value)
        return pytester.runpytest_inprocess(
            "-p", "contracts.plugin", "-p", "no:schemathesis", *options, no_reraise_ctrlc=True
        )

    return run


def _answers(status: int) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        for seen in (200, 401, 404):
            stage.ledger.saw(seen)
        case = Case(f"{stage.situation}#first", Intent.CANCEL, "/cancel", appointment=7)
        body = {"payload": {**EXAMPLE, "id": 7, "account_id": 3}} if status == 200 else {"error": "No", "code": "NO"}
        answer = Answer(status, (("content-type", "application/json"),), b"{}", body)
        headers = (("api_access_token", "$ONELINK_API_TOKEN"),)
        stage.ledger.judge(Exchange(1, case, "http://127.0.0.1/cancel", headers, b"", STARTED, 0.1, answer))

    return play


def _raises(error: Exception) -> Callable[[Stage], None]:
    def play(_: Stage) -> None:
        raise error

    return play


ONE = ("--clause", "answer/status-200")


def test_options_are_told(session: Callable[..., pytest.RunResult]) -> None:
    """Pytest's own help has a group of them."""
    result = session("--help")

    result.stdout.fnmatch_lines(
        ["the cancel contract:", "*--target*URL*", "*--contract-profile*{quick,gate,thorough}*"]
    )


def test_the_header_tells_target_fragment_and_settings(session: Callable[..., pytest.RunResult]) -> None:
    """What runs is told before it runs, secrets as three stars."""
    result = session("--collect-only", BASE_URL="https://staging.test", API_TOKEN=TOKEN, ACCOUNT_ID="7")

    result.stdout.fnmatch_lines(
        [
            f"contract: cancel appointment, fragment {load().digest}, profile gate",
            "target: https://staging.test, account 7",
            "settings: ONELINK_BASE_URL=https://staging.test ONELINK_API_TOKEN=[*][*][*] ONELINK_ACCOUNT_ID=7",
        ]
    )
    assert TOKEN not in result.stdout.str()


def test_wrong_settings_and_options_are_told_at_once(session: Callable[..., pytest.RunResult]) -> None:
    """Every problem of settings, clauses and files stands in one message; exit 4, and nothing was begun."""
    played: list[Stage] = []

    result = session(
        "--clause=repeat/anser", "--deviations=nowhere.yaml", plays={"effect/x": played.append},
        BASE_URL="staging", TOKEN="x", ACCOUNT_ID="seven", MAX_PARALLEL="1",
    )  # fmt: skip

    assert (result.ret, played) == (4, [])
    told = result.stderr.str()
    assert "--clause repeat/anser is no clause: see `python -m contracts clauses`" in told
    assert "ONELINK_TOKEN is no setting: the nearest one is ONELINK_API_TOKEN" in told
    assert "ONELINK_BASE_URL is 'staging', " in told
    assert "ONELINK_ACCOUNT_ID is 'seven', " in told
    assert "ONELINK_MAX_PARALLEL is '1', " in told
    assert "--deviations nowhere.yaml cannot be read: No such file or directory" in told
    assert "Traceback" not in told


def test_a_clause_that_holds_opens_the_gate(session: Callable[..., pytest.RunResult]) -> None:
    """A selection of one clause is partial, and judged."""
    result = session(*ONE, plays={"effect/x": _answers(200)})

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "HELD 1 * UNTESTED 0 * BROKEN 0 * ABORTED 0 * partial: *",
            "exit 0: gate open: every MUST clause held that was put to the test",
        ]
    )


def test_a_clause_that_breaks_closes_it(session: Callable[..., pytest.RunResult]) -> None:
    """The item fails with the paragraph of the clause, and without a traceback."""
    result = session(*ONE, plays={"effect/x": _answers(409)})

    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "answer/status-200 BROKEN: status is 409, not 200",
            "  promise  A cancel by a member who may cancel answers 200",
            "  source   MUST, documented, /paths/*/post/responses/200",
            '  request  curl -sS -i -X POST http://127.0.0.1/cancel -H *ONELINK_API_TOKEN}"',
            '  answer   409 application/json {"error": "No", "code": "NO"}',
            "  again    pytest tests/contract --contract-profile quick --case 'effect/x#first'",
            "exit 1: gate closed (1 MUST clause is broken)",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "def play" not in result.stdout.str()


@pytest.mark.parametrize(
    ("plays", "own", "code"),
    [
        ({"effect/x": _answers(200)}, True, 0),
        ({"effect/x": _answers(200)}, False, 1),
        ({"effect/x": _answers(409)}, True, 1),
        ({"effect/x": _raises(KeyError("x"))}, True, 3),
        ({"effect/x": _raises(KeyError("x"))}, False, 1),
        ({"effect/x": _answers(409), "effect/y": _raises(KeyError("x"))}, True, 1),
        ({"effect/x": _raises(Unreachable("gone"))}, True, 6),
        ({"effect/x": _answers(409), "effect/y": _raises(Unreachable("gone"))}, True, 1),
        ({"effect/x": _raises(KeyError("x")), "effect/y": _raises(Unreachable("gone"))}, True, 3),
    ],
    ids=["held", "own-failed", "broken", "aborted", "aborted-own-failed", "broken-aborted", "lost", "broken-lost",
         "aborted-lost"],
)  # fmt: skip
def test_verdicts_and_other_tests_make_one_exit_status(
    session: Callable[..., pytest.RunResult],
    pytester: pytest.Pytester,
    plays: Plays,
    own: bool,  # noqa: FBT001  a parameter of the table
    code: int,
) -> None:
    """A broken MUST and a failed test of the suite end with 1, a failed suite with 3, a lost target with 6."""
    pytester.makepyfile(test_own=OWN.format(own))

    assert session(*ONE, plays=plays).ret == code


def test_failing_tests_alone_end_as_pytest_ends(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """Where no situation is played there is no ledger, and pytest's own status stands."""
    pytester.makepyfile(test_own=OWN.format(True))
    assert session("test_own.py").ret == 0

    pytester.makepyfile(test_own=OWN.format(False))
    result = session("test_own.py")
    assert result.ret == 1
    assert "gate" not in result.stdout.str()


def test_nothing_collected_is_pytests_own_code(session: Callable[..., pytest.RunResult]) -> None:
    """An empty selection is red by pytest's own code."""
    assert session("-k", "nothing-of-that-name", plays={"effect/x": _answers(200)}).ret == 5


def test_a_whole_run_with_untested_clauses_is_inconclusive(session: Callable[..., pytest.RunResult]) -> None:
    """Without a selection every MUST clause has to be tested."""
    result = session(plays={"effect/x": _answers(200)})

    assert result.ret == 6
    result.stdout.fnmatch_lines(["exit 6: no verdict: the run was inconclusive: * MUST clauses are untested"])


def test_an_interrupted_run_has_no_verdict(session: Callable[..., pytest.RunResult]) -> None:
    """It ends with pytest's own code, and its ledger says the same."""

    def stop(_: Stage) -> None:
        raise KeyboardInterrupt

    result = session(plays={"effect/x": stop})

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["exit 2: no verdict: the run was interrupted"])


def test_a_report_that_cannot_be_written_is_the_suites_failure(
    session: Callable[..., pytest.RunResult], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The job's summary is known to be wrong only at the end: exit 3, with the reason, and no traceback."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))

    result = session(*ONE, plays={"effect/x": _answers(200)})

    assert result.ret == 3
    result.stdout.fnmatch_lines(
        [
            f"harness: report {tmp_path} could not be written: Is a directory",
            "exit 3: no verdict: the suite itself failed",
        ]
    )
    assert "Traceback" not in result.stderr.str()


def test_a_selection_by_name_is_partial(session: Callable[..., pytest.RunResult]) -> None:
    """A run of -k judges what was selected, and says so."""
    result = session("-k", "one", plays={"effect/one": _answers(200), "effect/two": _answers(409)})

    assert result.ret == 0
    result.stdout.fnmatch_lines(["HELD *partial: only what was selected was judged"])


def test_where_no_situation_is_collected_none_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests do not wait until what draws cases is loaded."""
    listed: list[object] = []
    monkeypatch.setattr(Choice, "situations", lambda *asked: listed.append(asked) or ())
    contract = Contract(Choice(Settings(), Profile.QUICK), load())
    other = SimpleNamespace(get_closest_marker=lambda _: None)
    config = SimpleNamespace(stash={plugin.CONTRACT: contract})

    plugin.pytest_collection_finish(cast("pytest.Session", SimpleNamespace(config=config, items=[other])))

    assert listed == []
    assert not contract.partial


def test_a_situation_without_appointments_is_skipped_with_the_reason(
    session: Callable[..., pytest.RunResult],
) -> None:
    """What could not be played says why, and breaks nothing."""
    result = session("-rs", *ONE, plays={"effect/x": _raises(Unprepared("no slot is free"))})

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*no slot is free"])


def test_a_lost_target_is_told_once_and_not_asked_again(session: Callable[..., pytest.RunResult]) -> None:
    """After the target is gone nothing more is played."""
    played: list[Stage] = []
    result = session(*ONE, plays={"effect/x": _raises(Unreachable("it is gone")), "effect/y": played.append})

    assert (result.ret, played) == (6, [])
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["exit 6: no verdict: the run was inconclusive: it is gone*"])


def test_a_seed_that_is_no_number_is_a_wrong_option(session: Callable[..., pytest.RunResult]) -> None:
    """It is told before anything is drawn from it."""
    result = session("-p", "_hypothesis_pytestplugin", "--contract-profile=thorough", "--hypothesis-seed=x7")

    assert result.ret == 4
    assert "--hypothesis-seed x7 is no whole number: copy it from the header of a run" in result.stderr.str()


def test_a_plan_sends_nothing(session: Callable[..., pytest.RunResult]) -> None:
    """--plan tells what would be done."""
    played: list[Stage] = []
    result = session("--plan", plays={"effect/x": played.append})

    assert played == []
    result.stdout.fnmatch_lines(["plan: profile quick, 1 of 1 situations; nothing is sent"])


@pytest.mark.parametrize("options", [(), ("-l", "--tb=long"), ("--tb=native",), ("--tb=line",), ("--tb=short", "-rA")])
def test_a_token_is_in_no_traceback(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester, options: tuple[str, ...]
) -> None:
    """A test of one's own that fails with a token in its locals shows its name."""
    pytester.makepyfile(
        test_own="import os\ndef test_own():\n    token = os.environ['ONELINK_API_TOKEN']\n    assert token == 'x'\n"
    )

    result = session("test_own.py", *options, BASE_URL="https://staging.test", API_TOKEN=TOKEN, ACCOUNT_ID="7")

    assert result.ret == 1
    assert "$ONELINK_API_TOKEN" in result.stdout.str()
    assert TOKEN not in result.stdout.str() + result.stderr.str()


def test_junit_names_the_broken_clause(session: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    """Pytest's own JUnit file holds the clause as a property of the case that broke it."""
    result = session(*ONE, "--junit-xml=junit.xml", plays={"effect/x": _answers(409)})

    assert result.ret == 1
    assert '<property name="broken" value="answer/status-200"' in (pytester.path / "junit.xml").read_text("utf-8")


def test_a_seed_makes_a_thorough_run_repeatable(session: Callable[..., pytest.RunResult]) -> None:
    """Without a seed one is drawn and printed; given, it is used and told as part of the command."""
    drawn = session("--collect-only", "--contract-profile=thorough")
    drawn.stdout.fnmatch_lines(["contract: * profile thorough, seed [0-9]*"])

    given = session(
        *ONE, "-p", "_hypothesis_pytestplugin", "--contract-profile=thorough", "--hypothesis-seed=7",
        plays={"effect/x": _answers(409)},
    )  # fmt: skip
    given.stdout.fnmatch_lines(["contract: * profile thorough, seed 7", "  again *--hypothesis-seed=7 --case *"])


def test_situations_are_played_in_their_order_and_other_tests_keep_their_places(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """What comes first does not depend on the names of files."""
    pytester.makepyfile(
        test_contract=PLAYED.replace('"effect", "repeat"', '"effect"'),
        test_own=OWN.format("True"),
        test_repeat=PLAYED.replace('"effect", "repeat"', '"repeat"'),
    )

    done = session("-v", plays={"repeat/first": _answers(200), "effect/second": _answers(200)})

    played = [line.partition("::")[2].partition(" ")[0] for line in done.outlines if "PASSED" in line]
    assert played == ["test_contract[first]", "test_own", "test_contract[second]"]
