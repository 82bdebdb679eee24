"""The verdict per clause: counts findings, and merges the ledgers of workers."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from cancel_contract.clauses import (
    CATALOGUE,
    Broken,
    Clause,
    Level,
    NotApplicable,
    Terms,
)
from cancel_contract.clauses.clause import TIME, WIRE
from cancel_contract.clauses.families import FAMILY_OF
from cancel_contract.exchange.episode import Episode, Evidence, Kind, is_judgeable, is_unread
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import joined
from cancel_contract.ledger.comparison import common, named
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.excuses import SPENT, Excuses, spent_by_breaches
from cancel_contract.ledger.memory import Memory
from cancel_contract.ledger.row import Row, Verdict, because, counted, dumped, merged, with_failures
from cancel_contract.ledger.signs import Compared
from cancel_contract.target.settings import not_set, variable, waived


@dataclass(frozen=True, slots=True)
class Judgement:
    """What evidence shows: the ids of the clauses that it exercises, and the breaches by clause."""

    exercised: frozenset[str] = frozenset()
    breaches: Mapping[str, Breach] = field(default_factory=dict)

    @property
    def broken(self) -> frozenset[str]:
        """The ids of the clauses that it breaks."""
        return frozenset(self.breaches)

    def __or__(self, other: "Judgement") -> "Judgement":
        return Judgement(self.exercised | other.exercised, joined(self.breaches, other.breaches))


@dataclass(slots=True)
class Ledger:
    """What a run has found so far; safe for threads."""

    terms: Terms
    clauses: Sequence[Clause] = CATALOGUE
    rows: dict[str, Row] = field(init=False)
    broke: dict[str, set[str]] = field(default_factory=dict)
    """The keys of the cases that broke each clause."""
    statuses: dict[int, int] = field(default_factory=dict)
    excuses: dict[str, str] = field(default_factory=dict)
    """Why a scenario could not be played, by its name."""
    suite_failures: list[str] = field(default_factory=list)
    """What went wrong in the suite itself."""
    inconclusive: list[str] = field(default_factory=list)
    """What kept the run from a verdict."""
    partial: bool = False
    known: frozenset[str] = frozenset()
    """The fields that are known to deviate: a breach by differences of these alone is told after all others."""
    differing: set[str] = field(default_factory=set)
    """The fields that differed in any breach."""
    memory: Memory = field(default_factory=Memory, repr=False)
    """What was seen of each appointment."""
    _lock: Lock = field(default_factory=Lock, repr=False)
    _needed: frozenset[str] = field(init=False, repr=False)
    _of_fixture_requests: Sequence[Clause] = field(init=False, repr=False)
    """The clauses that judge the answers to fixture requests, too."""
    _by_kind: dict[Kind | None, Sequence[Clause]] = field(default_factory=dict, repr=False)
    """The clauses that judge each kind of episode, and single exchanges."""

    def __post_init__(self) -> None:
        self.rows = {clause.id: Row(clause) for clause in self.clauses}
        self._needed = frozenset(name for clause in self.clauses for name in clause.needs)
        self._of_fixture_requests = [clause for clause in self.clauses if clause.judges_fixture_requests]

    def judge(
        self, evidence: Evidence, *, terms: Terms | None = None, clauses: Sequence[Clause] | None = None
    ) -> Judgement:
        """Put a piece of evidence to every clause; gives which were exercised by it, and which it breaks.

        Where a gateway answered in the application's place, there is nothing to judge. `terms` and `clauses` stand in
        for the ledger's own.
        """
        if not is_judgeable(evidence):
            return Judgement()
        # Most clauses look at other kinds; to ask each of them costs as much as the judging.
        bearing = self._about(evidence) if clauses is None else clauses
        if is_unread(evidence):
            # One cause: whatever else would be said of the answer follows from its delivery.
            bearing = [clause for clause in bearing if clause.evidence & (WIRE | TIME)]
        judged = named(evidence), common(evidence, self.memory) if bearing else frozenset[str]()
        shown = {clause.id: self._judge(clause, evidence, terms or self.terms, judged) for clause in bearing}
        breaches = {name: breach for name, (_, breach) in shown.items() if breach}
        keys = {evidence.case.key} if isinstance(evidence, Exchange) else evidence.keys
        with self._lock:
            for name in breaches:
                self.broke.setdefault(name, set()).update(keys)
        return Judgement(frozenset(name for name, (exercised, _) in shown.items() if exercised), breaches)

    def _about(self, evidence: Evidence) -> Sequence[Clause]:
        """Return the clauses that may have something to say about a piece of evidence: few about the answer
        to a fixture request alone.
        """
        if isinstance(evidence, Exchange) and not evidence.case.is_under_test:
            return self._of_fixture_requests
        kind = evidence.kind if isinstance(evidence, Episode) else None
        if kind not in self._by_kind:
            alike = [clause for clause in self.clauses if isinstance(evidence, clause.over)]
            self._by_kind[kind] = [one for one in alike if kind is None or one.family == FAMILY_OF[kind]]
        return self._by_kind[kind]

    def _judge(self, clause: Clause, evidence: Evidence, terms: Terms, judged: Compared) -> tuple[bool, Breach | None]:
        """Judge by one clause; returns whether it was exercised, and the breach."""
        try:
            findings = clause.judge(evidence, terms)
        except Exception as error:  # noqa: BLE001  whatever a clause raises is the suite's fault, and is told as such
            failure = _failure(error, evidence)
            self._change(clause.id, lambda row: replace(row, failures=with_failures(row.failures, failure)))
            return True, None
        if not findings:
            return False, None
        breaches = [finding for finding in findings if isinstance(finding, Broken)]
        absent = [finding.evidence for finding in findings if isinstance(finding, NotApplicable)]
        smallest = self._breach(evidence, breaches) if breaches else None
        held = len(findings) - len(breaches) - len(absent)
        absence = next(iter(absent), "")
        self._change(clause.id, lambda row: counted(row, held, len(breaches), smallest, absence, judged))
        return True, smallest

    def _breach(self, evidence: Evidence, breaches: Sequence[Broken]) -> Breach:
        """Return the breach to show: of several the first that is not known."""
        fields = [{one.field for one in breach.differences} for breach in breaches]
        with self._lock:
            self.differing.update(*fields)
        strange = next((number for number, each in enumerate(fields) if not each <= self.known), None)
        shown = breach_of(evidence, breaches[strange or 0], self.memory)
        return replace(shown, is_known=True) if strange is None else shown

    def _change(self, clause_id: str, change: Callable[[Row], Row]) -> None:
        with self._lock:
            self.rows[clause_id] = change(self.rows[clause_id])

    def saw(self, status: int) -> None:
        """Count a status that the endpoint under test has answered."""
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def asked_again(self, clause_id: str, *, broke: bool) -> None:
        """Note whether a clause broke again when what broke it was asked again."""
        self._change(
            clause_id, lambda row: row if not broke and row.signs.is_asked_otherwise else replace(row, again=broke)
        )

    def select(self, *, partial: bool) -> None:
        """Note whether scenarios were left out by a selection."""
        self.partial = partial

    def suite_failed(self, *lines: str) -> None:
        """Note what went wrong in the suite itself."""
        with self._lock:
            self.suite_failures += [line for line in dict.fromkeys(lines) if line not in self.suite_failures]

    def doubt(self, *reasons: str) -> None:
        """Note what keeps the run from a verdict."""
        with self._lock:
            self.inconclusive += [line for line in dict.fromkeys(reasons) if line not in self.inconclusive]

    def excuse(self, scenario: str, reason: str) -> None:
        """Note why a scenario was not played."""
        with self._lock:
            self.excuses[scenario] = reason

    def finished(
        self,
        missing: Callable[[str], bool],
        declined: AbstractSet[str] = frozenset(),
        exercised_by: Mapping[str, AbstractSet[str]] = MappingProxyType({}),
    ) -> tuple[Row, ...]:
        """Return every clause with its verdict, and the reason of those that are neither held nor broken.

        `missing` says whether a setting has no value; `declined` are the settings that say `none`; `exercised_by` are
        the names of the scenarios that exercise a clause.
        """
        return tuple(
            self._explained(row, missing, declined, exercised_by.get(row.clause.id, frozenset()))
            for row in self.rows.values()
        )

    def _explained(
        self, row: Row, missing: Callable[[str], bool], declined: AbstractSet[str], exercised_by: AbstractSet[str]
    ) -> Row:
        verdict = row.verdict
        if verdict is Verdict.NOT_APPLICABLE:
            return because(row, row.absent)
        if verdict is not Verdict.UNTESTED:
            return row.plainly_told
        if waiving := [name for name in row.clause.needs if name in declined]:
            return because(row, waived(waiving[0]), variable(waiving[0]))
        return because(row, self._reason(row.clause, missing, exercised_by))

    def _reason(self, clause: Clause, missing: Callable[[str], bool], exercised_by: AbstractSet[str]) -> str:
        if unset := [name for name in clause.needs if missing(name)]:
            return not_set(unset)
        excuses = Excuses(self.excuses, frozenset(clause.needs), self._needed.difference(clause.needs))
        if self.partial:
            return next(excuses.own(exercised_by), "not selected")
        broken = [name for name, row in self.rows.items() if row.broken and row.clause.level is Level.MUST]
        known = chain(excuses.own(exercised_by), excuses.near(clause.family), self.inconclusive)
        unjudged = (f"no answer could be judged by it, and {name} is broken: mend that first" for name in broken)
        reason = next(chain(known, unjudged), "not exercised in this run")
        return spent_by_breaches(reason) if broken and SPENT in reason else reason

    def dump(self) -> dict[str, Any]:
        """Return the ledger as plain data, for a worker to send."""
        return {
            "rows": {name: dumped(row) for name, row in self.rows.items() if row != Row(row.clause)},
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "excuses": dict(self.excuses),
            "suite_failures": list(self.suite_failures),
            "inconclusive": list(self.inconclusive),
            "differing": sorted(self.differing),
        }

    def merge(self, brought: Mapping[str, Any]) -> None:
        """Add what a worker found."""
        for name, data in brought["rows"].items():
            self._change(name, partial(merged, data=data))
        for status, count in brought["statuses"].items():
            self.statuses[int(status)] = self.statuses.get(int(status), 0) + count
        self.excuses.update(brought["excuses"])
        self.differing.update(brought["differing"])
        self.suite_failed(*brought["suite_failures"])
        self.doubt(*brought["inconclusive"])


def _failure(error: Exception, evidence: Evidence) -> str:
    """Where a clause's own code crashed, and on what: file, line, type and case contain no personal data."""
    inner = traceback.extract_tb(error.__traceback__)[-1]
    case = evidence.case.key if isinstance(evidence, Exchange) else ", ".join(sorted(evidence.keys)[:2])
    return f"crashed at {Path(inner.filename).name}:{inner.lineno}, {type(error).__name__}, case {case or 'none'}"
