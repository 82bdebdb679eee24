"""Puts runs together: a process's own, and lanes beside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cancel_contract.clauses import CATALOGUE, Clause, Terms
from cancel_contract.fragment.document import Fragment, load
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.connection import Connection, connected
from cancel_contract.guard.ownership import Ownership
from cancel_contract.guard.shared_state import Claims
from cancel_contract.guard.wire import Transport
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.run.context import Context
from cancel_contract.run.run import LATE_LOOKS, Run
from cancel_contract.run.share import Share
from cancel_contract.supply.learned import learning
from cancel_contract.supply.supply import Supply
from cancel_contract.target.target import Target


def terms_of(target: Target, fragment: Fragment) -> Terms:
    """Return what clauses are judged by, on a target."""
    settings = target.settings
    return Terms(fragment, target.account, settings.repeat_policy, settings.time_limit)


def owned(target: Target) -> Ownership:
    """Return the appointments that the settings provide."""
    settings = target.settings
    accounts = (target.account, settings.foreign_account_id, settings.disabled_account_id)
    return Ownership(frozenset(filter(None, accounts)), target.provided_ids | set(settings.appointment_ids))


@contextmanager
def opened(
    target: Target,
    clauses: Sequence[Clause] = CATALOGUE,
    share: Share | None = None,
    wire: Transport | None = None,
) -> Iterator[Run]:
    """Open a run on a target, or a worker's share of one; its connections are closed at the end.

    `wire` stands in for the network. Raises Misconfigured if certificates or proxy are wrong.
    """
    part = share or Share()
    budget = Budget(part.limits(target), of_all=part.shared_state)
    claims = Claims(part.shared_state)
    ledger = Ledger(terms_of(target, load()), clauses)
    with connected(target, budget, owned(target), wire, part.request_ids()) as connection:
        learned = learning(connection, part.journal(target), claims)
        supply = Supply(connection, learned, part.own(target.settings.appointment_ids, claims))
        run = _over(connection, supply, ledger, claims)
        run.late_looks = part.looks(LATE_LOOKS)
        yield run


def _over(connection: Connection, supply: Supply, ledger: Ledger, claims: Claims) -> Run:
    statistics = Statistics()
    return Run(connection, ledger, Context(connection, supply, ledger, statistics), supply, statistics, claims)


def lane(run: Run) -> Run:
    """Return a run beside another one: of the same connections, budgets, appointments and ledger."""
    connection = run.connection.lane()
    beside = _over(connection, Supply(connection, run.supply.learned), run.ledger, run.claims)
    beside.closes = run.closes
    return beside
