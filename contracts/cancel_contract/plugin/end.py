"""Ends a session: verdict, exit status and reports."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cancel_contract.ledger.exit_code import Effect, of_process, of_unplayed_process
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.plugin.begin import CONTRACT, NODES, PROBLEMS, WRONG
from cancel_contract.plugin.report_listener import LATE, VERDICT
from cancel_contract.report import reports
from cancel_contract.report.breach_text import cause_lines
from cancel_contract.run.session import Contract


def today() -> date:
    """Return the day by which deviations expire."""
    return datetime.now(UTC).date()


class Ending:
    """Ends the run, after pytest-xdist has ended its workers and before pytest writes its own reports."""

    def __init__(self) -> None:
        self._is_uncollected = False
        """Whether a file could not be collected: pytest may continue without it."""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that could not be collected."""
        self._is_uncollected |= report.failed

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """End the run, and set the exit status."""
        contract = session.config.stash.get(CONTRACT, None)
        home: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if home is not None and (wrong := session.config.stash.get(WRONG, None)) is not None:
            home[PROBLEMS] = str(wrong).splitlines()
        if contract is None:
            return
        contract.others_failed |= self._is_uncollected
        _spare_hypothesis(session.config)
        contract.interrupted = exitstatus == pytest.ExitCode.INTERRUPTED
        contract.finish()
        if home is not None:
            home["contract"] = contract.dump()
            return
        # Workers send what they found when they are ended, for which pytest-xdist's own turn comes too late.
        nodes = session.config.pluginmanager.get_plugin(NODES)
        if nodes:
            nodes.let_clean_up()
        if (xdist := session.config.pluginmanager.get_plugin("dsession")) is not None:
            xdist.pytest_sessionfinish()
        if nodes:
            nodes.take_in_the_rest()
        contract.conclude(today())
        if contract.ledger is None:
            # Items of the contract may have been collected, and none of them played: nothing was tested.
            session.exitstatus = of_unplayed_process(exitstatus, is_unplayed=contract.is_unplayed)
            return
        for report in _late_failures(contract):
            session.config.hook.pytest_runtest_logreport(report=report)
        session.exitstatus = _status(contract, exitstatus)
        if unwritten := reports.write(contract, session.exitstatus):
            contract.failed(*unwritten)
            session.exitstatus = _status(contract, exitstatus)


def _spare_hypothesis(config: pytest.Config) -> None:
    """Keep hypothesis' plugin silent if nothing was drawn: it would load hypothesis for that, half a second."""
    plugin = config.pluginmanager.get_plugin("hypothesispytest")
    if plugin is not None and "hypothesis" not in sys.modules:
        config.pluginmanager.unregister(plugin)


def _status(contract: Contract, exitstatus: int) -> int:
    return of_process(contract.code, exitstatus, others_failed=contract.others_failed)


def _late_failures(contract: Contract) -> Iterator[pytest.TestReport]:
    """Yield a failed item for each clause that closes the gate and has failed none.

    Some clauses are judged when the last item is over, and only then is it known that a deviation is gone.
    """
    for row in contract.rows:
        if contract.effect(row) is Effect.CLOSES and row.clause.id not in contract.failed_clauses:
            yield _failure(row.clause.id, "\n".join(_paragraph(contract, row)))


def _paragraph(contract: Contract, row: Row) -> Iterator[str]:
    if row.verdict is Verdict.BROKEN and row.breach:
        rows = {one.clause.id: one for one in contract.rows}
        yield from cause_lines({row.clause.id: row.breach}, rows, contract.fragment, contract.choice.again)
    if entry := contract.deviating.get(row.clause.id):
        yield f"{row.clause.id} {row.verdict.word}: {entry}"


def _failure(clause: str, text: str) -> pytest.TestReport:
    place, _, late = LATE.partition("::")
    name = f"{late}[{clause}]"
    properties = [("contract", name), ("clause", clause), ("broken", clause), (VERDICT, Effect.CLOSES.value)]
    location = (place, None, name)
    return pytest.TestReport(f"{place}::{name}", location, {}, "failed", text, "call", user_properties=properties)
