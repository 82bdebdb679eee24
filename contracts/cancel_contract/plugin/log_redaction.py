"""Keeps secrets out of log records, in the factory that every logger uses."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from cancel_contract.redaction.secrets import Redactor


class _Redacting:
    """Makes log records as before, and masks secrets in those that contain one."""

    def __init__(self, made: Callable[..., logging.LogRecord], redactor: Redactor) -> None:
        self.made = made
        self._redactor = redactor

    def __call__(self, *args: Any, **named: Any) -> logging.LogRecord:  # noqa: ANN401  whatever a record is made of
        record = self.made(*args, **named)
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            # A handler reports arguments that do not fit, and prints them, so that none may be left.
            text, record.args = str(record.msg), ()
        if (clean := self._redactor.clean_text(text)) != text:
            record.msg, record.args = clean, ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = self._redactor.clean_text("".join(traceback.format_exception(*record.exc_info))).rstrip()
        return record


def silence(redactor: Redactor) -> None:
    """Have every log record masked before any handler sees it."""
    factory = logging.getLogRecordFactory()
    made = factory.made if isinstance(factory, _Redacting) else factory
    logging.setLogRecordFactory(_Redacting(made, redactor))
