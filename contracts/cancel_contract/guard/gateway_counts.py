"""Counts what gateways have answered in the application's place."""

from collections import Counter
from dataclasses import dataclass, field

from cancel_contract.exchange.exchange import Exchange


@dataclass(slots=True)
class Counts:
    """What gateways have answered so far."""

    answers: int = 0
    others: int = 0
    """Answers to requests beside those under test."""
    others_alone: int = 0
    """Those of them that a gateway gave, and no request under test came before it."""
    last: int = 0
    """How many of the last answers in a row are a gateway's."""
    statuses: Counter[int] = field(default_factory=Counter)
    suspects: list[tuple[Exchange, ...]] = field(default_factory=list)
    killers: dict[tuple[int, str], Exchange] = field(default_factory=dict)
    """The requests under test after which others failed."""

    def add(self, other: "Counts") -> None:
        """Add what was met in another lane of the same run, which has ended before this one."""
        self.answers += other.answers
        self.others += other.others
        self.others_alone += other.others_alone
        self.statuses += other.statuses
        self.suspects += other.suspects
        self.killers |= other.killers
