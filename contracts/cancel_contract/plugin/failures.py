"""Keeps secrets and personal data out of pytest's failure reports."""

import pytest

from cancel_contract.redaction.secrets import Redactor


def text_of(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    """Return a scenario's failure, always without locals: they contain exchanges, and so personal data."""
    if isinstance(excinfo.value, pytest.fail.Exception):
        return str(excinfo.value)
    return str(excinfo.getrepr(style="short", showlocals=False))


def clean(report: pytest.TestReport, redactor: Redactor) -> None:
    """Mask secrets in whatever a report contains, by value."""
    text = str(report.longrepr) if report.longrepr else ""
    if text and redactor.found(text.encode("utf-8", "replace")):
        report.longrepr = redactor.clean_text(text)
    report.sections = [(name, redactor.clean_text(content)) for name, content in report.sections]
