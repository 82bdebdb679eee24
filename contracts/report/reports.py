"""Which reports are written. Lives here: from what was asked for to files. May not know: what they hold.

Whatever is written passes the target's redactor once more.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contracts.report import har_report, html_report, json_report, summary
from contracts.report.gather import gathered
from contracts.report.outcome import Outcome
from contracts.session import Contract, Reports

STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
"""The variable that names the file of a job's summary on GitHub."""


def problems(asked: Reports) -> Iterator[str]:
    """Give what keeps a report from being written, as far as can be known before the run."""
    for kind, path in (("json", asked.json), ("html", asked.html), ("har", asked.har)):
        if path is None:
            continue
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        if path.is_dir() or not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
            yield f"--contract-{kind} {path} cannot be written: name a file in a folder that can be"


def write(contract: Contract, status: int) -> None:
    """Write every report that was asked for; `status` is what the process ends with."""
    job = os.environ.get(STEP_SUMMARY)
    asked = contract.choice.reports
    if contract.ledger is None or not (job or asked.json or asked.html or asked.har):
        return
    outcome = gathered(contract, contract.ledger, status)
    clean = contract.choice.target.redactor.clean_text
    for path, text in _texts(contract, outcome):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(clean(text), encoding="utf-8")
    if job:
        with Path(job).open("a", encoding="utf-8") as file:
            file.write(clean(summary.written(outcome)))


def _texts(contract: Contract, outcome: Outcome) -> Iterator[tuple[Path, str]]:
    asked = contract.choice.reports
    if asked.json:
        yield asked.json, json_report.written(outcome)
    if asked.html:
        yield asked.html, html_report.written(outcome)
    if asked.har:
        yield asked.har, har_report.written(contract.exchanges, outcome.versions.suite)
