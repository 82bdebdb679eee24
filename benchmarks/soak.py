"""Runs the gate a hundred times over the honest variants: no alarm, no inconclusive run, no stranger named."""

from typing import Annotated, Final

import typer
from pages import STRANGERS, publish, table

from cancel_contract.fragment.document import load
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.target.settings import Settings
from cancel_contract.tools.prove.trials import (
    Sort,
    TrialResult,
    trials,
    tried,
)

# Without appointments a gate cannot be anything but inconclusive; the proof covers that.
_NO_GATE: Final = frozenset({"creation-refused"})


def _limits() -> dict[str, float]:
    """Return the limits that a gate has when nobody sets any."""
    defaults = Settings.model_validate({})
    return {name: getattr(defaults, name) for name in ("max_requests", "max_appointments", "time_limit")}


def _row(name: str, runs: list[TrialResult]) -> tuple[object, ...]:
    seconds = sorted(one.seconds for one in runs)[len(runs) // 2]
    return (name, len(runs), *_counts(runs), f"{seconds:.1f}")


def _counts(runs: list[TrialResult]) -> tuple[int, ...]:
    """Return alarms, inconclusive runs, most requests, most appointments, left active, strangers named or touched."""
    return (
        sum(bool(one.alarms) or one.code == Exit.BROKEN for one in runs),
        sum(one.code not in {Exit.HELD, Exit.BROKEN} for one in runs),
        max(one.requests for one in runs),
        max(one.appointments for one in runs),
        sum(one.left for one in runs),
        sum(one.strangers + one.touched for one in runs),
    )


def main(runs: Annotated[int, typer.Option(help="gate runs, over the variants in turn", min=1)] = 100) -> None:
    """Run the gate many times against honest providers; exit 1 if a run was not right."""
    honest = [one for one in trials() if one.sort is Sort.VARIANT and one.name not in _NO_GATE]
    outcomes: list[TrialResult] = []
    for number in range(runs):
        trial = honest[number % len(honest)]
        outcomes.append(tried(trial, scenarios(Profile.GATE, load()), strangers=STRANGERS, limits=_limits()))
    wrong = [one for one in outcomes if not one.is_right]
    head = (
        "variant",
        "runs",
        "alarms",
        "inconclusive",
        "requests, at most",
        "appointments, at most",
        "left",
        "strangers",
        "s",
    )
    by_name = {trial.name: [one for one in outcomes if one.trial.name == trial.name] for trial in honest}
    rows = [_row(name, found) for name, found in by_name.items() if found]
    alarms, inconclusive, requests, appointments, left, strangers = _counts(outcomes)
    headline = (
        f"{runs} gate runs over {len(rows)} honest variants: {alarms} alarms, {inconclusive} inconclusive, {left} "
        f"appointments left active, {strangers} strangers named or touched; at most {requests} requests and "
        f"{appointments} appointments"
    )
    lines = [
        f"Each with {STRANGERS} strangers' appointments among its ids, and default limits.",
        "",
        *(f"- {one.trial.name}: exit {one.code}, {', '.join((*one.broken, *one.troubles))}" for one in wrong),
        *([""] if wrong else []),
        *table(head, rows),
        "",
        f"`s` is the median in seconds. Left out: {', '.join(sorted(_NO_GATE))}, which can make no appointments.",
    ]
    publish("soak", "Soak", headline, lines)
    raise typer.Exit(int(bool(wrong)))


if __name__ == "__main__":
    typer.run(main)
