"""pytest's hooks: options, header, one item per scenario, ledger and exit status."""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.ledger.exit_code import Exit
from cancel_contract.plugin import breach_summary, failures, options
from cancel_contract.plugin.begin import (
    CONTRACT,
    LISTENER,
    NODES,
    REDACTOR,
    WANTED,
    WRONG,
    begun,
    has_workers,
    header_lines,
)
from cancel_contract.plugin.end import Ending
from cancel_contract.plugin.items import FIXTURE, ahead, leave_out_unplayed, put_in_order, put_in_turn
from cancel_contract.plugin.log_redaction import silence
from cancel_contract.plugin.play import Note, noting
from cancel_contract.plugin.signals import terminable
from cancel_contract.redaction.secrets import Redactor
from cancel_contract.report import plan
from cancel_contract.report.terminal import ledger_lines
from cancel_contract.run.lanes import MOST
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Contract
from cancel_contract.target.loading import tokens

# What plays items whose cases are drawn.
pytest_plugins = ("cancel_contract.plugin.drawn_items",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options of a contract run."""
    group = parser.getgroup("contract", "the cancel contract")
    group.addoption("--target", metavar="URL", help="the server under test (ONELINK_BASE_URL); default: embedded")
    group.addoption("--contract-profile", choices=[profile.value for profile in Profile], help="how much is asked")
    group.addoption(
        "--clause", action="append", metavar="ID", default=[], help="play and judge this clause only (repeatable)"
    )
    group.addoption("--case", metavar="KEY", help="play only this reported case")
    # pytest has a --strict of its own.
    group.addoption("--contract-strict", action="store_true", help="a broken SHOULD closes the gate, too")
    lanes = "scenarios played side by side; default: 1, and more on a slow target"
    group.addoption("--contract-lanes", type=int, choices=range(1, MOST + 1), help=lanes)
    group.addoption("--plan", action="store_true", help="print what a run would do, and send nothing")
    group.addoption("--deviations", metavar="FILE", type=Path, help="known deviations of the target")
    for kind in ("json", "html", "har"):
        group.addoption(f"--contract-{kind}", metavar="FILE", type=Path, help=f"write the report as {kind}")
    group.addoption("--contract-plain-junit", action="store_true", help="leave properties of cases out of --junit-xml")


def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run a plan without workers, since it plays nothing."""
    if config.getoption("--plan"):
        # pytest-xdist reads this before this plugin is configured.
        config.option.dist = "no"


# Last, so that what ends the run has its turn before pytest writes its reports.
@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """If an option asks for the contract, read settings and options at once."""
    config.addinivalue_line("markers", "contract(family): an item that plays a scenario against the target")
    config.pluginmanager.register(Ending())
    stack = ExitStack()
    stack.enter_context(terminable(once=hasattr(config, "workerinput")))
    config.add_cleanup(stack.close)
    config.stash[REDACTOR] = Redactor(tokens())
    silence(config.stash[REDACTOR])
    if has_workers(config):
        from cancel_contract.plugin.xdist_hooks import XdistHooks  # noqa: PLC0415  it needs xdist

        config.pluginmanager.register(XdistHooks(config), NODES)
    if options.asked(config.getoption):
        begun(config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is about to run, if it is known before anything is collected."""
    return header_lines(config)


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say what is about to run, if only collecting has shown it."""
    return header_lines(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each scenario of the family that a test asks for."""
    if WANTED.isdisjoint(metafunc.fixturenames):
        return
    try:
        contract = begun(metafunc.config)
    except pytest.UsageError:
        # Here it would be an error of one file; it is reported when everything is collected.
        return
    if FIXTURE in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("contract")
        families = marker.args if marker else ()
        chosen = [one for one in contract.choice.scenarios(contract.fragment) if one.family in families]
        metafunc.parametrize(FIXTURE, chosen, ids=[one.name for one in chosen])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put scenarios into the order in which they are played, or assigned to workers."""
    if (wrong := config.stash.get(WRONG, None)) is not None:
        raise wrong
    if (contract := config.stash.get(CONTRACT, None)) is not None:
        put = put_in_turn if hasattr(config, "workerinput") else put_in_order
        every = contract.choice.scenarios(contract.fragment)
        leave_out_unplayed(items, every)
        put(items, every)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note that a run with a selection judges in part, and check that a whole one fits its budgets."""
    contract = session.config.stash.get(CONTRACT, None)
    collected = sum(bool(item.get_closest_marker("contract")) for item in session.items)
    if contract is not None and collected:
        contract.collected = not session.config.option.collectonly
        contract.ahead = ahead(session.items, contract.choice.scenarios(contract.fragment))
        problems = contract.excesses(collected)
        # The controller of workers expects all of them.
        if problems and contract.collected and not hasattr(session.config, "workerinput"):
            raise pytest.UsageError("\n".join(problems))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Under --plan print what would be done, instead of doing it."""
    contract = session.config.stash.get(CONTRACT, None)
    if contract is None or not contract.choice.plan:
        return None
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    each = session.config.getoption("verbose") > 0
    for line in plan.lines(contract.choice, contract.fragment, partial=contract.partial, each=each):
        reporter.write_line(line)
    return True


@pytest.fixture(scope="session")
def contract(request: pytest.FixtureRequest) -> Contract:
    """The contract run of this session."""
    return begun(request.config)


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Record requests sent and clauses exercised or broken as properties of the item, which JUnit shows."""
    return noting(request.node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mask secrets in whatever a report contains, by value."""
    if item.get_closest_marker("contract"):
        vars(item)["repr_failure"] = failures.text_of
    report = yield
    if item.get_closest_marker("contract"):
        report.user_properties.append(("contract", item.name))
    contract = item.config.stash.get(CONTRACT, None)
    failures.clean(report, contract.choice.target.redactor if contract else item.config.stash[REDACTOR])
    return report


# First, so that it is around what pytest itself prints of failures.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> Generator[None]:
    """Print causes and ledger behind other failures; after a wrong option there are none, and its code stands."""
    contract = config.stash.get(CONTRACT, None)
    listener = config.pluginmanager.get_plugin(LISTENER)
    if contract is None or listener is None or exitstatus == pytest.ExitCode.USAGE_ERROR:
        return (yield)
    with breach_summary.items_left_out(contract, listener, terminalreporter):
        yield
    if ledger := [*ledger_lines(contract)]:
        failed = [one.nodeid for one in terminalreporter.stats.get("failed", ())]
        if contract.code is Exit.BROKEN and not contract.others_failed:
            ledger[-1:-1] = breach_summary.count_lines(failed)
        terminalreporter.section("contract")
        # --tb=no asks for no failure in detail.
        causes = [] if config.getoption("tbstyle") == "no" else [*breach_summary.lines(contract, listener)]
        for line in (*causes, *ledger):
            terminalreporter.write_line(contract.choice.target.redactor.clean_text(line))
    return None
