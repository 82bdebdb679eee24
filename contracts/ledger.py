"""The verdict per clause. Lives here: counting findings, merging ledgers, the gate's decision. May not know: HTTP, how
things are printed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import IntEnum
from functools import partial
from threading import Lock
from typing import Any, Final

from contracts.clauses import CATALOGUE, Clause, Level, Terms
from contracts.deviation import Judged, Standing
from contracts.episode import Evidence
from contracts.exchange import Exchange
from contracts.settings import not_set, variable


class Verdict(IntEnum):
    """What is known of a clause after a run, from best to worst."""

    HELD = 0
    UNTESTED = 1
    BROKEN = 2
    ABORTED = 3


class Exit(IntEnum):
    """The exit codes of a run (README, "Verdicts")."""

    HELD = 0
    BROKEN = 1
    ABORTED = 3
    MISCONFIGURED = 4
    INCONCLUSIVE = 6


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach as it can be told and repeated: texts only, no secrets, no persons' data."""

    message: str
    key: str
    """The case that showed it: what `--case` takes."""
    curl: str
    answer: str
    size: int
    """How large the request is; of several the smallest is told."""
    is_safe: bool = False
    """Whether the request may be sent again on any appointment: it only reads, or was refused and changed nothing."""
    headers: str = ""
    """The answer's headers, a line each."""


@dataclass(frozen=True, slots=True)
class Row:
    """A clause with what a run found."""

    clause: Clause
    held: int = 0
    broken: int = 0
    breach: Breach | None = None
    failures: tuple[str, ...] = ()
    """Why the clause itself could not judge."""
    reason: str = ""
    """Why it is untested."""

    @property
    def verdict(self) -> Verdict:
        """The worst of what was found; nothing found is UNTESTED."""
        if self.failures:
            return Verdict.ABORTED
        if self.broken:
            return Verdict.BROKEN
        return Verdict.HELD if self.held else Verdict.UNTESTED


MUST_BE_SEEN: Final = (200, 401, 404)
"""A run that never saw one of these was not a run of this contract (policy)."""


@dataclass(slots=True)
class Ledger:
    """What a run found so far; safe for threads."""

    terms: Terms
    tell: Callable[[Evidence, str], Breach]
    """Renders a piece of evidence with a breach's message."""
    clauses: Sequence[Clause] = CATALOGUE
    rows: dict[str, Row] = field(init=False)
    broke: set[str] = field(default_factory=set)
    """The keys of the cases that broke a clause."""
    statuses: dict[int, int] = field(default_factory=dict)
    excuses: dict[str, str] = field(default_factory=dict)
    """Why a situation could not be played, by its name."""
    harness: list[str] = field(default_factory=list)
    """What went wrong in the suite itself."""
    inconclusive: list[str] = field(default_factory=list)
    """What kept the run from a verdict."""
    partial: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __post_init__(self) -> None:
        self.rows = {clause.id: Row(clause) for clause in self.clauses}

    def judge(self, evidence: Evidence) -> tuple[str, ...]:
        """Put a piece of evidence to every clause; gives the ids of those that it breaks."""
        # Most clauses look at the other kind; to ask each of them costs as much as the judging.
        bearing = [clause for clause in self.clauses if isinstance(evidence, clause.over)]
        broken = tuple(clause.id for clause in bearing if self._judge(clause, evidence))
        if broken:
            self.broke |= {evidence.case.key} if isinstance(evidence, Exchange) else evidence.keys
        return broken

    def _judge(self, clause: Clause, evidence: Evidence) -> bool:
        try:
            findings = clause.judge(evidence, self.terms)
        except Exception as error:  # noqa: BLE001  whatever a clause raises is the suite's fault, and is told as such
            failure = _told(error)
            self._change(clause.id, lambda row: replace(row, failures=(*row.failures[:2], failure)))
            return False
        breaches = [finding for finding in findings if finding]
        if findings:
            smallest = self.tell(evidence, breaches[0]) if breaches else None
            self._change(clause.id, lambda row: _counted(row, len(findings) - len(breaches), len(breaches), smallest))
        return bool(breaches)

    def _change(self, clause_id: str, change: Callable[[Row], Row]) -> None:
        with self._lock:
            self.rows[clause_id] = change(self.rows[clause_id])

    def saw(self, status: int) -> None:
        """Count a status that the endpoint under test has answered."""
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def excuse(self, situation: str, reason: str) -> None:
        """Note why a situation was not played."""
        with self._lock:
            self.excuses[situation] = reason

    def finished(self, missing: Callable[[str], bool]) -> tuple[Row, ...]:
        """Every clause with its verdict, untested ones with the reason; `missing` tells whether a setting is unset."""
        return tuple(
            replace(row, reason=self._reason(row.clause, missing)) if row.verdict is Verdict.UNTESTED else row
            for row in self.rows.values()
        )

    def _reason(self, clause: Clause, missing: Callable[[str], bool]) -> str:
        if unset := [name for name in clause.needs if missing(name)]:
            return not_set(unset)
        if self.partial:
            return "not selected"
        own = [reason for reason in self.excuses.values() if _names(reason, clause.needs)]
        others = {name for each in self.clauses for name in each.needs} - {*clause.needs}
        bearing = {name: reason for name, reason in self.excuses.items() if not _names(reason, others)}
        near = [reason for name, reason in bearing.items() if name.startswith(f"{clause.family}/")]
        return next(iter((*own, *near, *bearing.values(), *self.inconclusive)), "no answer put it to the test")

    def dump(self) -> dict[str, Any]:
        """The ledger as plain data, to travel from a worker."""
        return {
            "rows": {name: _dumped(row) for name, row in self.rows.items() if row != Row(row.clause)},
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "excuses": dict(self.excuses),
            "harness": list(self.harness),
            "inconclusive": list(self.inconclusive),
        }

    def merge(self, dumped: Mapping[str, Any]) -> None:
        """Take in what a worker found."""
        for name, data in dumped["rows"].items():
            self._change(name, partial(_merged, data=data))
        for status, count in dumped["statuses"].items():
            self.statuses[int(status)] = self.statuses.get(int(status), 0) + count
        self.excuses.update(dumped["excuses"])
        self.harness += [line for line in dumped["harness"] if line not in self.harness]
        self.inconclusive += [line for line in dumped["inconclusive"] if line not in self.inconclusive]


def _names(reason: str, settings: Iterable[str]) -> bool:
    return any(variable(name) in reason for name in settings)


def _told(error: Exception) -> str:
    return f"{type(error).__name__} in its own code"


def _counted(row: Row, held: int, broken: int, breach: Breach | None) -> Row:
    # `replace` takes several times as long, and a recording has millions of findings.
    return Row(row.clause, row.held + held, row.broken + broken, _smaller(row.breach, breach), row.failures, row.reason)


def _smaller(one: Breach | None, other: Breach | None) -> Breach | None:
    both = [breach for breach in (one, other) if breach]
    return min(both, key=lambda breach: (breach.size, breach.key)) if both else None


def _dumped(row: Row) -> dict[str, Any]:
    breach = asdict(row.breach) if row.breach else None
    return {"held": row.held, "broken": row.broken, "breach": breach, "failures": list(row.failures)}


def _merged(row: Row, data: Mapping[str, Any]) -> Row:
    breach = Breach(**data["breach"]) if data["breach"] else None
    counted = _counted(row, data["held"], data["broken"], breach)
    return replace(counted, failures=(*row.failures, *data["failures"]))


def exit_code(
    rows: Iterable[Row], ledger: Ledger, deviating: Mapping[str, Judged] | None = None, *, strict: bool = False
) -> Exit:
    """What the run's end says to the pipeline; the first that applies.

    A known deviation does not close the gate; one that is expired, or that no longer deviates, does.
    """
    known = {name: judged.standing is Standing.KNOWN for name, judged in (deviating or {}).items()}
    closing = [
        row for row in rows if (row.clause.level is Level.MUST or strict) and not known.get(row.clause.id, False)
    ]
    if any(row.verdict is Verdict.BROKEN for row in closing) or not all(known.values()):
        return Exit.BROKEN
    if ledger.harness or any(row.verdict is Verdict.ABORTED for row in ledger.rows.values()):
        return Exit.ABORTED
    untested = any(row.verdict is Verdict.UNTESTED for row in closing) and not ledger.partial
    if ledger.inconclusive or untested or (unseen(ledger) and not ledger.partial):
        return Exit.INCONCLUSIVE
    return Exit.HELD


def unseen(ledger: Ledger) -> tuple[int, ...]:
    """The statuses that a run has to see, and has not seen."""
    return tuple(status for status in MUST_BE_SEEN if status not in ledger.statuses)
