"""The contract run of one pytest session: its settings, scenarios and clauses, its begin, end and verdict."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cancel_contract.clauses import BY_ID, CATALOGUE
from cancel_contract.errors import Unreachable
from cancel_contract.exchange.case import FINISH
from cancel_contract.fragment.document import Fragment
from cancel_contract.guard.shared_state import FIT, REFUSED_HEADERS, SharedState
from cancel_contract.guard.wire import Transport
from cancel_contract.ledger.deviation import Deviation, Judged
from cancel_contract.ledger.deviations import gone, judged, lasting
from cancel_contract.ledger.exit_code import (
    Effect,
    Exit,
    effect,
    exit_code,
)
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.recording import entries
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.run import forecast, preflight
from cancel_contract.run.assembly import opened, terms_of
from cancel_contract.run.exercised import exercising, relation
from cancel_contract.run.lanes import Lanes, Shown
from cancel_contract.run.profiles import Generation, Profile, generation, scenarios
from cancel_contract.run.run import Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.share import Share
from cancel_contract.run.target_lock import hold
from cancel_contract.target.settings import Settings
from cancel_contract.target.target import Target


@dataclass(frozen=True, slots=True)
class Reports:
    """Where reports are asked for."""

    json: Path | None = None
    html: Path | None = None
    har: Path | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a session was asked to do."""

    settings: Settings
    profile: Profile
    seed: int | None = None
    clauses: tuple[str, ...] = ()
    case: str | None = None
    strict: bool = False
    plan: bool = False
    lanes: int | None = None
    deviations: Mapping[str, Deviation] = field(default_factory=dict)
    reports: Reports = field(default_factory=Reports)

    target: Target = field(init=False)
    """The target; the embedded one as it is before it starts."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "target", Target(self.settings) if self.settings.base_url else self._embedded())

    def _embedded(self) -> Target:
        # The provider and its server take time to load, which a gate does not need.
        from cancel_contract.run.embedded import shown  # noqa: PLC0415

        return shown(self.settings)

    def scenarios(self, fragment: Fragment) -> tuple[Scenario, ...]:
        """Return every scenario that the session plays: of a selection, those that can exercise it."""
        every = scenarios(self.profile, fragment, self.seed)
        if self.case:
            return tuple(one for one in every if one.name == self.case.partition("#")[0])
        return exercising(self.clauses, every) if self.clauses else every

    def generation(self, fragment: Fragment) -> Generation | None:
        """Which generated cases a session of pytest draws anew; None where it plays those that are stored."""
        found = generation(self.profile, fragment, self.seed)
        return found if found and any(one.family == "generated" for one in self.scenarios(fragment)) else None

    def again(self, key: str) -> str:
        """The command that plays a case again; what no scenario plays by itself takes a whole run."""
        where = "" if self.settings.base_url is None else f" --target {self.settings.base_url}"
        seed = "" if self.seed is None else f" --hypothesis-seed={self.seed}"
        is_played = "#" in key and not key.startswith(f"{FINISH}#")
        case = f" --case '{key}'" if is_played else ""
        return f"cancel-contract gate{where} --contract-profile {self.profile}{seed}{case}"


@dataclass(slots=True)
class Contract:
    """The run of one session: begun when its first item is played, ended when the session ends."""

    choice: Choice
    fragment: Fragment
    share: Share = field(default_factory=Share)
    partial: bool = False
    run: Run | None = None
    ledger: Ledger | None = None
    statistics: Statistics = field(default_factory=Statistics)
    rows: tuple[Row, ...] = ()
    deviating: Mapping[str, Judged] = field(default_factory=dict)
    code: Exit = Exit.HELD
    others_failed: bool = False
    """Whether an item failed, or a file was not collected, for a reason other than a clause or the suite itself."""
    failed_clauses: set[str] = field(default_factory=set)
    """The clauses for which an item has failed."""
    collected: bool = False
    """Whether items of the contract were collected, so that some have to be played."""
    interrupted: bool = False
    """Whether the run was stopped from outside."""
    crashed: list[str] = field(default_factory=list)
    """Workers that sent nothing back."""
    stopped: list[str] = field(default_factory=list)
    """Workers that sent nothing back because the run was interrupted."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    """Requests and answers as plain data; kept if a HAR is asked for."""
    wire: Transport | None = None
    """What stands in for the network."""
    problem: str = ""
    """Why the run cannot begin, known before the target is asked."""
    ahead: tuple[Scenario, ...] = ()
    """The scenarios that will be asked for, in their order; several may be played side by side."""
    lanes: Lanes | None = None
    is_held: bool = False
    """Whether the target's lock was requested already."""
    tell: Callable[[str], None] = lambda _: None
    """Reports to people who wait why nothing is shown yet."""
    _stack: ExitStack = field(default_factory=ExitStack)

    def begun(self) -> Run:
        """Return the run, begun if it was not: the target is started, or asked whether it is fit to be tested."""
        if self.run is None:
            target = self._stack.enter_context(self._reached())
            clauses = [BY_ID[name] for name in self.choice.clauses] or list(CATALOGUE)
            self.run = self._stack.enter_context(opened(target, clauses, self.share, self.wire))
            self.ledger = self.run.ledger
            self.ledger.known = lasting(self.choice.deviations, datetime.now(UTC).date())
            self.run.closes, self.run.case = self._closes, self.choice.case or ""
            if not target.embedded:
                self._check(self.run)
        return self.run

    def play(self, scenario: Scenario) -> Shown:
        """Return what a scenario shows, played now or ahead of now."""
        if self.lanes is None:
            self.lanes = Lanes(self.begun(), self.share, self.ahead, self.choice.lanes)
        return self.lanes.shown(scenario)

    @contextmanager
    def _reached(self) -> Iterator[Target]:
        if self.choice.settings.base_url is None:
            from cancel_contract.run import embedded  # noqa: PLC0415  as above

            with embedded.embedded(self.choice.settings) as target:
                yield target
        else:
            yield self.choice.target

    def hold(self) -> None:
        """Take the target's lock, once; of several workers none does, but their controller."""
        if self.is_held or self.choice.target.embedded:
            return
        self.is_held = True
        try:
            self._stack.enter_context(hold(self.choice.target))
        except Unreachable as error:
            self.problem = str(error)

    def _check(self, run: Run) -> None:
        """Ask whether the target is fit: once on each machine, so that no worker writes anything to another service."""
        self.hold()
        if problem := self.problem or self._found(run):
            run.lose(problem)

    def _found(self, run: Run) -> str:
        """Return what prevents the test; whatever worker asks, all leave out a header that the target refuses."""
        ids, shared = run.connection.request_ids, self.share.shared_state

        def ask() -> str:
            with preflight.waits_told(run.budget, run.target, self.tell):
                problem = preflight.first_problem(run.context)
            if shared:
                shared.once(lambda: ids.refused, REFUSED_HEADERS)
            return problem

        if not shared:
            return ask()
        problem = shared.once(ask, FIT)
        ids.settle(shared.once(lambda: ids.refused, REFUSED_HEADERS))
        return problem

    @property
    def is_unplayed(self) -> bool:
        """Whether items of the contract were collected, and none was played although nothing forbade it."""
        return self.collected and self.ledger is None and not self.choice.plan

    def excesses(self, collected: int) -> tuple[str, ...]:
        """Return why a run of as many scenarios as were collected cannot begin: its plan does not fit the budgets.

        A run of a selection judges in part, and need not fit.
        """
        every = self.choice.scenarios(self.fragment)
        self.partial |= collected < len(every)
        if self.partial or self.choice.plan or self.choice.target.embedded:
            return ()
        found = forecast.excesses(self.choice.target.settings, every)
        return tuple(f"profile {self.choice.profile} does not fit: {excess}" for excess in found)

    def finish(self) -> None:
        """End what this process has played."""
        if self.run is not None:
            self.run.ledger.select(partial=self.partial)
            lanes = self.lanes or Lanes(self.run, self.share, ())
            lanes.stop(interrupted=self.interrupted)
            for run in lanes.finish():
                self.statistics.merge(run.statistics.dump())
                if self.choice.reports.har:
                    self.exchanges += entries(run.exchanges)
        self._stack.close()

    def dump(self) -> dict[str, Any]:
        """Return what a worker sends back."""
        ledger = self.ledger.dump() if self.ledger else None
        return {
            "ledger": ledger,
            "statistics": self.statistics.dump(),
            "exchanges": self.exchanges,
            "collected": self.collected,
        }

    def merge(self, dumped: Mapping[str, Any]) -> None:
        """Add what a worker sends back."""
        self.collected |= dumped["collected"]
        if dumped["ledger"] is None:
            return
        if self.ledger is None:
            clauses = [BY_ID[name] for name in self.choice.clauses] or list(CATALOGUE)
            self.ledger = Ledger(terms_of(self.choice.target, self.fragment), clauses)
        self.ledger.select(partial=self.partial)
        self.ledger.merge(dumped["ledger"])
        self.statistics.merge(dumped["statistics"])
        self.exchanges += dumped["exchanges"]

    def conclude(self, today: date) -> None:
        """Reach the verdict, after every worker has ended."""
        SharedState(self.share.run).forget()
        if self.ledger is not None:
            self.ledger.suite_failed(*(f"worker {name} crashed" for name in self.crashed))
            self.ledger.doubt(*(["the run was interrupted"] if self.interrupted else []))
            stopped = (f"worker {name} was stopped before it brought home what it found" for name in self.stopped)
            self.ledger.doubt(*stopped)
            settings = self.choice.target.settings
            self.rows = self.ledger.finished(settings.is_missing, settings.declined, relation())
            is_whole = not (self.ledger.partial or self.ledger.inconclusive)
            unseen = gone(self.rows, self.choice.deviations, self.ledger.differing) if is_whole else ()
            self.deviating = {**dict(unseen), **dict(judged(self.rows, self.choice.deviations, today))}
            self.ledger.doubt(*self._unanswered())
            self.failed()

    def effect(self, row: Row) -> Effect:
        """Return what a clause does to the gate of this run."""
        return effect(row, self.deviating.get(row.clause.id), strict=self.choice.strict)

    def closes(self, name: str, today: date) -> bool:
        """Whether a clause closes the gate at present."""
        return self._closes(self.begun().ledger.rows[name], today)

    def _closes(self, row: Row, today: date | None = None) -> bool:
        day = today or datetime.now(UTC).date()
        entry = dict(judged([row], self.choice.deviations, day)).get(row.clause.id)
        return effect(row, entry, strict=self.choice.strict) is Effect.CLOSES

    def failed(self, *lines: str) -> None:
        """Return the exit code after the suite itself has failed, as the lines say."""
        if self.ledger is not None:
            self.ledger.suite_failed(*lines)
            self.code = exit_code(self.rows, self.ledger, self.deviating, strict=self.choice.strict)

    def _unanswered(self) -> Iterator[str]:
        """Yield what was asked for by name and not exercised: a selection must not avoid a verdict."""
        untested = [row for row in self.rows if row.verdict is Verdict.UNTESTED and row.clause.id not in self.deviating]
        if self.choice.clauses:
            yield from (f"--clause {row.clause.id} was not exercised: {row.reason}" for row in untested)
        elif self.partial and len(untested) == len(self.rows):
            excuses = [*self.ledger.excuses.values()] if self.ledger else []
            yield f"nothing of what was selected was exercised: {excuses[0] if excuses else 'see -rs'}"
