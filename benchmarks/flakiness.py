"""Runs the suite many times over seeds, and lists false alarms, missed faults and other differences."""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pages import publish, table

from cancel_contract.exchange import stored_cases
from cancel_contract.fragment.document import load
from cancel_contract.run.profiles import Effort, chosen_scenarios
from cancel_contract.run.scenarios import Scenario
from cancel_contract.tools.prove.trials import (
    Sort,
    Trial,
    TrialResult,
    trials,
    tried,
)

EFFORT: Final = Effort(15, 3, 6)
"""What a run draws: as `thorough` does, from a seed, but few cases, so that many runs fit into an hour."""
LIMITS: Final = {"max_requests": 5000, "max_appointments": 400, "time_limit": 5.0}
"""Room for what is drawn, and a time limit that a busy machine keeps; slow faults take 11 s."""
FIRST_SEED: Final = 20261123
SEEDS: Final = 4
"""How many seeds each fault and variant is run with."""


def chosen(runs: int) -> list[tuple[Trial, int]]:
    """Return every variant, and faults spread over the whole fault catalogue, each with so many seeds."""
    every = trials()
    honest = [one for one in every if one.sort is Sort.VARIANT]
    faults = [one for one in every if one.sort is Sort.FAULT]
    wanted = max(1, runs // SEEDS - len(honest))
    spread = [faults[place * len(faults) // wanted] for place in range(wanted)]
    plan = [(one, FIRST_SEED + seed) for seed in range(SEEDS) for one in (*honest, *spread)]
    return plan[:runs]


def scenarios(seed: int) -> tuple[Scenario, ...]:
    """Return every scenario, with cases and steps from a seed; another process draws, as for the stored cases."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.json"
        options = ("--file", str(file), "--seed", str(seed), "--fuzzed", str(EFFORT.fuzzed))
        subprocess.run([sys.executable, "-m", "cancel_contract", "draw", *options], check=True)  # noqa: S603  our own
        return chosen_scenarios(EFFORT, stored_cases.load(load(), file).batches.__getitem__, seed)


def differing(outcomes: Sequence[TrialResult]) -> Iterator[tuple[str, str]]:
    """Yield what differed between seeds."""
    for trial in dict.fromkeys(one.trial for one in outcomes):
        told = [one.broken for one in outcomes if one.trial == trial]
        counts = Counter(name for broken in told for name in broken)
        sometimes = [f"{name} ({count} of {len(told)})" for name, count in sorted(counts.items()) if count < len(told)]
        if sometimes:
            yield trial.name, ", ".join(sometimes)


def _wrong(outcome: TrialResult) -> str:
    said = ", ".join((*outcome.broken, *outcome.troubles)) or "nothing"
    return f"- {outcome.trial.name} ({outcome.trial.clause or 'honest'}): exit {outcome.code}, {said}"


def main(runs: Annotated[int, typer.Option(help="runs in all", min=4)] = 300) -> None:
    """Run the contract over seeds, variants and faults; exit 1 if a run was not right."""
    plan = chosen(runs)
    played = {seed: scenarios(seed) for seed in dict.fromkeys(seed for _, seed in plan)}
    outcomes = [tried(trial, played[seed], limits=LIMITS) for trial, seed in plan]
    wrong = [one for one in outcomes if not one.is_right]
    alarms = [one for one in wrong if one.trial.sort is Sort.VARIANT]
    names = {sort: {one.trial.name for one in outcomes if one.trial.sort is sort} for sort in Sort}
    headline = (
        f"{len(outcomes)} runs over seeds, {len(names[Sort.VARIANT])} honest variants and {len(names[Sort.FAULT])} "
        f"faults: {len(alarms)} false alarms, {len(wrong) - len(alarms)} misses"
    )
    lines = [
        (
            f"{SEEDS} seeds from {FIRST_SEED} for each, drawing {EFFORT.fuzzed} cases a batch and {EFFORT.plays} plays "
            f"of {EFFORT.steps} steps."
        ),
        "",
        *map(_wrong, wrong),
        *([""] if wrong else []),
        "What a run told of clauses beside the fault's own, and not under every seed:",
        "",
        *table(("fault or variant", "clauses"), differing(outcomes)),
    ]
    publish("flakiness", "Flakiness", headline, lines)
    raise typer.Exit(int(bool(wrong)))


if __name__ == "__main__":
    typer.run(main)
