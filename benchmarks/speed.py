"""Measures how long the suite takes from the shell, and a generated case beside schemathesis' own command line."""

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Final
from unittest.mock import patch

import typer
from pages import GATE, ROOT, publish, served, table

from cancel_contract.fragment.document import load
from cancel_contract.provider import Provider
from cancel_contract.run import drawn_cases
from cancel_contract.run.profiles import EFFORTS, Profile
from cancel_contract.target.settings import PREFIX
from cancel_contract.tools.commands.draw import draw

SEED: Final = 7
FUZZED: Final = EFFORTS[Profile.THOROUGH].fuzzed
"""Cases that each mode of fuzzing draws, on both sides."""
PHASES: Final = "examples,coverage,fuzzing"
CHECKS: Final = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
"""The checks by which schemathesis judges: those that send nothing themselves."""
HEAD: Final = (
    "", "cases drawn", "wall", "wall with one case", "a case", "a case, start left out", "processor time, likewise",
)  # fmt: skip
PLAIN: Final = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


@dataclass(frozen=True, slots=True)
class Timed:
    """Several runs of one command."""

    seconds: tuple[float, ...]
    processor: tuple[float, ...]
    """Seconds of processor time, which other work on the machine changes little."""
    output: str

    @property
    def median(self) -> float:
        """The wall time that is reported."""
        return median(self.seconds)

    def found(self, pattern: str) -> str:
        """Return the last group that the last run's output has of a pattern."""
        return re.findall(pattern, self.output)[-1]


def timed(command: Sequence[str], times: int, env: Mapping[str, str] = PLAIN, folder: Path = ROOT) -> Timed:
    """Run a command so often, one after another."""
    seconds, processor, output = [], [], ""
    for _ in range(times):
        began, used = time.perf_counter(), _used()
        done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  ours
        seconds.append(time.perf_counter() - began)
        processor.append(_used() - used)
        output = done.stdout
    return Timed(tuple(seconds), tuple(processor), output)


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def suite(times: int) -> Iterator[tuple[object, ...]]:
    """Yield a row for each part of the suite, as it is typed."""
    for name, options, most in (
        ("`pytest tests/contract`, profile quick", (), "6 s"),
        ("`pytest tests/contract --contract-profile gate`", ("--contract-profile", "gate"), "12 s, 300 requests"),
    ):
        took = timed([*GATE, *options], times)
        yield name, f"{took.median:.2f} s", took.found(r"(\d+) requests"), took.found(r"(exit \d+)"), most
    took = timed([sys.executable, "-m", "pytest", "-q", "tests/unit"], times)
    yield "`pytest tests/unit`", f"{took.median:.2f} s", "none", took.output.splitlines()[-1], "5 s"


def ours(times: int) -> tuple[int, Timed, Timed]:
    """Return the cases that are drawn, the seconds they take on a served provider, and those of a run of one case."""
    whole = drawn_cases._generated_case  # noqa: SLF001  no other place sees them all
    with patch.object(drawn_cases, "_generated_case", wraps=whole) as counted, tempfile.TemporaryDirectory() as folder:
        draw(Path(folder) / "cases.json", SEED, FUZZED)
    options = ("--contract-profile", "thorough", "--hypothesis-seed", str(SEED))
    target = [part if not part.endswith("contract") else f"{part}/test_drawn_cases.py" for part in GATE]
    with served(Provider()) as (_, env):
        env |= {"ONELINK_MAX_REQUESTS": "100000"}
        took, empty = timed([*target, *options], times, env), timed([*target, *options, "-k", "examples"], times, env)
    return counted.call_count, took, empty


def theirs(times: int) -> tuple[int, Timed, Timed]:
    """Return the same of schemathesis' own command line, over one appointment of the member's."""
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or "schemathesis"
    with served(Provider()) as (server, env), tempfile.TemporaryDirectory() as folder:
        command = [
            program, "run", str(load().path), "--url", server.base_url, "--phases", PHASES,
            "--max-examples", str(2 * FUZZED), "--mode", "all", "--seed", str(SEED), "--checks", CHECKS,
            "--continue-on-failure", "--generation-database", "none",
            "-H", f"api_access_token: {env['ONELINK_API_TOKEN']}",
        ]  # fmt: skip
        took = timed(command, times, folder=Path(folder))
        empty = timed([part if part != PHASES else "examples" for part in command], times, folder=Path(folder))
    return int(took.found(r"(\d+) generated")), took, empty


def main(times: Annotated[int, typer.Option(help="runs of each command, of which the median counts")] = 5) -> None:
    """Measure, and write the page."""
    rows = list(suite(times))
    sides = (("this suite", *ours(times)), ("schemathesis run", *theirs(times)))
    told, figures = [], []
    for name, cases, took, empty in sides:
        wall, processor = (
            (median(took.seconds), median(empty.seconds)),
            (median(took.processor), median(empty.processor)),
        )
        figures.append((wall[0] / cases, (wall[0] - wall[1]) / cases, (processor[0] - processor[1]) / cases))
        told.append(
            (name, cases, f"{wall[0]:.2f} s", f"{wall[1]:.2f} s", *(f"{one * 1000:.2f} ms" for one in figures[-1]))
        )
    told.append(("ratio", "", "", "", *(f"{one / other:.2f}" for one, other in zip(*figures, strict=True))))
    configuration = (
        f"Both draw from the same fragment in the phases examples, coverage and fuzzing, in both modes, {FUZZED} "
        f"fuzzed cases a mode (schemathesis: {2 * FUZZED} in all), seed {SEED}, on the same kind of served provider on "
        f"loopback, one worker. schemathesis runs its checks that send nothing by themselves "
        f"({CHECKS.replace(',', ', ')}); this suite judges by its clauses, behind its guard, and sends once what its "
        "mapping of ids makes equal."
    )
    headline = "; ".join(f"{command} {wall}" for command, wall, *_ in rows)
    publish("speed", "Speed", headline, [
        f"Wall time from the shell prompt, interpreter and all; medians of {times}.", "",
        *table(("command", "wall", "requests", "end", "figure to reach"), rows), "",
        "## A generated case, side by side", "", configuration, "",
        *table(HEAD, told),
    ])  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
