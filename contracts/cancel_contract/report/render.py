"""Renders the reports that were asked for."""

from collections.abc import Iterator
from pathlib import Path

from cancel_contract.ledger.ledger import Ledger
from cancel_contract.report import har_report, html_report, json_report, summary
from cancel_contract.report.build import gathered
from cancel_contract.run.session import Contract


def texts(contract: Contract, ledger: Ledger, status: int, job: Path | None) -> Iterator[tuple[Path, str]]:
    """Yield each report with its file; `job` is the file of a job's summary, `status` the exit code of the process."""
    asked, outcome = contract.choice.reports, gathered(contract, ledger, status)
    if asked.json:
        yield asked.json, json_report.render(outcome)
    if asked.html:
        yield asked.html, html_report.render(outcome)
    if asked.har:
        yield asked.har, har_report.render(contract.exchanges, outcome.versions.suite)
    if job:
        yield job, summary.render(outcome)
