"""Shows the progress of a run on one line of a terminal."""

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from cancel_contract.clauses import CATALOGUE
from cancel_contract.run.session import Contract


@dataclass(slots=True)
class Progress:
    """Scenarios played, clauses exercised, requests of the budget, time left."""

    played_so_far: int = 0
    clauses: set[str] = field(default_factory=set)
    requests: int = 0
    begun: float = field(default_factory=time.monotonic)

    def played(self, contract: Contract, notes: Iterable[tuple[str, object]]) -> None:
        """Write the line again, after a scenario; its notes come from the worker that has played it."""
        self.played_so_far += 1
        for kind, noted in notes:
            if kind == "clause":
                self.clauses.add(str(noted))
            elif kind == "requests":
                self.requests += int(str(noted))
        every, choice = len(contract.choice.scenarios(contract.fragment)), contract.choice
        spent = time.monotonic() - self.begun
        left = spent / self.played_so_far * (every - self.played_so_far)
        parts = (
            f"{self.played_so_far} of {every} scenarios",
            f"{len(self.clauses)} of {len(choice.clauses or CATALOGUE)} clauses",
            f"{self.requests} of {choice.target.settings.max_requests} requests",
            f"{left:.0f} s left",
        )
        # The position is saved and restored, so that pytest continues where it was, and overwrites the line.
        sys.stdout.write(f"\0337\033[J\033[1B\r\033[2K  {' · '.join(parts)}\0338")
        sys.stdout.flush()
