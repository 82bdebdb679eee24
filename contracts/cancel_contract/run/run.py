"""One run of the contract: plays scenarios one after another, and ends."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cancel_contract.errors import Afresh, ContractsError, Impatient, Inconclusive, Overspent, Refused, Unprepared
from cancel_contract.exchange.case import FINISH
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.connection import Connection
from cancel_contract.guard.shared_state import Claims
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import joined
from cancel_contract.ledger.exit_code import Effect, effect
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.provided import changes
from cancel_contract.ledger.row import Row
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.redaction.personal_data import discreet_quotes
from cancel_contract.run.context import Context
from cancel_contract.run.failing_views import ask_failing_views
from cancel_contract.run.last_slots import look_for_slots
from cancel_contract.run.last_views import cancel_attacked, look_over
from cancel_contract.run.late_looks import look_again, look_back, weigh
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.seen_later import tell_what_came_later
from cancel_contract.supply.supply import Supply
from cancel_contract.target.settings import variable
from cancel_contract.target.target import Target

LATE_LOOKS: Final = 2
"""How many cancelled appointments are read again at the end, shared among workers (policy)."""


@dataclass(frozen=True, slots=True)
class Played:
    """What one scenario has shown."""

    exercised: tuple[str, ...] = ()
    """Ids of the clauses that it put to the target."""
    breaches: Mapping[str, Breach] = field(default_factory=dict)
    """Its breach of each clause that it broke; of several the one with the smallest request."""
    problems: tuple[str, ...] = ()
    """What went wrong in the suite itself."""
    excuse: str = ""
    """Why it could not be played to its end."""

    @property
    def broken(self) -> tuple[str, ...]:
        """Ids of the clauses that it broke."""
        return tuple(sorted(self.breaches))


@dataclass(slots=True)
class Run:
    """All parts of one run; made by `opened`."""

    connection: Connection
    ledger: Ledger
    context: Context
    supply: Supply
    statistics: Statistics
    claims: Claims = field(default_factory=Claims)
    """What is done once in a run, whichever worker does it."""
    closes: Callable[[Row], bool] = lambda row: effect(row) is Effect.CLOSES
    """Whether a clause closes the gate at present; others are not retried."""
    case: str = ""
    """The one case to play, of those that stand side by side in its scenario; all where it is empty."""
    late_looks: int = LATE_LOOKS
    """How many cancelled appointments are read again at the end."""
    lost: str = ""
    """Why the target is given up."""
    parted: list[tuple[Scenario, frozenset[str]]] = field(default_factory=list)
    """What is sent part by part at the end, and the clauses that it broke."""

    @property
    def target(self) -> Target:
        """The server under test."""
        return self.connection.target

    @property
    def fragment(self) -> Fragment:
        """What is documented."""
        return self.ledger.terms.fragment

    @property
    def budget(self) -> Budget:
        """What may still be sent."""
        return self.connection.budget

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Everything that was exchanged so far."""
        return self.connection.exchanges

    def unset(self, scenario: Scenario) -> str:
        """Return which settings a scenario needs and have no value, in words; empty if it can be played."""
        return self.target.settings.lacking(scenario.needs)

    def play(self, scenario: Scenario) -> Played:
        """Play a scenario, and return what it has shown. If it could not be played, the ledger says why, too.

        If a scenario is the first of the run to break a clause that closes the gate, it is played once more, on new
        appointments and with those of its cases alone that broke the clause, and in the end part by part. What broke
        only sometimes is reported with the count. Provided appointments are not cancelled a second time.
        """
        if self.unset(scenario) or self.lost:
            return Played()
        if scenario.uses_up and not self.claims.claim(f"play {scenario.name}"):
            used = " and ".join(map(variable, scenario.uses_up))
            return self._excused(scenario, f"the appointment of {used} was used in this run, and is not used twice")
        first = self._play_chosen(scenario)
        if self.lost or scenario.uses_up or not (doubted := self._doubted(first.broken)):
            return first
        again = self._retry(scenario, doubted)
        exercised, problems = {*first.exercised, *again.exercised}, (*first.problems, *again.problems)
        breaches = joined(first.breaches, again.breaches)
        return Played(tuple(sorted(exercised)), breaches, problems, first.excuse or again.excuse)

    def _play_chosen(self, scenario: Scenario) -> Played:
        """Play a scenario, or of its cases that stand side by side the chosen one alone."""
        if not self.case:
            return self._play(scenario)
        with self.context.narrowed({self.case}):
            played = self._play(scenario)
        # A key of something else that the scenario sends names none of them: then all are played.
        is_beside = self.context.offered and self.case not in self.context.offered
        return self._play(scenario) if is_beside and not (self.lost or scenario.uses_up) else played

    def _excused(self, scenario: Scenario, reason: str) -> Played:
        self.ledger.excuse(scenario.name, reason)
        return Played(excuse=reason)

    def _doubted(self, broken: Sequence[str]) -> list[str]:
        """Return those of the broken clauses that close the gate and that no worker has retried."""
        closing = [name for name in broken if self.closes(self.ledger.rows[name])]
        return [name for name in closing if self.claims.claim(f"again {name}")]

    def _retry(self, scenario: Scenario, clauses: Sequence[str]) -> Played:
        """Play a scenario once more, with those of its cases alone that broke these clauses."""
        self.context.forget()
        keys = {key for name in clauses for key in self.ledger.broke[name]}
        with self.budget.retrying(), self.context.narrowed(keys):
            played = self._play(scenario, again=True)
        for name in set(clauses).intersection(played.exercised):
            self.ledger.asked_again(name, broke=name in played.breaches)
        broke = frozenset(clauses).intersection(played.broken)
        if broke and (parted := scenario.parted(keys)):
            self.parted.append((parted, broke))
        return played

    def _play(self, scenario: Scenario, *, again: bool = False) -> Played:
        self.context.begin(scenario.name)
        self.context.is_asking_again = again
        excuse = problem = ""
        try:
            excuse = self._play_afresh(scenario)
        except Unprepared as error:
            excuse = str(error)
        except Impatient as error:
            self.lose(str(error))
        except Overspent as error:
            # What needs none of it is played all the same; a spent budget for retries says nothing about the run.
            excuse = str(error)
            self.ledger.doubt(*([] if again else [excuse]))
        except Inconclusive as error:
            self.lose(str(error))
        except Refused as error:
            problem = f"{scenario.name}: {error}"
        except Exception as error:  # noqa: BLE001  a scenario that fails says nothing about the contract
            problem = f"{scenario.name}: {type(error).__name__}: {discreet_quotes(str(error))}"
        if excuse:
            self.ledger.excuse(scenario.name, excuse)
        problems = (problem,) if problem else ()
        self.ledger.suite_failed(*problems)
        shown = self.context.judged
        return Played(tuple(sorted(shown.exercised)), shown.breaches, problems, excuse)

    def _play_afresh(self, scenario: Scenario) -> str:
        """Play a scenario, and again if a gateway has left open whether a cancel was done; returns what stayed open."""
        gateway = self.connection.gateway
        gateway.begin()
        while True:
            try:
                scenario.play(self.context)
            except Afresh as error:
                self.context.leave(error.appointment)
                gateway.begin_anew()
            else:
                break
        facts = [
            f"a gateway answered {one.case.key} instead: {one.fact}"
            if one.answer
            else f"nobody knows what became of {one.case.key}: {one.fact}"
            for one in gateway.unanswered
        ]
        return facts[-1] if facts else ""

    def lose(self, reason: str) -> None:
        """Give the target up: nothing more is played."""
        self.lost = reason
        self.ledger.doubt(reason)

    def end_lane(self) -> None:
        """End a lane beside the first one, which then looks at what all have shown, and cleans up for all."""
        self.context.begin(FINISH)
        try:
            self._play_last()
        except ContractsError as error:
            self.ledger.doubt(str(error))
        self.statistics.took_incidents(self.connection.gateway)

    def finish(self, beside: Sequence["Run"] = ()) -> None:
        """Read cancelled appointments once more, those of lanes `beside` it, too, and leave none active."""
        self.context.begin(FINISH)
        try:
            self._end(beside)
        except KeyboardInterrupt:
            # If this is interrupted, too, at least what is active is reported.
            self.statistics.cleaned(self.supply.active)
            self.ledger.doubt("the run was interrupted while it cleaned up")
        self.statistics.took_incidents(self.connection.gateway)
        self.statistics.took_budget(self.budget)
        self.statistics.supplied(self.supply.left_out, self.supply.unsure)
        self.statistics.found_own_changes(self.supply.learned.settling.fields, self.supply.learned.settling.seconds)
        self.statistics.found_refused(self.connection.request_ids.refused)
        if not self.target.embedded:
            exchanges = self._of_all(beside)
            self.statistics.found_changed(changes(exchanges, self.target.settings, self.fragment.documented_fields))

    def _of_all(self, beside: Sequence["Run"]) -> Sequence[Exchange]:
        """Return everything that was exchanged, in the order in which it was sent."""
        every = (one for run in (self, *beside) for one in run.exchanges)
        return sorted(every, key=lambda exchange: exchange.number)

    def _end(self, beside: Sequence["Run"]) -> None:
        look_back(self.context, self._of_all(beside))
        try:
            self._play_last()
            if not self.lost:
                look_again(self.context, self._of_all(beside), self.late_looks)
                if self.late_looks:
                    self.statistics.found_copies(look_over(self.context, self._of_all(beside)))
                    tell_what_came_later(self.context, self._of_all(beside))
                    cancel_attacked(self.context, self._of_all(beside))
                    look_for_slots(self.context, self._of_all(beside))
                ask_failing_views(self.context, self._of_all(beside))
        except ContractsError as error:
            self.ledger.doubt(str(error))
        try:
            self.statistics.cleaned(self.context.clean())
        except ContractsError as error:
            self.statistics.cleaned(self.supply.active)
            self.ledger.doubt(*([str(error)] if self.statistics.still_active and not self.lost else []))
        weigh(self.context, self.connection.gateway)

    def _play_last(self) -> None:
        """Play what comes after the last scenario."""
        if self.context.deferred.held_back:
            # Check that the target is there at all: a cancel that hangs although it is has broken its promise.
            self.context.read(self.context.deferred.held_back[0].case.appointment or 0)
        if not self.lost:
            self._play_parts()

    def _play_parts(self) -> None:
        """Send part by part what broke a clause, unless what broke it has a sign in common by now."""
        for scenario, broke in self.parted:
            if not all(self.ledger.rows[name].signs.in_common for name in broke):
                with self.budget.retrying():
                    self._play(scenario, again=True)
        self.context.begin(FINISH)
