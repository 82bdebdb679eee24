"""Options and settings: how they are shown before a run, and what is said of wrong ones."""

from typing import TYPE_CHECKING

import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.fragment.document import load
from tests.proof.plugin.conftest import ONE, OWN, PLAYED, TOKEN, Sessions, answers

if TYPE_CHECKING:
    from cancel_contract.run.context import Context


def test_options_are_told(session: Sessions) -> None:
    """The help of pytest has a group with the contract's options."""
    result = session("--help")

    result.stdout.fnmatch_lines(
        ["the cancel contract:", "*--target*URL*", "*--contract-profile*{quick,gate,thorough}*"]
    )


def test_the_header_tells_target_fragment_and_settings(session: Sessions) -> None:
    """What runs is reported before it runs, secrets as three stars."""
    result = session("--collect-only", BASE_URL="https://staging.test", API_TOKEN=TOKEN, ACCOUNT_ID="7")

    result.stdout.fnmatch_lines(
        [
            f"contract: cancel appointment, fragment {load().digest}, profile gate",
            "target: https://staging.test, account 7",
            "settings: ONELINK_BASE_URL=https://staging.test ONELINK_API_TOKEN=[*][*][*] ONELINK_ACCOUNT_ID=7",
        ]
    )
    assert TOKEN not in result.stdout.str()


def test_wrong_settings_and_options_are_told_at_once(session: Sessions) -> None:
    """Every problem of settings, clauses and files stands in one message; exit 4, and nothing was begun."""
    played: list[Context] = []

    result = session(
        "--clause=repeat/anser", "--deviations=nowhere.yaml", plays={"effect/x": played.append},
        BASE_URL="staging", TOKEN="x", ACCOUNT_ID="seven", MAX_PARALLEL="1",
    )  # fmt: skip

    assert (result.ret, played) == (4, [])
    told = result.stderr.str()
    assert "--clause repeat/anser is no clause: see `cancel-contract clauses`" in told
    assert "ONELINK_TOKEN is no setting: the nearest one is ONELINK_API_TOKEN" in told
    assert "ONELINK_BASE_URL is 'staging', " in told
    assert "ONELINK_ACCOUNT_ID is 'seven', " in told
    assert "ONELINK_MAX_PARALLEL is '1', " in told
    assert "--deviations nowhere.yaml cannot be read: No such file or directory" in told
    assert "Traceback" not in told


def test_a_seed_that_is_no_number_is_a_wrong_option(session: Sessions) -> None:
    """A seed that is not a number is reported before anything is drawn from it."""
    result = session("-p", "_hypothesis_pytestplugin", "--contract-profile=thorough", "--hypothesis-seed=x7")

    assert result.ret == 4
    assert "--hypothesis-seed x7 is no whole number: copy it from the header of a run" in result.stderr.str()


def test_a_seed_makes_a_thorough_run_repeatable(session: Sessions) -> None:
    """Without a seed one is drawn and printed; given, it is used and told as part of the command."""
    drawn = session("--collect-only", "--contract-profile=thorough")
    drawn.stdout.fnmatch_lines(["contract: * profile thorough, seed [0-9]*"])

    given = session(
        *ONE, "-p", "_hypothesis_pytestplugin", "--contract-profile=thorough", "--hypothesis-seed=7",
        plays={"effect/x": answers(409)},
    )  # fmt: skip
    given.stdout.fnmatch_lines(["contract: * profile thorough, seed 7", "  again *--hypothesis-seed=7 --case *"])


def test_a_plan_sends_nothing(session: Sessions) -> None:
    """--plan prints what would be done, and sends nothing."""
    played: list[Context] = []
    result = session("--plan", plays={"effect/x": played.append})

    assert played == []
    result.stdout.fnmatch_lines(["plan: profile quick, 1 of 1 scenarios; nothing is sent"])


def test_settings_are_read_only_where_the_contract_is_meant(session: Sessions, pytester: pytest.Pytester) -> None:
    """A session that collects nothing of the contract neither knows nor minds what the machine has set."""
    pytester.makepyfile(test_own=OWN.format(True))
    pytester.mkdir(".env")

    own = session("test_own.py", TOKEN="x")

    assert own.ret == 0
    assert "target:" not in own.stdout.str()


@pytest.mark.parametrize("asked", [(), ("test_own.py", "--contract-strict")], ids=["collected", "option"])
def test_wrong_settings_end_a_run_that_is_meant_to_play(
    session: Sessions, pytester: pytest.Pytester, asked: tuple[str, ...]
) -> None:
    """Whether the contract is among what was collected or asked for by an option: exit 4, and no test has run."""
    pytester.makepyfile(test_own=OWN.format(True))

    played: list[Context] = []

    result = session(*asked, plays={"effect/x": played.append}, TOKEN="x", ACCOUNT_ID="seven")

    assert (result.ret, played) == (4, [])
    assert "passed" not in result.stdout.str()
    told = result.stderr.str()
    assert ("ONELINK_TOKEN is no setting" in told, "ONELINK_ACCOUNT_ID is 'seven', " in told) == (True, True)
    assert "Traceback" not in told


def test_settings_that_are_wrong_are_read_once(
    session: Sessions, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many files play the contract: a named pipe would be waited for once more for each."""
    read: list[object] = []

    def lines(*asked: object) -> tuple[()]:
        read.append(asked)
        raise Misconfigured((".env is not what it should be",))

    monkeypatch.setattr("cancel_contract.target.env_file.lines", lines)
    pytester.makepyfile(test_more=PLAYED, test_most=PLAYED)

    result = session()

    assert (result.ret, len(read)) == (4, 1)
    assert result.stderr.str().count(".env is not what it should be") == 1


def test_a_wrong_option_of_pytest_has_no_other_verdict(session: Sessions) -> None:
    """It is found when the items are there: exit 4, and no line that speaks of another code."""
    result = session("-k", "a b(", plays={"effect/x": answers(200)})

    assert result.ret == 4
    assert "exit" not in result.stdout.str()
