"""The part of a run that one worker plays, with its budgets and appointments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cancel_contract.exchange.marker import new_run
from cancel_contract.guard.budget import Limits
from cancel_contract.guard.request_ids import RequestIds
from cancel_contract.guard.shared_state import Claims, SharedState
from cancel_contract.supply.journal import Journal
from cancel_contract.target.target import Target


@dataclass(frozen=True, slots=True)
class Share:
    """One worker's part of a run: which of how many, under the run's name."""

    run: str = field(default_factory=new_run)
    number: int = 0
    of: int = 1
    shared_state: SharedState | None = None
    """What the workers of one machine share: appointments are few, and seldom evenly spread."""

    def own(self, numbers: Sequence[int], claims: Claims) -> Iterator[int]:
        """Return those of the provided appointments that no other worker has taken, each once."""
        # A worker that replaces a crashed one has the number of none, because what that one took is not known.
        part = numbers[self.number :: self.of] if self.number < self.of else ()
        mine = numbers if self.shared_state else part
        return (number for number in mine if claims.claim(f"appointment {number}"))

    def looks(self, most: int) -> int:
        """Return how many of the late looks are its own: the last workers play what is looked at anyway."""
        return (most + self.number) // self.of

    def request_ids(self) -> RequestIds:
        """Return the ids of this worker's requests, which no other request of the run has."""
        return RequestIds(self.run, self.number if self.of > 1 else None)

    def journal(self, target: Target) -> Journal:
        """Return this worker's journal of what it makes; of the embedded provider nothing is kept."""
        journal = Journal(self.run, str(target.url), target.account, worker=self.number)
        if target.embedded:
            journal.folder = None
        return journal

    def limits(self, target: Target) -> Limits:
        """Return this worker's part of the budgets; what all count together is the whole for each."""
        whole = Limits.of(target.settings, loopback=target.is_loopback)
        rate, among = (whole.rate / self.of if whole.rate else None), 1 if self.shared_state else self.of
        parallel = max(2, whole.parallel // self.of)
        return Limits(whole.requests // among, whole.appointments // among, parallel, rate)
