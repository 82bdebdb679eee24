"""One run of the contract: puts the parts together and plays scenarios."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from cancel_contract.clauses import CATALOGUE, Clause, Terms
from cancel_contract.errors import (
    Afresh,
    ContractsError,
    Impatient,
    Inconclusive,
    Overspent,
    Refused,
    Unprepared,
)
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment, load
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.gateway import Gateway
from cancel_contract.guard.guard import Guard
from cancel_contract.guard.ownership import Ownership
from cancel_contract.guard.sender import Sender
from cancel_contract.guard.shared_state import Claims
from cancel_contract.guard.wire import Wire
from cancel_contract.ledger.deferred import DeferredTimeouts
from cancel_contract.ledger.evidence import breach_of, known
from cancel_contract.ledger.gate import Effect, effect
from cancel_contract.ledger.ledger import Ledger, Row
from cancel_contract.ledger.provided import changes
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.redaction.personal_data import discreet_quotes
from cancel_contract.run.context import Context
from cancel_contract.run.late_looks import look_again, look_back, weigh
from cancel_contract.run.lost_target import stop_if_hopeless
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.share import Share
from cancel_contract.supply.journal import Journal
from cancel_contract.supply.supply import Supply
from cancel_contract.target.settings import variable
from cancel_contract.target.target import Target

FINISH: Final = "finish"
"""What stands in keys for the scenario after the last one is over; no run plays it by itself."""
LATE_LOOKS: Final = 2
"""How many cancelled appointments are read again at the end, shared among workers (policy)."""


@dataclass(slots=True)
class Run:
    """All parts of one run; made by `opened`."""

    target: Target
    fragment: Fragment
    budget: Budget
    ledger: Ledger
    context: Context
    supply: Supply
    statistics: Statistics
    exchanges: list[Exchange]
    deferred: DeferredTimeouts
    gateway: Gateway
    judged: set[str] = field(default_factory=set)
    """Clauses that the last scenario has exercised."""
    claims: Claims = field(default_factory=Claims)
    """What is done once in a run, whichever worker does it."""
    closes: Callable[[Row], bool] = lambda row: effect(row) is Effect.CLOSES
    """Whether a clause closes the gate at present; others are not retried."""
    late_looks: int = LATE_LOOKS
    """How many cancelled appointments are read again at the end."""
    lost: bool = False
    """Whether the target is gone."""

    def unset(self, scenario: Scenario) -> str:
        """Which settings a scenario needs and have no value, in words; empty where it can be played."""
        return self.target.settings.lacking(scenario.needs)

    def play(self, scenario: Scenario) -> tuple[str, ...]:
        """Play a scenario; gives the ids of the clauses that it broke. What it could not do is told in the ledger.

        A scenario that is the first of the run to break a clause, and to close the gate by it, is played once more, on
        fresh appointments and with those of its cases alone that broke it: what broke only sometimes is told with the
        count. What the settings handed over is not touched a second time.
        """
        if self.unset(scenario) or self.lost:
            return ()
        if scenario.uses_up and not self.claims.claim(f"play {scenario.name}"):
            told = " and ".join(map(variable, scenario.uses_up))
            self.ledger.excuse(scenario.name, f"what {told} names was used in this run, and is not used twice")
            return ()
        broken = self._play(scenario)
        if not self.lost and not scenario.uses_up and (doubted := self._doubted(broken)):
            judged = self.judged
            broken |= self._retry(scenario, doubted)
            self.judged |= judged
        return tuple(sorted(broken))

    def _doubted(self, broken: set[str]) -> list[str]:
        """Of clauses that broke, those that close the gate and that no worker has asked again."""
        closing = [name for name in sorted(broken) if self.closes(self.ledger.rows[name])]
        return [name for name in closing if self.claims.claim(f"again {name}")]

    def _retry(self, scenario: Scenario, clauses: Sequence[str]) -> set[str]:
        """Play a scenario once more; gives the ids of the clauses that it broke then."""
        self.context.forget()
        keys = {key for name in clauses for key in self.ledger.broke[name]}
        try:
            with self.budget.retrying(), self.context.narrowed(keys):
                return self._play(scenario, again=True)
        except Overspent as error:
            self.ledger.excuse(scenario.name, str(error))
            return set()

    def _play(self, scenario: Scenario, *, again: bool = False) -> set[str]:
        self.context.begin(scenario.name)
        before = dict(self.ledger.rows)
        try:
            self._play_afresh(scenario)
        except Unprepared as error:
            self.ledger.excuse(scenario.name, str(error))
        except Impatient as error:
            self._lose(error)
        except Overspent as error:
            if again:
                raise
            # What needs none of it is played all the same.
            self.ledger.excuse(scenario.name, str(error))
            self._doubt(error)
        except Inconclusive as error:
            self._lose(error)
        except Refused as error:
            self.ledger.suite_failures.append(f"{scenario.name}: {error}")
        except Exception as error:  # noqa: BLE001  a scenario that fails says nothing about the contract
            self.ledger.suite_failures.append(f"{scenario.name}: {type(error).__name__}: {discreet_quotes(str(error))}")
        now = self.ledger.rows
        self.judged = {name for name, row in now.items() if row != before[name]}
        return {name for name in self.judged if now[name].broken > before[name].broken}

    def _play_afresh(self, scenario: Scenario) -> None:
        """Play a scenario, anew where a gateway has left open whether a cancel was done."""
        self.gateway.begin()
        while True:
            try:
                scenario.play(self.context)
            except Afresh as error:
                self.context.leave(error.appointment)
                self.gateway.begin_anew()
            else:
                break
        for exchange in self.gateway.unanswered:
            self.ledger.excuse(scenario.name, f"a gateway answered {exchange.case.key} instead: {exchange.fact}")

    def _lose(self, error: Inconclusive) -> None:
        self.lost = True
        self._doubt(error)

    def _doubt(self, error: Inconclusive) -> None:
        told = self.ledger.inconclusive
        told += [] if str(error) in told else [str(error)]

    def finish(self) -> None:
        """Look at cancelled appointments once more, and leave none standing."""
        self.context.begin(FINISH)
        try:
            self._end()
        except KeyboardInterrupt:
            # Whoever cannot wait for this either is told at least what stands.
            self.statistics.left += self.supply.active
            self.ledger.inconclusive.append("the run was interrupted while it cleaned up")
        self.statistics.requests, self.statistics.appointments = self.budget.requests, self.budget.appointments
        self.statistics.throttled, self.statistics.sent_again = self.budget.throttled, self.budget.sent_again
        self.statistics.incidents += self.gateway.incidents
        self.statistics.left_out.update(self.supply.left_out)
        self.statistics.unsure += self.supply.unsure
        if not self.target.embedded:
            found = changes(self.exchanges, self.target.settings, self.fragment.documented_fields)
            self.statistics.changed += [(one.id, one.setting, one.became) for one in found]

    def _end(self) -> None:
        look_back(self.context)
        try:
            if self.deferred.held_back:
                # Whether the target is there at all: a cancel that hangs where it is has broken its promise.
                self.context.read(self.deferred.held_back[0].case.appointment or 0)
            if not self.lost:
                look_again(self.context, self.late_looks)
        except ContractsError as error:
            self.ledger.inconclusive += [] if str(error) in self.ledger.inconclusive else [str(error)]
        try:
            self.statistics.left += self.supply.clean()
        except ContractsError as error:
            self.statistics.left += self.supply.active
            self.ledger.inconclusive += [str(error)] if self.statistics.left and not self.lost else []
        weigh(self.context, self.gateway)


def terms_of(target: Target, fragment: Fragment) -> Terms:
    """What clauses are judged by, on a target."""
    settings = target.settings
    return Terms(fragment, target.account, settings.repeat_policy, settings.time_limit)


def provided_ids(target: Target) -> frozenset[int]:
    """The appointments that the settings name, each for one purpose."""
    settings = target.settings
    numbers = (
        settings.readonly_appointment_id,
        settings.paid_expense_appointment_id,
        settings.foreign_appointment_id,
    )
    return frozenset(filter(None, numbers))


def owned(target: Target) -> Ownership:
    """What the settings hand over."""
    settings = target.settings
    accounts = (target.account, settings.foreign_account_id)
    return Ownership(frozenset(filter(None, accounts)), provided_ids(target) | set(settings.appointment_ids))


def _journal(target: Target, part: Share) -> Journal:
    journal = Journal(part.run, str(target.url), target.account, worker=part.number)
    if target.embedded:
        journal.folder = None
    return journal


@contextmanager
def opened(
    target: Target,
    clauses: Sequence[Clause] = CATALOGUE,
    share: Share | None = None,
    watch: Callable[[Exchange], None] = lambda _: None,
) -> Iterator[Run]:
    """A run on a target, or a worker's share of one; its connections are closed at the end."""
    part, fragment = share or Share(), load()
    budget = Budget(part.limits(target), made_by_all=part.shared_state)
    exchanges: list[Exchange] = []
    persons: set[str] = set()
    ledger = Ledger(terms_of(target, fragment), partial(breach_of, persons=persons), clauses)
    statistics = Statistics()
    deferred, gateway = DeferredTimeouts(ledger.judge), Gateway(fragment, provided_ids(target))

    def keep(exchange: Exchange) -> None:
        exchanges.append(exchange)
        persons.update(known(exchange))
        watch(exchange)
        gateway.saw(exchange)
        if exchange.is_of_gateway:
            # It says nothing about the contract until the run ends, nor that the target is there.
            return
        if exchange.case.is_under_test:
            statistics.saw(exchange, fragment.documented_fields)
            if exchange.status is not None:
                ledger.saw(exchange.status)
        deferred.saw(exchange)
        stop_if_hopeless(exchange, exchanges, target)

    with Wire(target) as wire:
        ownership = owned(target)
        sender = Sender(target, Guard(wire, target, ownership, budget), budget, gateway, keep)
        claims, journal = Claims(part.shared_state), _journal(target, part)
        given = part.own(target.settings.appointment_ids, claims)
        supply = Supply(sender.send, target, ownership, budget, journal, given)
        context = Context(target, sender, supply, ownership, ledger, wire.idle, budget.sleep, exchanges)
        run = Run(
            target, fragment, budget, ledger, context, supply, statistics, exchanges, deferred, gateway, claims=claims
        )
        run.late_looks = part.looks(LATE_LOOKS)
        yield run
