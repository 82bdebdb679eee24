"""Keeps secrets and personal data out of pytest's failure reports."""

import pytest

from cancel_contract.redaction.secrets import Redactor


def text_of(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    """Tell a scenario's failure without locals, whatever was asked for: they hold exchanges, and so persons' data."""
    if isinstance(excinfo.value, pytest.fail.Exception):
        return str(excinfo.value)
    return str(excinfo.getrepr(style="short", showlocals=False))


def clean(report: pytest.TestReport, redactor: Redactor) -> None:
    """Take secrets out of whatever a report holds, by value."""
    text = str(report.longrepr) if report.longrepr else ""
    if text and redactor.found(text.encode("utf-8", "replace")):
        report.longrepr = redactor.clean_text(text)
    report.sections = [(name, redactor.clean_text(content)) for name, content in report.sections]
