"""What a failed item shows, and what it never shows."""

import pytest

from tests.proof.plugin.conftest import ONE, TOKEN, Sessions, answers


def test_a_clause_that_breaks_closes_it(session: Sessions) -> None:
    """The item fails with the paragraph of the clause, and without a traceback."""
    result = session(*ONE, plays={"effect/x": answers(409)})

    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "answer/status-200 BROKEN: status is 409, not 200",
            "  promise  A cancel by a member who may cancel answers 200",
            "  source   MUST, documented, openapi/cancel-appointment.yaml:*",
            '  request  curl -sS -i -X POST http://127.0.0.1/cancel -H *ONELINK_API_TOKEN}"',
            '  answer   409 application/json {"error": "No", "code": "NO"}',
            "  again    cancel-contract gate --contract-profile quick --case 'effect/x#first'",
            "exit 1: gate closed (1 MUST clause is broken)",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "def play" not in result.stdout.str()


def test_junit_names_the_broken_clause(session: Sessions, pytester: pytest.Pytester) -> None:
    """Pytest's own JUnit file holds the clause as a property of the case that broke it."""
    result = session(*ONE, "--junit-xml=junit.xml", plays={"effect/x": answers(409)})

    assert result.ret == 1
    assert '<property name="broken" value="answer/status-200"' in (pytester.path / "junit.xml").read_text("utf-8")


def test_a_plain_junit_file_has_no_properties(session: Sessions, pytester: pytest.Pytester) -> None:
    """Jenkins' strict xUnit skips files whose cases have properties; the option leaves them out, and nothing else."""
    options = ("--junit-xml=junit.xml", "--contract-plain-junit")

    result = session(*ONE, *options, plays={"effect/x": answers(409)})

    junit = (pytester.path / "junit.xml").read_text("utf-8")
    assert result.ret == 1
    assert "<testcase" in junit
    assert "answer/status-200 BROKEN" in junit
    assert "<propert" not in junit
    result.stdout.fnmatch_lines(["exit 1: gate closed (1 MUST clause is broken)"])


@pytest.mark.parametrize("options", [(), ("-l", "--tb=long"), ("--tb=native",), ("--tb=line",), ("--tb=short", "-rA")])
def test_a_token_is_in_no_traceback(session: Sessions, pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """A test of one's own that fails with a token in its locals shows its name."""
    pytester.makepyfile(
        test_own="import os\ndef test_own():\n    token = os.environ['ONELINK_API_TOKEN']\n    assert token == 'x'\n"
    )

    result = session("test_own.py", *options, BASE_URL="https://staging.test", API_TOKEN=TOKEN, ACCOUNT_ID="7")

    assert result.ret == 1
    assert "$ONELINK_API_TOKEN" in result.stdout.str()
    assert TOKEN not in result.stdout.str() + result.stderr.str()
