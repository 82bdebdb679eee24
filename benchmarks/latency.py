"""Measures how long the gate takes on a slow server, with one worker and with four."""

import subprocess
import tempfile
import time
from dataclasses import dataclass
from statistics import median
from typing import Annotated, Final

import typer
from pages import GATE, STRANGERS, publish, served, table

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider import Provider
from cancel_contract.provider.server.wire import Receive, Scope, Send

SLOW: Final = 0.05
VERY_SLOW: Final = 0.2
LONGEST: Final = 25.0
"""Seconds that a run may take with 50 ms added to each answer."""
MOST_OF_ONE: Final = 0.45
"""The part of one worker's time that four workers may take with 200 ms added."""
WORKERS: Final = 4


@dataclass(frozen=True, slots=True)
class Timed:
    """One run of the gate as a process of its own."""

    latency: float
    workers: int
    seconds: float
    first: float
    """Seconds until the first request came."""
    last: float
    """Seconds from the last request to the end of the process."""
    requests: int
    appointments: int
    code: int
    strangers: int


class _Watched(Provider):
    """A provider that notes when requests came."""

    def __init__(self, latency: float) -> None:
        super().__init__(strangers=STRANGERS, latency=latency)
        self.moments: list[float] = []

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ever."""
        self.moments.append(time.perf_counter())
        await super().app(scope, receive, send)


def _timed(latency: float, workers: int) -> Timed:
    provider = _Watched(latency)
    command = [*GATE, *(["-n", str(workers)] if workers > 1 else [])]
    with served(provider) as (_, environment), tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)  # noqa: S603  our own command
        ended = time.perf_counter()
    audit = provider.audit
    made = len(audit.marked(PREFIX))
    strangers = audit.named + len(audit.touched)
    first, last = provider.moments[0] - begun, ended - provider.moments[-1]
    return Timed(latency, workers, ended - begun, first, last, audit.requests, made, done.returncode, strangers)


def _row(runs: list[Timed]) -> tuple[object, ...]:
    one = runs[0]
    return (
        f"{one.latency * 1000:g} ms",
        one.workers,
        f"{median(run.seconds for run in runs):.1f} s",
        ", ".join(f"{run.seconds:.1f}" for run in runs),
        f"{median(run.first for run in runs):.1f} s",
        f"{median(run.last for run in runs):.1f} s",
        max(run.requests for run in runs),
        max(run.appointments for run in runs),
        sum(run.strangers for run in runs),
        ", ".join(sorted({str(run.code) for run in runs})),
    )


def main(runs: Annotated[int, typer.Option(help="runs of each kind", min=1)] = 3) -> None:
    """Time the gate on a slow provider; exit 1 if a figure is missed."""
    kinds = [[_timed(*kind) for _ in range(runs)] for kind in ((SLOW, 1), (VERY_SLOW, 1), (VERY_SLOW, WORKERS))]
    slow, alone, together = (median(run.seconds for run in kind) for kind in kinds)
    part = together / alone
    fits = slow <= LONGEST and part <= MOST_OF_ONE and all(run.code == 0 for kind in kinds for run in kind)
    head = ("added to each answer", "workers", "whole process, median", "each run, s", "until the first request",
            "after the last request", "requests, at most", "appointments, at most", "strangers", "exit")  # fmt: skip
    headline = (
        f"with 50 ms added to each answer the gate takes {slow:.1f} s; with 200 ms, {WORKERS} workers take {part:.0%} "
        "of one worker's time"
    )
    lines = [
        (
            f"The gate as a process of its own, start-up included, {runs} runs of each kind, {STRANGERS} strangers' "
            f"appointments, all settings given. Asked for: at most {LONGEST:g} s and {MOST_OF_ONE:.0%}."
        ),
        "",
        *table(head, map(_row, kinds)),
    ]
    publish("latency", "The gate on a slow server", headline, lines)
    raise typer.Exit(int(not fits))


if __name__ == "__main__":
    typer.run(main)
