"""Listens to a session's reports for failures outside the contract, and for progress."""

from collections.abc import Generator, Sequence
from typing import Any, Final

import pytest

from cancel_contract.plugin.items import name_in
from cancel_contract.plugin.progress import Progress
from cancel_contract.run.session import Contract

VERDICT: Final = "verdict"
"""The property of an item that the contract itself has failed: the exit status counts it already."""
LATE: Final = "tests/contract::verdict"
"""How the ids of items begin that are reported when the run has ended: of what was decided only then."""


class ReportListener:
    """Sees each report of a session, including those of workers."""

    def __init__(self, contract: Contract, progress: Progress | None, *, plain: bool = False) -> None:
        self._contract = contract
        self._progress = progress
        self._plain = plain
        self.broken_by: dict[str, list[str]] = {}
        """The scenarios that broke a clause, by its id."""
        self._failed_by: dict[str, frozenset[str]] = {}

    def failed_by(self, report: pytest.TestReport) -> frozenset[str]:
        """Return the clauses by which an item failed; empty where something else has failed it."""
        return self._failed_by.get(report.nodeid, frozenset()) if report.when == "call" else frozenset()

    # First, so that a plain JUnit file sees no properties.
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure that did not come from the contract: it counts too."""
        notes = report.user_properties
        is_call = report.when == "call"
        broken = frozenset(str(clause) for name, clause in notes if name == "broken")
        if is_call and (name := name_in(report.nodeid)):
            for clause in broken:
                self.broken_by.setdefault(clause, []).append(name)
        if report.failed and is_call and any(name == VERDICT for name, _ in notes):
            self._contract.failed_clauses |= broken
            self._failed_by[report.nodeid] = broken
        else:
            # The report of a crashed worker has no phase; the crash itself is reported as the suite's failure.
            self._contract.others_failed |= report.failed and report.when in {"setup", "call", "teardown"}
        if self._progress and is_call and _is_played(report):
            self._progress.played(self._contract, notes, failed=report.failed)
        elif self._progress and report.failed:
            # pytest has more to say of it than a bar has room for.
            self._progress.stop()
        if self._plain and _is_played(report):
            report.user_properties = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Where nothing but scenarios is played, show a bar in place of dots."""
        if self._progress and session.items:
            self._show(session.config, [bool(item.get_closest_marker("contract")) for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:  # noqa: ANN401  pytest-xdist's
        """Likewise where workers play."""
        if self._progress:
            self._show(node.config, [bool(name_in(one)) for one in ids])

    def _show(self, config: pytest.Config, played: Sequence[bool]) -> None:
        reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
        if self._progress and reporter and all(played):
            self._progress.is_shown = True
            reporter.showfspath = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Suppress the letter that pytest writes for a scenario, because the bar shows the same, and for late items.

        pytest has counted to 100 % by then.
        """
        if report.nodeid.startswith(LATE):
            return report.outcome, "", ""
        is_shown = self._progress and self._progress.is_shown and report.when == "call" and _is_played(report)
        return (report.outcome, "", "") if is_shown else None

    # Before pytest writes its last line.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Take the bar away, however the run has ended."""
        try:
            return (yield)
        finally:
            if self._progress:
                self._progress.stop()


def _is_played(report: pytest.TestReport) -> bool:
    return any(name == "contract" for name, _ in report.user_properties)
