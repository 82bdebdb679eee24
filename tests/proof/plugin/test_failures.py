"""What a failed item shows, and what it never shows."""

import pytest

from cancel_contract.run.context import Context
from tests.proof.plugin.conftest import EXAMPLE, ONE, TOKEN, Sessions, answers, asked

LATE = """
import pytest

@pytest.fixture(autouse=True)
def late(request):
    yield
    assert "own" in request.node.nodeid, "late complaint"
"""


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


def _odd_duration(context: Context) -> None:
    answers(200)(context)
    context.judge(asked(context, 200, payload={**EXAMPLE, "duration_min": 7}))


def test_several_items_that_fail_by_one_cause_are_told_once(session: Sessions) -> None:
    """The paragraph names the others; pytest's own list would repeat it for each, and its count keeps them all."""
    result = session(*ONE, "-rA", plays={name: answers(409) for name in ("effect/x", "effect/y", "repeat/z")})

    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "answer/status-200 BROKEN: *",
            "  also in  the scenarios effect/y, repeat/z",
            "tests: the 3 that pytest counts as failed are scenarios that met a broken clause",
            "exit 1: gate closed *",
            "*= 3 failed in *",
        ]
    )
    assert result.stdout.str().count("  request  ") == 1
    assert not [line for line in result.outlines if "FAILED" in line or "FAILURES" in line]


def test_what_else_fails_is_shown_by_pytest(session: Sessions, pytester: pytest.Pytester) -> None:
    """A test of one's own, or another plugin's complaint at the end of an item, stands where it always does."""
    pytester.makepyfile(test_own="def test_own():\n    assert 1 == 2\n")
    pytester.makeconftest(LATE)

    result = session("test_own.py", "test_contract.py", *ONE, plays={"effect/x": answers(409)})

    result.assert_outcomes(failed=2, errors=1)
    result.stdout.fnmatch_lines(["*_ test_own _*", "*assert 1 == 2", "FAILED test_own.py::test_own*", "*= contract =*"])
    result.stdout.fnmatch_lines(["*ERROR at teardown*", "*late complaint*", "ERROR test_contract.py*"])
    result.stdout.no_fnmatch_line("FAILED test_contract.py*")


def test_a_broken_should_shows_request_and_answer(session: Sessions) -> None:
    """The gate is open, and no item fails; how to see it is told all the same."""
    result = session("--clause", "answer/duration", plays={"effect/x": _odd_duration})

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["answer/duration BROKEN (SHOULD): *7*", "  request  curl *", "  answer   200 *", "  again    *", "exit 0: *"]
    )


def test_who_asks_for_no_detail_gets_none(session: Sessions) -> None:
    """--tb=no leaves the ledger."""
    result = session(*ONE, "--tb=no", plays={"effect/x": answers(409)})

    result.stdout.no_fnmatch_line("  request  *")
    result.stdout.fnmatch_lines(["BROKEN    answer/status-200 *", "exit 1: *"])


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
    assert result.stdout.str().count("  request  ") == 1
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
