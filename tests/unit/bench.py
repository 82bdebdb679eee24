"""What stands between a case and the wire, put together for a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cancel_contract.guard.budget import Budget, Limits
from cancel_contract.guard.connection import Connection
from cancel_contract.guard.ownership import Ownership
from cancel_contract.guard.shared_state import Claims
from cancel_contract.supply.learned import learning
from cancel_contract.supply.supply import Supply

if TYPE_CHECKING:
    from cancel_contract.exchange.exchange import Exchange
    from cancel_contract.guard.gateway import Gateway
    from cancel_contract.guard.guard import Guard
    from cancel_contract.guard.sender import Sender
    from cancel_contract.guard.wire import Transport
    from cancel_contract.supply.journal import Journal
    from cancel_contract.target.target import Target


@dataclass
class Bench:
    """Everything between a case and the wire, over one account (1) with appointments 5001 and 5002 of our own."""

    target: Target
    wire: Transport
    limits: Limits
    journal: Journal
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        budget = Budget(self.limits, clock=lambda: 0.0, sleep=self.waits.append)
        ownership = Ownership(frozenset({1}), frozenset({5001, 5002}))
        self.connection = Connection.over(self.wire, self.target, budget, ownership)
        self.supply = Supply(self.connection, learning(self.connection, self.journal, Claims()))

    @property
    def exchanges(self) -> list[Exchange]:
        """Everything that was exchanged."""
        return self.connection.exchanges

    @property
    def sender(self) -> Sender:
        """What sends cases."""
        return self.connection.sender

    @property
    def guard(self) -> Guard:
        """What lets requests leave."""
        return self.connection.guard

    @property
    def budget(self) -> Budget:
        """What may still be sent."""
        return self.connection.budget

    @property
    def ownership(self) -> Ownership:
        """Whose appointments are the run's own."""
        return self.connection.ownership

    @property
    def gateway(self) -> Gateway:
        """What a gateway has answered."""
        return self.connection.gateway
