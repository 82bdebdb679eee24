"""Writes the results of the proof: totals and matrix."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from statistics import median
from typing import Final

from cancel_contract.clauses import CATALOGUE
from cancel_contract.run.profiles import Profile
from cancel_contract.tools.prove.trials import Sort, TrialResult

PAGE: Final = "contracts/cancel_contract/tools/prove/PROOF.md"
"""Where a checkout has the page."""
BEGIN: Final = "<!-- proof: begin"
END: Final = "<!-- proof: end -->"
"""Between these two a README has the totals."""
README: Final = "contracts/cancel_contract/tools/prove/README.md"
"""Where a checkout has the totals."""


def totals(outcomes: Sequence[TrialResult]) -> str:
    """Return the totals of the proof, in one sentence."""
    faults = [one for one in outcomes if one.trial.sort is Sort.FAULT]
    variants = [one for one in outcomes if one.trial.sort is Sort.VARIANT]
    found, quiet = sum(one.is_right for one in faults), sum(one.is_right for one in variants)
    proven = {one.trial.clause for one in faults if one.is_right}
    strangers = sum(one.strangers for one in outcomes)
    return (
        f"{found} of {len(faults)} faults found by the clause they break, {quiet} of {len(variants)} honest variants "
        f"without an alarm, {len(proven)} of {len(CATALOGUE)} clauses shown able to fail, "
        f"{strangers} requests named a stranger's appointment"
    )


def has_marks(readme: str) -> bool:
    """Whether a README has the two marks between which the totals stand."""
    return 0 <= readme.find(BEGIN) < readme.find(END)


def summed_up(readme: str, outcomes: Sequence[TrialResult], profile: Profile) -> str:
    """Return a README with the totals between its two marks. Raises ValueError if the marks are missing."""
    begin, end = readme.index(BEGIN), readme.index(END)
    first_line = readme.index("\n", begin) + 1
    today = datetime.now(UTC).date()
    return f"{readme[:first_line]}\nOn {today}, profile {profile}: {totals(outcomes)}.\n\n{readme[end:]}"


def markdown(outcomes: Sequence[TrialResult], profile: Profile, today: date) -> str:
    """Return the matrix as a page, misses first."""
    return "\n".join(_page(outcomes, profile, today)) + "\n"


def _page(outcomes: Sequence[TrialResult], profile: Profile, today: date) -> Iterator[str]:
    yield f"# The proof, profile {profile}, {today}"
    yield ""
    yield f"{totals(outcomes)}."
    faults = [one for one in outcomes if one.trial.sort is Sort.FAULT]
    firsts = [one.first for one in faults if one.first]
    if firsts:
        yield f"A fault is found after {median(firsts):g} requests (median), {max(firsts)} at most."
    yield ""
    options = f"--profile {profile} --write {PAGE} --readme {README}"
    yield f"Written by `cancel-contract prove {options}`."
    yield ""
    yield "| fault | clause | found | also broke | requests to the first breach | requests | seconds |"
    yield "|---|---|---|---|---|---|---|"
    for one in sorted(faults, key=lambda one: (one.is_right, one.trial.clause, one.trial.name)):
        also = ", ".join(name for name in one.broken if name != one.trial.clause) or "–"
        found = "yes" if one.is_right else "**no**"
        cells = (one.trial.name, one.trial.clause, found, also, one.first or "–", one.requests, f"{one.seconds:.1f}")
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""
    yield "| variant | alarm | requests | seconds |"
    yield "|---|---|---|---|"
    for one in (one for one in outcomes if one.trial.sort is Sort.VARIANT):
        alarm = (
            "none"
            if one.is_right
            else f"**exit {one.code}: {', '.join((*one.broken, *one.troubles, *one.misjudged))}**"
        )
        yield f"| {one.trial.name} | {alarm} | {one.requests} | {one.seconds:.1f} |"
    yield from _never_alone(faults)


def _never_alone(faults: Sequence[TrialResult]) -> Iterator[str]:
    """Return the clauses that no fault breaks alone in their family, each with the fault that comes nearest."""
    nearest: dict[str, tuple[str, tuple[str, ...]]] = {}
    for one in faults:
        clause = one.trial.clause
        others = tuple(name for name in one.broken if name != clause and name.startswith(f"{one.trial.family}/"))
        if clause not in nearest or len(others) < len(nearest[clause][1]):
            nearest[clause] = (one.trial.name, others)
    companions = {clause: found for clause, found in nearest.items() if found[1]}
    if not companions:
        return
    alone = len(nearest) - len(companions)
    yield ""
    yield (
        f"{alone} of {len(nearest)} clauses are broken alone in their family by a fault of theirs. The others are part "
        "of a wider promise, which breaks with them:"
    )
    yield ""
    yield "| clause | nearest fault | breaks with it |"
    yield "|---|---|---|"
    for clause, (fault, others) in sorted(companions.items()):
        yield f"| {clause} | {fault} | {', '.join(others)} |"
