"""Selects what a reader looks for first: what closes the gate, what is only shown, what stayed untested and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cancel_contract.ledger.causes import causes
from cancel_contract.report.model import Promise, RunReport, Word

WORST_FIRST: Final[Sequence[Word]] = ("ABORTED", "BROKEN", "UNTESTED", "NOT APPLICABLE", "HELD")


def closing(run: RunReport) -> Sequence[Promise]:
    """Return the clauses that close the gate or prevent a verdict; the worst come first."""
    found = [one for one in run.clauses if one.gate in {"closes", "failed"}]
    return sorted(found, key=lambda one: WORST_FIRST.index(one.verdict))


def allowed(run: RunReport) -> Sequence[Promise]:
    """Return the clauses that are broken and do not close the gate."""
    return [one for one in run.clauses if one.verdict == "BROKEN" and one.gate == "open"]


def by_cause(clauses: Sequence[Promise]) -> Sequence[tuple[Promise, tuple[Promise, ...]]]:
    """Return each cause's first clause with the others that it breaks; what no other shares stands alone."""
    # An entry of its own is shown with its clause; one that names the cause goes for all of them.
    alone = {one.id for one in clauses if one.verdict != "BROKEN" or (one.deviation and one.deviation.clause)}
    breaches = {one.id: one.breach for one in clauses if one.breach and one.id not in alone}
    named = {one.id: one for one in clauses}
    others = {cause.clauses[0]: cause.clauses[1:] for cause in causes(breaches)}
    return [
        (one, tuple(named[name] for name in others.get(one.id, ())))
        for one in clauses
        if one.id in others or one.id not in breaches
    ]


def untested(run: RunReport) -> Mapping[str, Sequence[Promise]]:
    """Return the untested clauses by their reason; none of a selection, which was not meant to test them."""
    reasons: dict[str, list[Promise]] = {}
    for one in run.clauses:
        if one.verdict == "UNTESTED" and not run.conclusion.partial:
            reasons.setdefault(one.reason, []).append(one)
    return reasons


def seen(clause: Promise) -> Iterator[str]:
    """Yield what was found of a clause, a line each: breach, crashes of its code, its entry in the deviations file."""
    if clause.breach:
        yield f"{clause.breach.message}{clause.condition}"
    yield from clause.failures
    if clause.deviation:
        yield f"Deviation: {clause.deviation.message}"


def word_of_entry(clause: Promise) -> str:
    """Return the state of a clause's entry in the deviations file, in a word or two; empty without one."""
    entry = clause.deviation
    if entry is None:
        return f"waived by {clause.waived_by}" if clause.waived_by else ""
    if entry.standing == "known":
        return "waived" if entry.untested else "known"
    return "entry expired" if entry.standing == "expired" else "entry outdated"
