"""What is seen of a session's reports. Lives here: failures that are no situation's, live progress. May not know: how
situations are played.
"""

import pytest

from contracts.progress import Progress
from contracts.session import Contract


class Watch:
    """Sees each report of a session, a worker's included."""

    def __init__(self, contract: Contract, progress: Progress | None) -> None:
        self._contract = contract
        self._progress = progress

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure that is no situation's: the exit status tells it, whatever the contract says."""
        played = any(name == "contract" for name, _ in report.user_properties)
        # The report of a worker that crashed has no phase; the crash itself is told as the suite's failure.
        self._contract.others_failed |= report.failed and not played and report.when in {"setup", "call", "teardown"}
        if played and self._progress and report.when == "call":
            self._progress.played(self._contract, report.user_properties)
