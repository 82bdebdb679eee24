"""An interrupted gate on several workers cleans up, and reports what it found so far."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider import Provider, Running, running
from tests.proof.conftest import ROOT, SETTINGS, Done, soon

Stopped = Callable[[bool], Done]
_SLOW = 2.0
"""Seconds for each answer while the gate cleans up: pytest-xdist waits for 10 of them."""


@pytest.fixture
def served() -> Iterator[Running]:
    """Yield a provider that takes its time, so that a run can be stopped midway."""
    with running(Provider(latency=0.02)) as run:
        yield run


@pytest.fixture
def _heard() -> Iterator[None]:
    """Have processes that are started here hear Ctrl-C: a shell's background jobs, and what they start, ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def stopped(tmp_path: Path, served: Running, _heard: None) -> Stopped:
    """Start a gate on two workers, and interrupt it once it has played a while: itself alone, or its workers, too.

    From then on the provider takes so long for each answer that cleaning up takes longer than pytest-xdist waits for
    workers.
    """

    def run(every: bool) -> Done:  # noqa: FBT001  a test's parameter
        others = {name: value for name, value in os.environ.items() if not name.startswith(("ONELINK_", "PYTEST_"))}
        given = {f"ONELINK_{name}": str(value) for name, value in SETTINGS.items()}
        process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "pytest", "-n", "2", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT),
             str(ROOT / "tests/contract"), "--target", served.base_url, "--contract-json", "report.json"],
            cwd=tmp_path, env={**others, **given}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        audit = served.provider.audit
        assert soon(lambda: audit.requests >= 60 and bool(audit.active(PREFIX)), process)
        served.provider.latency = _SLOW
        (os.killpg if every else os.kill)(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=300)
        return Done(process.returncode, out, err)

    return run


@pytest.mark.parametrize("every", [True, False], ids=["terminal", "controller"])
def test_an_interrupted_gate_tells_what_its_workers_found(
    stopped: Stopped,
    served: Running,
    tmp_path: Path,
    every: bool,  # noqa: FBT001  as above
) -> None:
    """Ctrl-C reaches every process of a terminal, a pipeline's signal one alone: either way nothing stays standing."""
    done = stopped(every)

    assert done.code == 2
    assert done.last == "exit 2: no verdict: the run was interrupted", done.out + done.err
    assert "still active: " not in done.out
    assert served.provider.audit.active(PREFIX) == ()
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    held = [row for row in told["clauses"] if row["verdict"] == "HELD"]
    assert (told["conclusion"]["exit"], len(held) > 10) == (2, True)
