"""Keeps secrets out of log records.

Lives here: a filter on the loggers of the HTTP libraries. May not know: handlers.
"""

import logging
from typing import Final

from typing_extensions import override

from contracts.redaction import Redactor

LOGGERS: Final = (
    "httpcore",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpx",
    "hpack",
)
"""Those that see requests; a filter on a logger does not see its children's records, so each is named."""


class _Redacting(logging.Filter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redactor.clean_text(record.getMessage()), ()
        return True


def silence(redactor: Redactor) -> None:
    """Have every record of the HTTP libraries cleaned before any handler sees it."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        for known in [one for one in logger.filters if isinstance(one, _Redacting)]:
            logger.removeFilter(known)
        logger.addFilter(_Redacting(redactor))
