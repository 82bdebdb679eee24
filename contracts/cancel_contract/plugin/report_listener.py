"""Listens to a session's reports for failures outside the contract, and for progress."""

from typing import Final

import pytest

from cancel_contract.plugin.progress import Progress
from cancel_contract.run.session import Contract

VERDICT: Final = "verdict"
"""The property of an item that the contract itself has failed: the exit status counts it already."""


class ReportListener:
    """Sees each report of a session, including those of workers."""

    def __init__(self, contract: Contract, progress: Progress | None) -> None:
        self._contract = contract
        self._progress = progress

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure that did not come from the contract: it counts too."""
        notes = report.user_properties
        played = any(name == "contract" for name, _ in notes)
        if report.failed and report.when == "call" and any(name == VERDICT for name, _ in notes):
            self._contract.failed_clauses |= {str(clause) for name, clause in notes if name == "broken"}
        else:
            # The report of a crashed worker has no phase; the crash itself is reported as the suite's failure.
            self._contract.others_failed |= report.failed and report.when in {"setup", "call", "teardown"}
        if played and self._progress and report.when == "call":
            self._progress.played(self._contract, report.user_properties)
