"""Runs the gate against each known generation of the provider with its deviations file; the gate has to open."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from pages import GATE, STRANGERS, publish, served, table

import cancel_contract
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider import Provider
from cancel_contract.provider.variants.generations import GENERATIONS
from cancel_contract.run.embedded import NOTHING_TO_NAME
from cancel_contract.target.settings import variable

FILES: Final = Path(cancel_contract.__file__).parent / "ledger" / "generations"
WAYS: Final = {
    "gate": (),
    "quick": ("--contract-profile", "quick"),
    "gate -n 2": ("-n", "2"),
    "gate -n 4": ("-n", "4"),
}
"""How a run is played."""
_SPENT: Final = re.compile(r"(\d+) requests, (\d+) appointments")


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run."""

    generation: str
    way: str
    code: int
    last: str
    requests: int
    appointments: int
    left: int
    strangers: int

    @property
    def is_right(self) -> bool:
        """Whether the gate opened, with nothing left and nobody touched."""
        return (self.code, self.left, self.strangers) == (0, 0, 0)


def _run(generation: str, way: str) -> Run:
    provider = Provider(variants=GENERATIONS[generation], strangers=STRANGERS)
    with served(provider) as (_, environment), tempfile.TemporaryDirectory() as folder:
        for name in NOTHING_TO_NAME[generation]:
            environment.pop(variable(name), None)
        command = (*GATE, "--deviations", str(FILES / f"{generation}.yaml"), *WAYS[way])
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  our own command
    last = next((line for line in done.stdout.splitlines() if line.startswith("exit ")), "")
    spent = _SPENT.search(done.stdout)
    requests, appointments = map(int, spent.groups()) if spent else (0, 0)
    audit = provider.audit
    strangers = audit.named + len(audit.touched)
    return Run(generation, way, done.returncode, last, requests, appointments, len(audit.active(PREFIX)), strangers)


def _played() -> Iterator[Run]:
    for generation in GENERATIONS:
        for way in WAYS:
            run = _run(generation, way)
            typer.echo(f"{generation}, {way}: exit {run.code}")
            yield run


def main() -> None:
    """Play every generation in every way; exit 1 if a gate did not open."""
    runs = [*_played()]
    wrong = [one for one in runs if not one.is_right]
    head = ("generation", "played as", "exit", "requests", "appointments", "left", "strangers")
    rows = [
        (one.generation, f"`{one.way}`", one.code, one.requests, one.appointments, one.left, one.strangers)
        for one in runs
    ]
    headline = (
        f"{len(GENERATIONS)} generations of the provider, each with its ready file, in {len(WAYS)} ways of playing: "
        f"{len(runs) - len(wrong)} of {len(runs)} gates open"
    )
    lines = [
        "With the limits that a gate has when nobody sets any.",
        "",
        *(f"- {one.generation}, {one.way}: {one.last}" for one in wrong),
        *([""] if wrong else []),
        *table(head, rows),
    ]
    publish("generations", "Generations", headline, lines)
    raise typer.Exit(int(bool(wrong)))


if __name__ == "__main__":
    typer.run(main)
