"""One cause of breaches: a difference, and the clauses that it breaks."""

import re
from dataclasses import dataclass
from typing import Final

from cancel_contract.ledger.breach import Breach

FAILURE: Final = re.compile(r"5\d\d")
"""The status of a server that failed, as a text."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One difference, with the clauses that it breaks."""

    breach: Breach
    """The breach with the smallest request: what is shown."""
    clauses: tuple[str, ...]
    """Ids of the clauses; the one that is told comes first: of MUST clauses the first of the catalogue."""
    before: str = ""
    """What the appointment was before the request, as far as one of the clauses has looked."""

    @property
    def is_failure(self) -> bool:
        """Whether the server failed, and so broke whatever clause has asked."""
        return self.breach.what == "status" and FAILURE.fullmatch(self.breach.got) is not None
