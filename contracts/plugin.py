"""pytest's hooks. Lives here: options, header, one item per situation, ledger, exit status. May not know: how a verdict
is come by.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, nullcontext
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from contracts import failures, options, workers
from contracts.clauses import BY_ID, Level
from contracts.errors import Misconfigured
from contracts.fragment import load as load_fragment
from contracts.gate import Exit
from contracts.interruption import terminable
from contracts.items import FIXTURE, put_in_order
from contracts.logs import silence
from contracts.profiles import Profile
from contracts.progress import Progress
from contracts.report import plan, reports
from contracts.report.terminal import breach_lines, header, ledger_lines
from contracts.run import Run
from contracts.session import Contract
from contracts.situations import Situation
from contracts.watch import Watch

CONTRACT: Final = pytest.StashKey[Contract]()
NODES: Final = "contract-nodes"
"""The name under which pytest knows what takes part in the dealing out of items."""

Note: TypeAlias = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options of a contract run."""
    group = parser.getgroup("contract", "the cancel contract")
    group.addoption("--target", metavar="URL", help="the server under test (ONELINK_BASE_URL); default: embedded")
    group.addoption("--contract-profile", choices=[profile.value for profile in Profile], help="how much is asked")
    group.addoption("--clause", action="append", metavar="ID", default=[], help="judge this clause only (repeatable)")
    group.addoption("--case", metavar="KEY", help="play only the situation of a case that was told")
    # pytest has a --strict of its own.
    group.addoption("--contract-strict", action="store_true", help="a broken SHOULD closes the gate, too")
    group.addoption("--plan", action="store_true", help="tell what a run would do, and send nothing")
    group.addoption("--deviations", metavar="FILE", type=Path, help="known deviations of the target")
    for kind in ("json", "html", "har"):
        group.addoption(f"--contract-{kind}", metavar="FILE", type=Path, help=f"write the report as {kind}")


def pytest_configure(config: pytest.Config) -> None:
    """Read settings and options; all that is wrong with them ends the session at once, exit 4."""
    config.addinivalue_line("markers", "contract(family): an item that plays a situation against the target")
    try:
        config.stash[CONTRACT] = _contract(config)
    except Misconfigured as error:
        raise pytest.UsageError("\n".join(error.problems)) from None
    contract = config.stash[CONTRACT]
    contract.tell = partial(_tell, config)
    config.pluginmanager.register(Watch(contract, _progress(config)))
    if config.pluginmanager.hasplugin("xdist"):
        from contracts.nodes import Nodes  # noqa: PLC0415  it needs xdist

        config.pluginmanager.register(Nodes(contract), NODES)
        if contract.choice.plan:
            # A plan plays nothing that workers could share; xdist asks for this later.
            config.option.dist = "no"
    silence(contract.choice.target.redactor)
    stack = ExitStack()
    stack.enter_context(terminable())
    config.add_cleanup(stack.close)


def _tell(config: pytest.Config, line: str) -> None:
    """Write a line where people see it at once: past what pytest captures, on a worker too."""
    capture: Any = config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        sys.stderr.write(f"\n{line}\n")
        sys.stderr.flush()


def _progress(config: pytest.Config) -> Progress | None:
    on_worker = hasattr(config, "workerinput")
    return Progress() if sys.stdout.isatty() and not on_worker and config.getoption("verbose") >= 0 else None


def _contract(config: pytest.Config) -> Contract:
    if travelled := getattr(config, "workerinput", {}).get("contract"):
        return workers.contract(travelled)
    chosen, fragment = options.choice(config.getoption), load_fragment()
    if chosen.case and not chosen.situations(fragment):
        told = f"--case {chosen.case} is no case of profile {chosen.profile}: copy a breach's `again` line"
        raise Misconfigured((told,))
    return Contract(chosen, fragment, partial=bool(chosen.clauses or chosen.case))


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Tell what is about to run."""
    contract = config.stash[CONTRACT]
    choice = contract.choice
    return header(choice.target, contract.fragment, choice.profile.value, choice.seed)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each situation of the family that a test asks for."""
    if FIXTURE in metafunc.fixturenames:
        contract = metafunc.config.stash[CONTRACT]
        marker = metafunc.definition.get_closest_marker("contract")
        families = marker.args if marker else ()
        chosen = [one for one in contract.choice.situations(contract.fragment) if one.family in families]
        metafunc.parametrize(FIXTURE, chosen, ids=[one.name.partition("/")[2] for one in chosen])


# First, because workers have an order of their own.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put situations into the order in which they are played."""
    contract = config.stash[CONTRACT]
    put_in_order(items, contract.choice.situations(contract.fragment))


def pytest_collection_finish(session: pytest.Session) -> None:
    """A run that leaves situations out, by -k or by naming a file, judges in part."""
    contract = session.config.stash[CONTRACT]
    if collected := sum(bool(item.get_closest_marker("contract")) for item in session.items):
        contract.partial |= collected < len(contract.choice.situations(contract.fragment))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Under --plan tell what would be done, instead of doing it."""
    contract = session.config.stash[CONTRACT]
    if not contract.choice.plan:
        return None
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    for line in plan.lines(contract.choice, contract.fragment):
        reporter.write_line(line)
    return True


@pytest.fixture(scope="session")
def contract(request: pytest.FixtureRequest) -> Contract:
    """The contract run of this session."""
    return request.config.stash[CONTRACT]


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Notes requests sent, clauses put to the test or broken among an item's properties, where JUnit shows them."""
    # The fixture record_property warns under the JUnit family that pytest has by default.
    return lambda kind, name: request.node.user_properties.append((kind, name))


def play(contract: Contract, situation: Situation, note: Note) -> None:
    """Play a situation; fails with a paragraph for each clause that it broke."""
    before = contract.run.budget.requests if contract.run else 0
    run = contract.begun()
    harness = len(run.ledger.harness)
    if unset := run.unset(situation):
        pytest.skip(unset)
    _skip_if_lost(run)
    broken = run.play(situation)
    note("requests", str(run.budget.requests - before))
    for name in sorted(run.judged):
        note("clause", name)
    for name in broken:
        note("broken", name)
    problems = run.ledger.harness[harness:]
    if problems or any(_closes(contract, name) for name in broken):
        pytest.fail("\n".join([*_paragraphs(contract, run, broken), *problems]), pytrace=False)
    if situation.name in run.ledger.excuses:
        pytest.skip(run.ledger.excuses[situation.name])
    _skip_if_lost(run)


def _skip_if_lost(run: Run) -> None:
    if run.lost:
        pytest.skip(run.ledger.inconclusive[-1])


def _today() -> date:
    return datetime.now(UTC).date()


def _closes(contract: Contract, name: str) -> bool:
    weighs = BY_ID[name].level is Level.MUST or contract.choice.strict
    entry = contract.choice.deviations.get(name)
    return weighs and (entry is None or entry.untested or entry.until < _today())


def _paragraphs(contract: Contract, run: Run, broken: tuple[str, ...]) -> list[str]:
    rows = [run.ledger.rows[name] for name in broken]
    again = contract.choice.again
    return [line for row in rows if row.breach for line in breach_lines(row, row.breach, again(row.breach.key))]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take secrets out of whatever a report holds, by value."""
    if item.get_closest_marker("contract"):
        vars(item)["repr_failure"] = failures.told
    report = yield
    contract = item.config.stash[CONTRACT]
    if item.get_closest_marker("contract"):
        report.user_properties.append(("contract", item.name))
    failures.clean(report, contract.choice.target.redactor)
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """End the run, and say by the exit status what came of it."""
    contract = session.config.stash.get(CONTRACT, None)
    if contract is None:
        return
    _spare_hypothesis(session.config)
    contract.interrupted = exitstatus == pytest.ExitCode.INTERRUPTED
    contract.finish()
    home: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if home is not None:
        home["contract"] = contract.dump()
        return
    # By now pytest-xdist, whose turn was before, has ended every worker.
    if nodes := session.config.pluginmanager.get_plugin(NODES):
        nodes.take_in_the_rest()
    contract.conclude(_today())
    if contract.ledger is not None:
        session.exitstatus = _status(contract, exitstatus)
        if unwritten := reports.write(contract, session.exitstatus):
            contract.failed(*unwritten)
            session.exitstatus = _status(contract, exitstatus)


def _spare_hypothesis(config: pytest.Config) -> None:
    """Let hypothesis' plugin say nothing where nothing was drawn: it would load hypothesis for that, half a second."""
    plugin = config.pluginmanager.get_plugin("hypothesispytest")
    if plugin is not None and "hypothesis" not in sys.modules:
        config.pluginmanager.unregister(plugin)


def _status(contract: Contract, exitstatus: int) -> int:
    own = contract.code
    if exitstatus == Exit.MISCONFIGURED:
        return exitstatus
    if own is Exit.BROKEN or contract.others_failed:
        return Exit.BROKEN
    if exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        return own
    # Of an interrupted run nothing is known but what broke before.
    return own if own is not Exit.HELD and exitstatus != pytest.ExitCode.INTERRUPTED else exitstatus


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the ledger."""
    contract = config.stash[CONTRACT]
    lines = [*ledger_lines(contract)]
    if lines:
        terminalreporter.section("contract")
        redactor = contract.choice.target.redactor
        failed = "".join(report.longreprtext for report in terminalreporter.getreports("failed"))
        for line in (*_untold(contract, failed), *lines):
            terminalreporter.write_line(redactor.clean_text(line))


def _untold(contract: Contract, failed: str) -> Iterator[str]:
    """What closes the gate and no item failed for: some clauses are judged when the last one is over."""
    for row in contract.rows:
        if row.breach and _closes(contract, row.clause.id) and f"{row.clause.id} BROKEN: " not in failed:
            yield from breach_lines(row, row.breach, contract.choice.again(row.breach.key))
            yield ""
