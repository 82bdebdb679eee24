"""Two runs, compared."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cancel_contract.report.model import Promise, RunReport, Server
from cancel_contract.report.model import Word as ReportWord
from cancel_contract.tools.cli import app
from cancel_contract.tools.compare.comparison import Comparison, compared
from cancel_contract.tools.compare.markdown import markdown
from cancel_contract.tools.compare.reports import Clause, Report, Word
from cancel_contract.tools.compare.reports import Server as ReadServer

Made = Callable[..., Report]
Write = Callable[[str, object], Path]


def _clause(verdict: str, level: str = "MUST", **more: object) -> dict[str, Any]:
    breach = {"message": "status is 201, not 200", "curl": "not read"} if verdict == "BROKEN" else None
    return {"level": level, "verdict": verdict, "breach": breach, "source": "not read", **more}


def _report(clauses: dict[str, dict[str, Any]], **more: Any) -> dict[str, Any]:  # noqa: ANN401  parts of a report
    timings = {"count": 100, "p50": 0.01, "p95": more.pop("p95", 0.1)}
    return {
        "schema_version": 2,
        "versions": {"suite": "0.1.0", "python": "3.11"},
        "fragment": {"file": "x.yaml", "digest": "0123456789ab", "title": "x"},
        "target": {"url": "https://staging.test", "account": 3, "embedded": False, "version": "v1"},
        "profile": "gate",
        "started": "2026-11-02T09:00:00Z",
        "conclusion": {"exit": 0, "meaning": "gate open", "partial": False},
        "clauses": [{"id": name, **clause} for name, clause in clauses.items()],
        "observed_schema": {"unnamed": more.pop("unnamed", {})},
        "timings": timings,
        **more,
    }


def _compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    return compared(Report.model_validate(old), Report.model_validate(new))


def _names(changes: Any) -> list[str]:  # noqa: ANN401  a tuple of changes
    return [change.clause for change in changes]


def test_each_change_of_a_verdict_has_its_place() -> None:
    """Broken, repaired and untested are told apart; what stays as it was is not told."""
    before = {
        "a/broken": _clause("HELD"),
        "a/aborted": _clause("HELD"),
        "a/still-broken": _clause("BROKEN"),
        "a/repaired": _clause("BROKEN"),
        "a/not-applicable": _clause("BROKEN"),
        "a/untested": _clause("HELD"),
        "a/no-repair": _clause("BROKEN"),
        "a/still-untested": _clause("UNTESTED"),
        "a/tested": _clause("UNTESTED"),
        "a/gone": _clause("HELD"),
    }
    after = {
        "a/broken": _clause("BROKEN"),
        "a/aborted": _clause("ABORTED", failures=("answer.py:141, KeyError",)),
        "a/still-broken": _clause("BROKEN"),
        "a/repaired": _clause("HELD"),
        "a/not-applicable": _clause("NOT APPLICABLE"),
        "a/untested": _clause("UNTESTED", reason="ONELINK_X is not set"),
        "a/no-repair": _clause("UNTESTED"),
        "a/still-untested": _clause("UNTESTED"),
        "a/tested": _clause("HELD"),
        "a/new": _clause("BROKEN", "SHOULD"),
        "a/new-untested": _clause("UNTESTED"),
    }

    found = _compared(_report(before), _report(after))

    assert _names(found.broken) == ["a/broken", "a/aborted", "a/new"]
    assert _names(found.repaired) == ["a/repaired", "a/not-applicable"]
    assert _names(found.untested) == ["a/untested", "a/no-repair"]
    assert found.gone == ("a/gone",)
    assert [change.fact for change in (*found.broken[:2], found.untested[0])] == [
        "status is 201, not 200",
        "answer.py:141, KeyError",
        "ONELINK_X is not set",
    ]


@pytest.mark.parametrize(
    ("before", "after", "is_worse"),
    [
        (_clause("HELD"), _clause("BROKEN"), True),
        (_clause("HELD", "SHOULD"), _clause("BROKEN", "SHOULD"), False),
        (_clause("HELD"), _clause("UNTESTED"), True),
        (_clause("BROKEN"), _clause("BROKEN"), False),
        (_clause("BROKEN"), _clause("HELD"), False),
    ],
)
def test_only_a_must_clause_makes_it_worse(before: dict[str, Any], after: dict[str, Any], *, is_worse: bool) -> None:
    """What was broken before is no news, and a SHOULD closes no gate."""
    assert _compared(_report({"a/b": before}), _report({"a/b": after})).is_worse is is_worse


@pytest.mark.parametrize(
    ("before", "now", "count", "is_slower"),
    [
        (0.1, 0.2, 100, True),
        (0.1, 0.12, 100, False),  # less than a quarter more
        (0.01, 0.02, 100, False),  # less than 50 ms more
        (0.2, 0.1, 100, False),
        (0.1, 0.2, 19, False),  # too few answers
        (None, 0.2, 100, False),
    ],
)
def test_slower_is_more_than_chance(before: float | None, now: float, count: int, *, is_slower: bool) -> None:
    """A p95 counts where enough was answered, and where it is a quarter and 50 ms more."""
    timed = {"timings": {"count": count, "p95": now}}

    assert _compared(_report({}, p95=before), _report({}, **timed)).is_slower is is_slower


def test_a_selection_lacks_no_clause() -> None:
    """A run of a part says nothing of the rest."""
    partial = {"exit": 0, "meaning": "gate open", "partial": True}

    found = _compared(_report({"a/b": _clause("HELD")}), _report({}, conclusion=partial))

    assert (found.gone, found.is_worse) == ((), False)
    assert found.differences == ("what was judged: the whole contract, now a selection",)


def test_the_page_says_what_changed_and_under_which_conditions() -> None:
    """Markdown for a job's summary: the news first; texts of the target are no Markup."""
    old = _report({"a/b": _clause("HELD"), "a/c": _clause("BROKEN")}, unnamed={"source": 3}, p95=0.1)
    new = _report(
        {"a/b": _clause("BROKEN", breach={"message": "status is `201` <b>"}), "a/c": _clause("HELD")},
        unnamed={"source": 3, "owner_id": 1},
        p95=0.4,
        profile="quick",
        target={"url": "https://staging.test", "account": 3, "version": "v2"},
    )

    assert (
        markdown(_compared(old, new))
        == """## Cancel contract, compared: 1 newly broken, 1 repaired

- before: 2026-11-02 09:00 UTC, version v1: gate open
- now: 2026-11-02 09:00 UTC, version v2: gate open
- not the same profile: gate, now quick

| ❌ newly broken | level | before | now |
|---|---|---|---|
| `a/b` | MUST | HELD | status is \\`201\\` \\<b\\> |

| ✅ repaired | level | before | now |
|---|---|---|---|
| `a/c` | MUST | BROKEN | HELD |

New fields, which the fragment does not name: owner\\_id.

🐢 Slower at p95: 100 ms, now 400 ms.
"""
    )


def test_all_that_is_read_is_written() -> None:
    """Each field that a comparison reads is one of a report."""
    assert {*Report.model_fields} <= {*RunReport.model_fields}
    assert {*Clause.model_fields} <= {*Promise.model_fields}
    assert {*ReadServer.model_fields} <= {*Server.model_fields}
    assert Word == ReportWord


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a report, or something else, into a file."""

    def to_file(name: str, value: object) -> Path:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
        return path

    return to_file


def _run(*words: object) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, words)])


def test_the_command_prints_and_says_by_its_code_whether_it_is_worse(write: Write) -> None:
    """0 where nothing is worse, 1 where something is; `--json` for programs."""
    held, broken = (
        write("held", _report({"a/b": _clause("HELD")})),
        write("broken", _report({"a/b": _clause("BROKEN")})),
    )

    same, worse, data = _run(held, held), _run(held, broken), _run(held, broken, "--json")

    assert (same.exit_code, worse.exit_code, data.exit_code) == (0, 1, 1)
    assert same.output.startswith("## Cancel contract, compared: every clause has the verdict that it had\n")
    assert worse.output.startswith("## Cancel contract, compared: 1 newly broken\n")
    assert [change["clause"] for change in json.loads(data.output)["broken"]] == ["a/b"]


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        ("nonsense", "is not JSON (Expecting value: line 1 column 1 (char 0)): name a report.json"),
        ("[]", "is no report of a run (the whole: Input should be a valid dictionary"),
        (
            {"schema_version": 2},
            "is no report of a run (versions: Field required): name a file that --contract-json has written",
        ),
        ({**_report({}), "profile": None}, "is no report of a run (profile: Input should be a valid string)"),
    ],
)
def test_what_is_no_report_is_wrong_input(content: object, fact: str, write: Write) -> None:
    """One line names the file, what is wrong with it, and what to name instead."""
    good, wrong = write("good.json", _report({})), write("wrong.json", content)

    for words in ((good, wrong), (wrong, good)):
        done = _run(*words)
        assert done.exit_code == 4
        assert done.output.startswith(f"{wrong} {fact}")
        assert done.output.count("\n") == 1


def test_a_report_that_is_not_there_is_wrong_input(tmp_path: Path) -> None:
    """It is named with the machine's reason."""
    done = _run(tmp_path / "a", tmp_path / "b")

    assert (done.exit_code, done.output) == (
        4,
        f"{tmp_path}/a cannot be read: No such file or directory; name a report.json\n",
    )
