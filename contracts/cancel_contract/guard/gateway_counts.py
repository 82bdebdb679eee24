"""Counts what gateways have answered in the application's place."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.exchange.case import COMPANIONS, Intent
from cancel_contract.exchange.exchange import GONE, Exchange

OTHERS: Final = COMPANIONS - {Intent.CLEAN}
"""Intents that address other endpoints than the one under test."""
Suspect = tuple[Exchange, ...]
"""The answers to a case that only a gateway has answered."""


@dataclass(slots=True)
class Counts:
    """What gateways have answered so far.

    Of requests that were under way together, either answer may come first: what failed beside a request under test is
    counted as failed because of it.
    """

    answers: int = 0
    others: int = 0
    """Answers to requests beside those under test."""
    last: int = 0
    """How many of the last answers in a row are a gateway's."""
    statuses: Counter[int] = field(default_factory=Counter)
    suspects: list[Suspect] = field(default_factory=list)
    killers: dict[tuple[int, str], Exchange] = field(default_factory=dict)
    """The requests under test after which others failed."""
    alone: list[Exchange] = field(default_factory=list)
    """Other requests that failed, with none under test that failed before or beside them."""
    carried_out: list[Exchange] = field(default_factory=list)
    """The cancels that were refused with 429, and carried out all the same."""
    _wake: datetime | None = None
    """When a request under test failed, if nothing sent after that was answered by the application."""
    _last_gone: Exchange | None = None

    @property
    def others_alone(self) -> int:
        """How many of the others failed by themselves."""
        return len(self.alone)

    def saw(self, exchange: Exchange, status: int) -> None:
        """Count an answer."""
        self.answers += 1
        self.others += exchange.case.intent in OTHERS
        self.last = self.last + 1 if exchange.is_of_gateway else 0
        if exchange.is_of_gateway:
            self.statuses[status] += 1
            self._failed(exchange, status)
        elif self._wake is None or exchange.started >= self._wake:
            self._wake = self._last_gone = None

    def _failed(self, exchange: Exchange, status: int) -> None:
        if exchange.case.intent in OTHERS:
            if self._wake is None:
                self.alone.append(exchange)
            elif self._last_gone:
                self.killers[self._last_gone.number, self._last_gone.case.key] = self._last_gone
            return
        self._wake = _ended(exchange)
        before = [it for it in self.alone if _ended(it) <= exchange.started]
        is_beside, self.alone = len(before) < len(self.alone), before
        if status in GONE:
            self._last_gone = exchange
            if is_beside:
                self.killers[exchange.number, exchange.case.key] = exchange

    def add(self, other: "Counts") -> None:
        """Add what was met in another lane of the same run, which has ended before this one."""
        self.answers += other.answers
        self.others += other.others
        self.alone += other.alone
        self.statuses += other.statuses
        self.suspects += other.suspects
        self.killers |= other.killers
        self.carried_out += other.carried_out


def _ended(exchange: Exchange) -> datetime:
    return exchange.started + timedelta(seconds=exchange.elapsed)
