"""Which reports are written. Lives here: which files are written, and how. May not know: what they hold.

Whatever is written passes the target's redactor once more.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

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
    asked = contract.choice.reports
    job = Path(named) if (named := os.environ.get(STEP_SUMMARY)) else None
    if contract.ledger is not None and (job or asked.json or asked.html or asked.har):
        # Most runs write none, and workers never do.
        from contracts.report.written import texts  # noqa: PLC0415

        clean = contract.choice.target.redactor.clean_text
        for path, text in texts(contract, contract.ledger, status, job):
            path.parent.mkdir(parents=True, exist_ok=True)
            # The job's other steps write to its summary, too.
            with path.open("a" if path == job else "w", encoding="utf-8") as file:
                file.write(clean(text))
