"""How far a run is, for a terminal. Lives here: one line that is written over and over. May not know: verdicts."""

import sys
import time
from dataclasses import dataclass, field

from contracts.session import Contract


@dataclass(slots=True)
class Progress:
    """Situations played, clauses put to the test, requests of the budget, time left."""

    played_so_far: int = 0
    begun: float = field(default_factory=time.monotonic)

    def played(self, contract: Contract) -> None:
        """Write the line anew, after a situation."""
        self.played_so_far += 1
        every = len(contract.choice.situations(contract.fragment))
        spent = time.monotonic() - self.begun
        left = spent / self.played_so_far * (every - self.played_so_far)
        parts = [f"{self.played_so_far} of {every} situations", f"{left:.0f} s left"]
        if contract.run is not None:
            asked = sum(bool(row.held or row.broken) for row in contract.run.ledger.rows.values())
            budget = contract.run.budget
            parts.insert(1, f"{asked} of {len(contract.run.ledger.rows)} clauses")
            parts.insert(2, f"{budget.requests} of {budget.limits.requests} requests")
        # Saved, written on the next line, and taken back: pytest goes on where it was, and writes over it.
        sys.stdout.write(f"\0337\033[J\033[1B\r\033[2K  {' · '.join(parts)}\0338")
        sys.stdout.flush()
