"""Writes the report files that were asked for, after the target's redactor has seen each of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cancel_contract.run.session import Contract, Reports

STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
"""The variable that names the file of a job's summary on GitHub."""


def problems(asked: Reports) -> Iterator[str]:
    """Yield why a report cannot be written, as far as that can be known before the run."""
    for kind, path in (("json", asked.json), ("html", asked.html), ("har", asked.har)):
        if path is None:
            continue
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        if path.is_dir() or not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
            yield f"--contract-{kind} {path} cannot be written: name a file in a folder that can be"


def write(contract: Contract, status: int) -> tuple[str, ...]:
    """Write every report that was asked for; `status` is the exit code of the process.

    Returns what could not be written, with the reason.
    """
    asked = contract.choice.reports
    job = Path(named) if (named := os.environ.get(STEP_SUMMARY)) else None
    if contract.ledger is None or not (job or asked.json or asked.html or asked.har):
        return ()
    # Most runs write none, and workers never do.
    from cancel_contract.report.render import texts  # noqa: PLC0415

    clean = contract.choice.target.redactor.clean_text
    # The job's other steps write to its summary, too.
    written = (
        _write(path, clean(text), "a" if path == job else "w")
        for path, text in texts(contract, contract.ledger, status, job)
    )
    return tuple(filter(None, written))


def _write(path: Path, text: str, mode: str) -> str:
    """Write a file; return why it could not be written, or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        return f"report {path} could not be written: {error.strerror}"
    return ""
