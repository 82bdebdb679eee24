"""Puts the way to the target together: wire, guard, budget, ownership, sender."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import RLock

from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.marker import new_run
from cancel_contract.fragment.document import load
from cancel_contract.guard.budget import Budget, Limits
from cancel_contract.guard.gateway import Gateway
from cancel_contract.guard.guard import Guard
from cancel_contract.guard.ownership import Ownership
from cancel_contract.guard.request_ids import RequestIds
from cancel_contract.guard.sender import Sender
from cancel_contract.guard.wire import Transport, Wire
from cancel_contract.target.target import Target


@dataclass(frozen=True, slots=True)
class Connection:
    """Everything between a case and the target."""

    target: Target
    wire: Transport
    budget: Budget
    ownership: Ownership
    gateway: Gateway
    guard: Guard
    request_ids: RequestIds
    sender: Sender
    creating: RLock
    """Whoever holds it creates appointments: one at a time."""

    @classmethod
    def over(
        cls,
        wire: Transport,
        target: Target,
        budget: Budget,
        ownership: Ownership,
        request_ids: RequestIds | None = None,
    ) -> "Connection":
        """Put the parts together over a wire; without ids of a run, its requests have those of a new one."""
        ids = request_ids or RequestIds(new_run())
        gateway, guard = Gateway(load(), target.provided_ids), Guard(wire, target, ownership, budget)
        sender = Sender(target, guard, budget, gateway, ids)
        return cls(target, wire, budget, ownership, gateway, guard, ids, sender, RLock())

    def lane(self) -> "Connection":
        """Return a connection over the same wire and budgets that keeps exchanges and gateways' answers of its own."""
        gateway = Gateway(load(), self.target.provided_ids, self.gateway.hopeless)
        sender = Sender(self.target, self.guard, self.budget, gateway, self.request_ids)
        return replace(self, gateway=gateway, sender=sender)

    def send(self, case: Case) -> Exchange:
        """Send a case, and return the exchange that ended it; raises what `Sender.send` raises."""
        return self.sender.send(case)

    @property
    def exchanges(self) -> list[Exchange]:
        """Every exchange so far, including those that were sent again."""
        return self.sender.exchanges


@contextmanager
def connected(
    target: Target,
    budget: Budget | None = None,
    ownership: Ownership | None = None,
    wire: Transport | None = None,
    request_ids: RequestIds | None = None,
) -> Iterator[Connection]:
    """Open a connection to a target, closed at the end; by default with its settings' limits and without provided
    appointments.

    Raises Misconfigured if certificates or proxy are wrong.
    """
    limits = Limits.of(target.settings, loopback=target.is_loopback)
    with wire or Wire(target) as way:
        own = ownership or Ownership(frozenset({target.account}))
        yield Connection.over(way, target, budget or Budget(limits), own, request_ids)
