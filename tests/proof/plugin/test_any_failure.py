"""Whatever fails an item makes the exit status non-zero."""

import tomllib
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.run.context import Context
from tests.proof.plugin.conftest import ONE, PLAYED, Sessions, answers, asked, raises

WRAPPER = """
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_{phase}(item):
    result = yield
    {deed}
    return result
"""
FAILS = "pytest.fail('failed by another plugin', pytrace=False)"
REPORT = """
import pytest

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        report.outcome, report.longrepr = "failed", "failed by another plugin"
    return report
"""
FIXTURE = """
import pytest

@pytest.fixture(autouse=True)
def broken():
    {setup}
    yield
    {teardown}
"""
CRASH = """
def pytest_runtest_logreport(report):
    raise RuntimeError("another plugin's hook")
"""
WARNS = """
def pytest_configure(config):
    import warnings
    warnings.warn_explicit("set a scope", {category}, "{module}.py", 1, "{module}")
"""
FILTERS = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["tool"]["pytest"]["filterwarnings"]


@pytest.mark.parametrize(
    ("plugin", "code"),
    [
        (WRAPPER.format(phase="call", deed=FAILS), 1),
        (WRAPPER.format(phase="call", deed="raise ValueError('x')"), 1),
        (WRAPPER.format(phase="setup", deed=FAILS), 1),
        (WRAPPER.format(phase="teardown", deed=FAILS), 1),
        (REPORT, 1),
        (FIXTURE.format(setup="raise OSError('no')", teardown="pass"), 1),
        (FIXTURE.format(setup="pass", teardown="raise OSError('no')"), 1),
        (CRASH, 3),
    ],
    ids=["call", "call-error", "setup", "teardown", "report", "fixture", "fixture-teardown", "crashed-hook"],
)
def test_an_item_that_another_fails_counts(
    session: Sessions, pytester: pytest.Pytester, plugin: str, code: int
) -> None:
    """The contract held, and the run is red all the same."""
    pytester.makeconftest(plugin)

    assert session(*ONE, plays={"effect/x": answers(200)}).ret == code


@pytest.mark.parametrize(
    ("play", "code"), [(answers(409), 1), (raises(KeyError("x")), 3)], ids=["broken", "suite-failed"]
)
def test_what_the_contract_itself_fails_keeps_its_meaning(
    session: Sessions, play: Callable[[Context], None], code: int
) -> None:
    """An item that stands for a failure of the suite ends with 3, not with 1."""
    assert session(*ONE, plays={"effect/x": play}).ret == code


def test_a_file_that_cannot_be_collected_counts(session: Sessions, pytester: pytest.Pytester) -> None:
    """A file that cannot be collected makes the exit status non-zero, even if the run continues without it."""
    pytester.makepyfile(test_own="raise RuntimeError('x')")

    done = session(*ONE, "--continue-on-collection-errors", plays={"effect/x": answers(200)})

    assert done.ret == 1
    done.stdout.fnmatch_lines(["exit 1 all the same: an item failed that no clause failed"])


@pytest.mark.parametrize("category", ["UserWarning", "DeprecationWarning", "ResourceWarning"])
@pytest.mark.parametrize(
    ("module", "code"), [("pytest_asyncio.plugin", 0), ("cancel_contract.guard.sender", 3), ("tests.x", 3)]
)
def test_only_warnings_of_our_own_are_errors(
    session: Sessions, pytester: pytest.Pytester, category: str, module: str, code: int
) -> None:
    """Another plugin's warning, at whatever time, ends no run."""
    pytester.makeconftest(WARNS.format(category=category, module=module))
    pytester.makepyprojecttoml(f"[tool.pytest]\nfilterwarnings = {FILTERS}")

    with warnings.catch_warnings(record=True):
        warnings.resetwarnings()
        assert session(*ONE, plays={"effect/x": answers(200)}).ret == code


def _deviating(folder: Path, clause: str, until: date) -> tuple[str, ...]:
    path = folder / "deviations.yaml"
    entry = {"clause": clause, "reason": "ticket 7", "owner": "Ann", "until": str(until)}
    path.write_text("deviations:\n  - " + "\n    ".join(f"{name}: {text}" for name, text in entry.items()))
    return ("--deviations", str(path), "--junit-xml", str(folder / "junit.xml"))


def _failed(folder: Path) -> list[str]:
    """The names of the failed cases in JUnit's report."""
    cases = ET.parse(folder / "junit.xml").getroot().iter("testcase")  # noqa: S314  pytest wrote it just now
    return [case.get("name", "") for case in cases if case.find("failure") is not None]


TODAY = date.today()  # noqa: DTZ011  a year ago and a year hence are the same in every zone
PAST, FUTURE = TODAY - timedelta(days=365), TODAY + timedelta(days=365)


def _breaks_a_should(context: Context) -> None:
    """An id that is not there, answered 410: `input/not-found` wishes for 404."""
    answers(200)(context)
    context.judge(asked(context, 410, intent="unknown id"))


def test_an_expired_deviation_of_a_should_fails_its_item(session: Sessions, tmp_path: Path) -> None:
    """Exit status, failed items, JUnit and the evidence agree."""
    options = _deviating(tmp_path, "input/not-found", PAST)

    done = session("--clause", "input/not-found", *options, plays={"effect/x": _breaks_a_should})

    assert done.ret == 1
    done.assert_outcomes(failed=1)
    assert _failed(tmp_path) == ["test_contract[effect/x]"]
    done.stdout.fnmatch_lines(["*input/not-found BROKEN (SHOULD): status is 410, not 404*"])


def test_a_known_deviation_of_a_should_fails_none(session: Sessions, tmp_path: Path) -> None:
    """A known deviation of a SHOULD is shown, and fails nothing."""
    options = _deviating(tmp_path, "input/not-found", FUTURE)

    done = session("--clause", "input/not-found", *options, plays={"effect/x": _breaks_a_should})

    assert (done.ret, _failed(tmp_path)) == (0, [])


def test_a_deviation_that_is_gone_is_a_failed_item(session: Sessions, tmp_path: Path) -> None:
    """A clause that holds again fails an item of its own, since that is known only after the last item."""
    options = _deviating(tmp_path, "answer/status-200", FUTURE)

    done = session(*ONE, *options, plays={"effect/x": answers(200)})

    assert done.ret == 1
    done.assert_outcomes(passed=1, failed=1)
    assert _failed(tmp_path) == ["verdict[answer/status-200]"]
    done.stdout.fnmatch_lines(["answer/status-200 HELD: holds: take the entry out (ticket 7; Ann)"])


def _breaks_at_the_end(context: Context) -> None:
    """Five cancels without an answer: what comes of them is judged when the run ends."""
    answers(200)(context)

    def clean() -> tuple[int, ...]:
        late = asked(context, 200, payload={"id": 7, "status": "scheduled"})
        context.judge(Episode(Kind.LATE, ((Role.AFTER, late),)))
        return ()

    context.supply.clean = clean  # type: ignore[method-assign]  # judges, as the last look does


def test_a_clause_that_breaks_at_the_end_is_a_failed_item(session: Sessions, tmp_path: Path) -> None:
    """The terminal shows its evidence once, and JUnit counts it."""
    report = ("--junit-xml", str(tmp_path / "junit.xml"))

    done = session("--clause", "effect/lasting", *report, plays={"effect/x": _breaks_at_the_end})

    assert done.ret == 1
    done.assert_outcomes(passed=1, failed=1)
    assert _failed(tmp_path) == ["verdict[effect/lasting]"]
    assert sum(line.startswith("effect/lasting BROKEN: ") for line in done.outlines) == 1


def test_an_item_that_is_skipped_by_another_opens_nothing(session: Sessions, pytester: pytest.Pytester) -> None:
    """An item that another plugin skips counts as not tested, so that the gate stays closed."""
    pytester.makeconftest(WRAPPER.format(phase="setup", deed="pytest.skip('not today')"))

    assert session(*ONE, plays={"effect/x": answers(200)}).ret == 6


def test_a_play_that_another_interrupts_counts(session: Sessions, pytester: pytest.Pytester) -> None:
    """A plugin that limits the time of an item fails it from within."""
    pytester.makepyfile(test_contract=PLAYED)

    def late(_: Context) -> None:
        pytest.fail("Timeout (>1.0s)", pytrace=False)

    done = session(*ONE, plays={"effect/x": answers(200), "effect/y": late})

    assert done.ret == 1
    done.stdout.fnmatch_lines(["*Timeout (>1.0s)*"])
