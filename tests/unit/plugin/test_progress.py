"""What a terminal shows during a run."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.plugin.progress import Progress
from cancel_contract.plugin.report_listener import ReportListener
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from tests.unit.run.conftest import BASE_URL

Shown = Callable[[], str]
CLAUSES = len(CATALOGUE)


@pytest.fixture
def contract() -> Contract:
    """Return a session that has not begun."""
    return Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load())


@pytest.fixture
def written() -> io.StringIO:
    """Return what a terminal is sent."""
    return io.StringIO()


@pytest.fixture
def progress(written: io.StringIO) -> Progress:
    """Return the progress of a run whose clock moves by a second at each look."""
    console = Console(file=written, force_terminal=True, width=150, color_system=None)
    times = iter(range(0, 10_000, 1))
    made = Progress(console, lambda: float(next(times)))
    made.is_shown = True
    return made


def _last(written: io.StringIO) -> str:
    return written.getvalue().rpartition("\r")[2]


def test_what_is_done_and_left_is_shown(contract: Contract, progress: Progress, written: io.StringIO) -> None:
    """Scenarios, clauses, requests of the budget and the time left stand in one line, whoever has played them."""
    progress.played(contract, [("requests", "14"), ("clause", "answer/given"), ("clause", "repeat/many")])
    assert f" 1 of 45 scenarios · 2 of {CLAUSES} clauses · 14 of 600 requests " in _last(written)

    progress.played(contract, [("contract", "x"), ("requests", "3"), ("clause", "answer/given"), ("broken", "x/y")])
    assert f" 2 of 45 scenarios · 2 of {CLAUSES} clauses · 17 of 600 requests " in _last(written)

    progress.played(contract, [], failed=True)
    assert f" 3 of 45 scenarios · 1 failed · 2 of {CLAUSES} clauses · 17 of 600 requests " in _last(written)
    assert _last(written).rstrip().rpartition(" · ")[2].startswith("17 of 600 requests 0:0")


def test_of_a_selection_its_clauses_are_counted(progress: Progress, written: io.StringIO) -> None:
    """Where some clauses are judged alone, they are the whole."""
    choice = Choice(seeded_settings(BASE_URL), Profile.GATE, clauses=("answer/given", "repeat/many"))

    progress.played(Contract(choice, load()), [("clause", "answer/given")])

    assert " · 1 of 2 clauses · " in _last(written)


def _report(outcome: str = "passed", when: str = "call", name: str = "contract") -> Any:  # noqa: ANN401 - as pytest has it
    return SimpleNamespace(
        nodeid="", outcome=outcome, failed=outcome == "failed", when=when, user_properties=[(name, "x")]
    )


def _session(*markers: object) -> Any:  # noqa: ANN401 - likewise
    reporter = SimpleNamespace(showfspath=True)
    config = SimpleNamespace(pluginmanager=SimpleNamespace(get_plugin=lambda _: reporter))
    items = [SimpleNamespace(get_closest_marker=lambda _, marker=marker: marker) for marker in markers]
    return SimpleNamespace(config=config, items=items, reporter=reporter)


@pytest.mark.parametrize(("others", "shown"), [((), True), ((None,), False)], ids=["alone", "among-others"])
def test_the_bar_stands_for_dots_where_only_the_contract_is_played(
    contract: Contract, progress: Progress, others: tuple[None, ...], shown: object
) -> None:
    """Beside other tests, whose dots pytest writes, there is no line for it."""
    progress.is_shown = False
    session, listener = _session("contract", *others), ReportListener(contract, progress)

    listener.pytest_collection_finish(session)

    assert (progress.is_shown, session.reporter.showfspath) == (shown, not shown)
    assert (listener.pytest_report_teststatus(_report("failed")) == ("failed", "", "")) is shown


def test_of_what_the_bar_does_not_show_pytest_writes_its_letter(contract: Contract, progress: Progress) -> None:
    """A phase other than the call, another test, and all where there is no terminal."""
    listener = ReportListener(contract, progress)

    assert listener.pytest_report_teststatus(_report(when="setup")) is None
    assert listener.pytest_report_teststatus(_report(name="other")) is None
    assert ReportListener(contract, None).pytest_report_teststatus(_report()) is None


def test_the_bar_is_taken_away(contract: Contract, progress: Progress, written: io.StringIO) -> None:
    """When the run ends, or an item fails otherwise, of which pytest writes more; the cursor is shown again."""
    listener = ReportListener(contract, progress)
    listener.pytest_runtest_logreport(_report())
    before = written.getvalue()

    listener.pytest_runtest_logreport(_report("failed", when="teardown"))

    assert not progress.is_shown
    assert (before.count("\x1b[?25h"), written.getvalue().count("\x1b[?25h")) == (0, 1)


def test_without_a_scenario_played_nothing_is_written(progress: Progress, written: io.StringIO) -> None:
    """As where the first item is another plugin's failure."""
    progress.stop()

    assert written.getvalue() == ""
