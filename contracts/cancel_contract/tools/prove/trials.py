"""Runs the trials of the proof: each fault has to be found, and no variant may raise an alarm."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import repeat
from time import perf_counter
from typing import Any, Final, Literal

from cancel_contract.clauses import BY_ID, Level
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.fragment.document import load
from cancel_contract.ledger.exit_code import Exit, exit_code
from cancel_contract.ledger.recording import entries
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.provider import (
    FAULTS,
    SEED,
    VARIANTS,
    Provider,
)
from cancel_contract.provider.variants.catalogue import variant
from cancel_contract.report import har_report
from cancel_contract.run.assembly import opened
from cancel_contract.run.embedded import embedded
from cancel_contract.run.preflight import first_problem
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.run import Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.target.settings import Settings
from cancel_contract.tools.judge.recording_judge import Expected, RecordingJudge

PATIENCE: Final = 0.4
"""Seconds of the time limit for faults of slowness, so that they do not cost minutes. All others have the usual ten, so
that a busy machine raises no alarm.
"""
LIMITS: Final = {"max_requests": 5000, "max_appointments": 400, "time_limit": 10.0}
# What an honest variant needs of the settings.
_WHEREABOUTS: Final[dict[str, dict[str, Any]]] = {
    "repeat-rejected": {"repeat_policy": "rejected"},
    "creation-refused": {"appointment_ids": SEED.paid_expense_appointment_ids[1:]},
}
# If appointments cannot be created, clauses stay untested: that is no alarm.
_UNTESTED: Final = frozenset({"creation-refused"})


class Sort(StrEnum):
    """The kind of a trial."""

    FAULT = "fault"
    VARIANT = "variant"


class Ends(StrEnum):
    """The scenario with which a trial ends."""

    LAST = "last"
    BREACH = "breach"
    """The first that breaks a clause, as under `pytest -x`."""
    FOUND = "found"
    """The first that breaks the fault's own clause; of a variant the last."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault, which must break its clause, or a variant, which may break none; without a name, the plain provider."""

    sort: Sort
    name: str
    clause: str = ""

    @property
    def family(self) -> str:
        """The family of the fault's clause."""
        return self.clause.partition("/")[0]


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What the suite found."""

    trial: Trial
    broken: tuple[str, ...]
    code: int
    requests: int
    seconds: float
    first: int | None = None
    """Requests until the fault's clause broke."""
    troubles: tuple[str, ...] = field(default=())
    """What kept the suite from a verdict."""
    strangers: int = 0
    """Requests that named an appointment that was not the run's own."""
    touched: int = 0
    """Strangers' appointments that were changed."""
    appointments: int = 0
    left: int = 0
    """Appointments that were created and are still active."""
    misjudged: tuple[str, ...] = ()
    """Of a variant: what `judge` reports of the run's own recording and the run does not."""

    @property
    def is_right(self) -> bool:
        """Whether the fault was found by its clause, or the variant raised no alarm; and no stranger was touched."""
        if self.strangers or self.touched or self.misjudged:
            return False
        if self.trial.sort is Sort.FAULT:
            return self.trial.clause in self.broken and self.code == Exit.BROKEN
        expected = Exit.INCONCLUSIVE if self.trial.name in _UNTESTED else Exit.HELD
        return not self.alarms and self.code == expected

    @property
    def alarms(self) -> tuple[str, ...]:
        """The clauses that broke although the variant keeps them."""
        return tuple(name for name in self.broken if name not in _forgiven(self.trial))


def _forgiven(trial: Trial) -> frozenset[str]:
    """The SHOULD clauses that an honest variant need not keep."""
    given = variant(trial.name).should if trial.name else frozenset()
    return frozenset(name for name in given if BY_ID[name].level is Level.SHOULD)


def trials() -> tuple[Trial, ...]:
    """Return every fault and every variant."""
    return (
        *(Trial(Sort.FAULT, fault.name, fault.clause) for fault in FAULTS),
        *(Trial(Sort.VARIANT, variant.name) for variant in VARIANTS),
    )


def turn(number: int) -> tuple[Trial, ...]:
    """Return a fault of each clause, another one each turn until all had theirs, and a quarter of the variants."""
    every = trials()
    clauses = dict.fromkeys(trial.clause for trial in every if trial.clause)
    faults = [[trial for trial in every if trial.clause == clause] for clause in clauses]
    variants = [trial for trial in every if trial.sort is Sort.VARIANT]
    return (*[members[number % len(members)] for members in faults], *variants[number % 4 :: 4])


def attempt(trial: Trial, profile: Profile, seed: int | None = None, ends: Ends = Ends.LAST) -> TrialResult:
    """Run the contract against a provider with one fault or variant."""
    return tried(trial, scenarios(profile, load(), seed), ends=ends)


def tried(
    trial: Trial,
    chosen: Iterable[Scenario],
    *,
    strangers: int = 50,
    limits: Mapping[str, float] = LIMITS,
    ends: Ends = Ends.LAST,
) -> TrialResult:
    """Play scenarios against a provider with one fault or variant, and so many strangers' appointments."""
    named = [trial.name] if trial.name else []
    faults, variants = (named, []) if trial.sort is Sort.FAULT else ([], named)
    policy: Literal["idempotent", "rejected"] = "rejected" if trial.name == "repeat-rejected" else "idempotent"
    provider = Provider(faults, variants, repeat_policy=policy, strangers=strangers)
    patience = {"time_limit": PATIENCE} if trial.clause == "answer/time-limit" else {}
    settings = Settings.model_validate({**limits, **patience})
    begun = perf_counter()
    with embedded(settings, provider, **_WHEREABOUTS.get(trial.name, {})) as target, opened(target) as run:
        # As a gate begins: it asks what its requests may bear.
        first_problem(run.context)
        first = _play(run, chosen, trial.clause, ends)
        rows = run.ledger.finished(lambda _: False)
    seconds = perf_counter() - begun
    return TrialResult(
        trial,
        tuple(row.clause.id for row in rows if row.verdict is Verdict.BROKEN),
        exit_code(rows, run.ledger, strict=_is_should(trial)),
        run.statistics.requests,
        seconds,
        first,
        (*run.ledger.suite_failures, *run.ledger.inconclusive, *_aborted(rows)),
        provider.audit.named,
        len(provider.audit.touched),
        run.statistics.appointments,
        len(provider.audit.active(PREFIX)),
        tuple(misjudged(run, rows, _forgiven(trial))) if trial.sort is Sort.VARIANT and ends is not Ends.BREACH else (),
    )


def misjudged(run: Run, rows: Iterable[Row], forgiven: AbstractSet[str] = frozenset()) -> Iterator[str]:
    """Judge the recording that a run would write; returns what a correct server may not be blamed for.

    `forgiven` are the SHOULD clauses that it need not keep: a recording does not show every reason for that.
    """
    settings, clean = run.target.settings, run.target.redactor.clean_text
    text = clean(har_report.render(entries(run.exchanges), ""))
    judging = RecordingJudge(run.fragment, Expected(settings.repeat_policy, settings.time_limit))
    for number, entry in enumerate(json.loads(text)["log"]["entries"], start=1):
        judging.take(number, entry)
    judged = judging.finish()
    # The run itself reports what it found broken.
    known = {row.clause.id for row in rows if row.verdict is Verdict.BROKEN} | forgiven
    alarms = [row for row in judged if row.verdict in {Verdict.BROKEN, Verdict.ABORTED}]
    wrong = (row for row in alarms if row.clause.id not in known)
    yield from (
        f"its recording breaks {row.clause.id}: {row.breach.message if row.breach else row.failures}" for row in wrong
    )
    # If the run itself found no code in a refusal, a recording does not show what was refused.
    silent = _families_held(rows) - _families_held(judged) - {BY_ID[name].family for name in known}
    yield from (f"its recording holds no clause of {family}" for family in sorted(silent))


def _families_held(rows: Iterable[Row]) -> frozenset[str]:
    return frozenset(row.clause.family for row in rows if row.verdict is Verdict.HELD)


def _play(run: Run, chosen: Iterable[Scenario], clause: str, ends: Ends) -> int | None:
    """Play scenarios; returns the requests until a fault's own clause broke."""
    first: int | None = None
    for scenario in chosen:
        broken = run.play(scenario).broken
        if first is None and clause and run.ledger.rows[clause].broken:
            first = run.budget.requests
        if (broken and ends is Ends.BREACH) or (first is not None and ends is Ends.FOUND):
            break
    run.finish()
    return first or (run.budget.requests if clause and run.ledger.rows[clause].broken else None)


def _is_should(trial: Trial) -> bool:
    return bool(trial.clause) and BY_ID[trial.clause].level is Level.SHOULD


def _aborted(rows: Iterable[Row]) -> Iterator[str]:
    return (f"{row.clause.id}: {failure}" for row in rows for failure in row.failures)


def prove(
    chosen: Iterable[Trial],
    profile: Profile,
    jobs: int,
    told: Callable[[TrialResult], None] = lambda _: None,
    ends: Ends = Ends.LAST,
) -> tuple[TrialResult, ...]:
    """Run many trials, so many at the same time."""
    outcomes: list[TrialResult] = []
    with ProcessPoolExecutor(jobs) as pool:
        for outcome in pool.map(attempt, chosen, repeat(profile), repeat(None), repeat(ends)):
            told(outcome)
            outcomes.append(outcome)
    return tuple(outcomes)
