"""Measures how long the gate takes on a slow server in one process, at any rate and at the usual one."""

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
from cancel_contract.target.settings import PREFIX as PREFIX_OF_SETTINGS

SLOW: Final = 0.05
VERY_SLOW: Final = 0.2
LONGEST: Final = 12.0
"""Seconds that a run may take with 200 ms added to each answer."""
RATE: Final = 20
"""Requests a second, at most, beyond loopback."""
MORE: Final = 4.0
"""Seconds that a run may take at that rate beside those that its requests take."""
_KINDS: Final = ((SLOW, 0, 0), (VERY_SLOW, 0, 0), (VERY_SLOW, 0, 1), (0.0, RATE, 0), (VERY_SLOW, RATE, 0))
"""The seconds that are added to each answer, the rate (0 where there is no limit), and the lanes (0 as by default)."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One run of the gate as a process of its own."""

    latency: float
    rate: int
    lanes: int
    seconds: float
    first: float
    """Seconds until the first request came."""
    last: float
    """Seconds from the last request to the end of the process."""
    requests: int
    appointments: int
    code: int
    strangers: int

    @property
    def most(self) -> float:
        """The seconds that it may take."""
        return self.requests / self.rate + MORE if self.rate else LONGEST


class _Watched(Provider):
    """A provider that notes when requests came."""

    def __init__(self, latency: float) -> None:
        super().__init__(strangers=STRANGERS, latency=latency)
        self.moments: list[float] = []

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ever."""
        self.moments.append(time.perf_counter())
        await super().app(scope, receive, send)


def _timed(latency: float, rate: int, lanes: int) -> Timed:
    provider = _Watched(latency)
    with served(provider) as (_, environment), tempfile.TemporaryDirectory() as folder:
        paced = environment | ({f"{PREFIX_OF_SETTINGS}MAX_RATE": str(rate)} if rate else {})
        begun = time.perf_counter()
        command = [*GATE, *(("--contract-lanes", str(lanes)) if lanes else ())]
        done = subprocess.run(command, cwd=folder, env=paced, check=False, capture_output=True)  # noqa: S603  our own command
        ended = time.perf_counter()
    audit = provider.audit
    made = len(audit.marked(PREFIX))
    strangers = audit.named + len(audit.touched)
    first, last = provider.moments[0] - begun, ended - provider.moments[-1]
    return Timed(latency, rate, lanes, ended - begun, first, last, audit.requests, made, done.returncode, strangers)


def _row(runs: list[Timed]) -> tuple[object, ...]:
    one = runs[0]
    return (
        f"{one.latency * 1000:g} ms",
        f"{one.rate} a second" if one.rate else "any",
        one.lanes or "by default",
        f"{median(run.seconds for run in runs):.1f} s",
        f"{max(run.most for run in runs):.1f} s",
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
    # In turn, so that whatever else the machine does is felt by all kinds.
    rounds = [[_timed(*kind) for kind in _KINDS] for _ in range(runs)]
    kinds = [list(kind) for kind in zip(*rounds, strict=True)]
    slow, very_slow, single, paced, _ = (median(run.seconds for run in kind) for kind in kinds)
    fits = all(run.seconds <= run.most and run.code == 0 for kind in kinds for run in kind)
    head = ("added to each answer", "rate", "lanes", "whole process, median", "asked for, at most", "each run, s",
            "until the first request", "after the last request", "requests, at most", "appointments, at most",
            "strangers", "exit")  # fmt: skip
    headline = (
        f"in one process the gate takes {slow:.1f} s with 50 ms added to each answer, {very_slow:.1f} s with 200 ms, "
        f"where one lane takes {single:.1f} s; at {RATE} requests a second {paced:.1f} s"
    )
    lines = [
        (
            f"The gate as a process of its own, start-up included, {runs} runs of each kind in turn, {STRANGERS} "
            f"strangers' appointments, all settings given. Asked for: at most {LONGEST:g} s at any rate; at {RATE} "
            f"requests a second the time that those take, and {MORE:g} s."
        ),
        "",
        *table(head, map(_row, kinds)),
    ]
    publish("latency", "The gate on a slow server", headline, lines)
    raise typer.Exit(int(not fits))


if __name__ == "__main__":
    typer.run(main)
