"""What differs between the reports of two runs."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pydantic import BaseModel, ConfigDict

from cancel_contract.tools.compare.reports import Clause, Report

_BAD: Final = frozenset({"BROKEN", "ABORTED"})
_SHOWN: Final = frozenset({"HELD", "NOT APPLICABLE"})
SLOWER: Final = 1.25
"""How many times as long answers take at p95 before they count as slower (policy): what is less is chance."""
LEAST: Final = 0.05
"""The least difference at p95 that counts, in seconds (policy)."""
ENOUGH: Final = 20
"""Answers that a run needs before its p95 says anything: one in twenty is above it."""


class Change(BaseModel):
    """A clause whose verdict is another one; `before` is empty where the older report does not have it."""

    model_config = ConfigDict(frozen=True)

    clause: str
    level: str
    before: str
    now: str
    fact: str


class Comparison(BaseModel):
    """Two runs, and what became of clauses, times and fields from one to the other."""

    model_config = ConfigDict(frozen=True)

    old: str
    new: str
    """The two runs as people name them: when, which version, which verdict."""
    differences: tuple[str, ...]
    """What else differs, so that the runs can be compared in part only."""
    broken: tuple[Change, ...]
    """Newly broken, or aborted."""
    repaired: tuple[Change, ...]
    untested: tuple[Change, ...]
    """Newly untested."""
    gone: tuple[str, ...]
    """Clauses of the older report that the newer one does not have."""
    p95: tuple[float | None, float | None]
    """Seconds, before and now."""
    is_slower: bool
    new_fields: tuple[str, ...]
    """Fields of an appointment that the fragment does not name and the older run has not seen."""

    @property
    def is_worse(self) -> bool:
        """Whether a MUST clause is newly broken or newly untested, or has gone."""
        return any(change.level == "MUST" for change in (*self.broken, *self.untested)) or bool(self.gone)


def compared(old: Report, new: Report) -> Comparison:
    """Compare two runs."""
    before = {clause.id: clause for clause in old.clauses}
    names = {clause.id for clause in new.clauses}
    return Comparison(
        old=_named(old),
        new=_named(new),
        differences=tuple(_differences(old, new)),
        broken=_changes(before, new.clauses, lambda was, now: now in _BAD and was not in _BAD),
        repaired=_changes(before, new.clauses, lambda was, now: now in _SHOWN and was in _BAD),
        untested=_changes(before, new.clauses, lambda was, now: now == "UNTESTED" and was not in {"UNTESTED", ""}),
        gone=() if new.conclusion.partial else tuple(name for name in before if name not in names),
        p95=(old.timings.p95, new.timings.p95),
        is_slower=_is_slower(old, new),
        new_fields=tuple(sorted(new.observed_schema.unnamed.keys() - old.observed_schema.unnamed.keys())),
    )


def _changes(
    before: dict[str, Clause], clauses: Iterable[Clause], counts: Callable[[str, str], bool]
) -> tuple[Change, ...]:
    pairs = ((before[clause.id].verdict if clause.id in before else "", clause) for clause in clauses)
    return tuple(
        Change(clause=clause.id, level=clause.level, before=was, now=clause.verdict, fact=clause.fact)
        for was, clause in pairs
        if counts(was, clause.verdict)
    )


def _is_slower(old: Report, new: Report) -> bool:
    was, now = old.timings.p95, new.timings.p95
    if was is None or now is None or min(old.timings.count, new.timings.count) < ENOUGH:
        return False
    return now >= was * SLOWER and now - was >= LEAST


def _named(report: Report) -> str:
    version = f", version {report.target.version}" if report.target.version else ""
    return f"{report.started:%Y-%m-%d %H:%M %Z}{version}: {report.conclusion.meaning}"


def _differences(old: Report, new: Report) -> Iterator[str]:
    pairs = (
        ("target", _where(old), _where(new)),
        ("account", str(old.target.account), str(new.target.account)),
        ("profile", old.profile, new.profile),
        ("fragment", old.fragment.digest, new.fragment.digest),
        ("suite", old.versions.suite, new.versions.suite),
        ("what was judged", _part(old), _part(new)),
    )
    yield from (f"{name}: {was}, now {now}" for name, was, now in pairs if was != now)


def _where(report: Report) -> str:
    return "the embedded reference provider" if report.target.embedded else report.target.url


def _part(report: Report) -> str:
    return "a selection" if report.conclusion.partial else "the whole contract"
