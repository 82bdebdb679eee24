"""The pipeline templates: their commands, typed as a runner types them, against a server."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from cancel_contract.exchange.marker import PREFIX, Marker
from cancel_contract.provider import (
    SEED,
    Provider,
    Running,
    running,
)
from cancel_contract.target.settings import Settings, variable

ROOT: Final = Path(__file__).resolve().parents[3]
GITHUB: Final = ROOT / "templates/ci/github-actions.yml"
GITLAB: Final = ROOT / "templates/ci/gitlab-ci.yml"
REPORTS: Final = {"report.json", "report.html", "report.har", "junit.xml"}
NEVER: Final = "status-kept"
"""A fault under which no cancel has an effect."""
Typed = Callable[..., "subprocess.Popen[str]"]

both = pytest.mark.parametrize("template", [GITHUB, GITLAB], ids=lambda path: path.stem)


def _commands(template: Path) -> Sequence[str]:
    """Return the commands of a template that talk to the target: doctor, sweep, gate, and the last sweep."""
    job: Any = yaml.safe_load(template.read_text(encoding="utf-8"))
    if template == GITLAB:
        return [*job["cancel-contract"]["script"], *job["cancel-contract"]["after_script"]]
    return [step["run"] for step in job["jobs"]["gate"]["steps"] if "ONELINK_API_TOKEN" in step.get("env", {})]


@pytest.fixture
def staging() -> Iterator[Running]:
    """Yield a server that takes its time, so that a gate can be killed midway."""
    with running(Provider(latency=0.005)) as served:
        yield served


@pytest.fixture
def typed(staging: Running, environment: Callable[..., dict[str, str]], tmp_path: Path) -> Typed:
    """Return a shell in a checkout of what a pipeline needs, set up as the templates do it."""
    shutil.copytree(ROOT / "tests/contract", tmp_path / "tests/contract", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    # A variable without a value in the pipeline's settings is there, and empty.
    given = {variable(name): "" for name in Settings.model_fields} | environment(staging.base_url)

    def shell(command: str, **job: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603  as a runner does it
            ["/bin/bash", "-e", "-c", command],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path, env=given | job,
            start_new_session=True,
        )  # fmt: skip

    return shell


def _done(process: "subprocess.Popen[str]") -> str:
    """Return what a command has printed, once it has ended well."""
    told, _ = process.communicate(timeout=600)
    assert process.returncode == 0, told
    return told


def _leave(provider: Provider, age: timedelta) -> int:
    """Have an appointment stand that another run left so long ago; gives its id."""
    number = SEED.paid_expense_appointment_ids[-1]
    now = datetime.now(UTC)
    mark = Marker("0123abcd", int((now - age).timestamp()), 1)
    row = replace(provider.store.appointments[number], external_ref=str(mark), status="scheduled")
    provider.store.put(replace(row, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, minutes=30)))
    return number


@both
def test_a_templates_commands_do_their_work(template: Path, staging: Running, typed: Typed, tmp_path: Path) -> None:
    """A template's commands pass on an honest server, write every report, and clean up what an earlier run left."""
    left = _leave(staging.provider, timedelta(hours=2))
    doctor, earlier, gate, this = _commands(template)

    _done(typed(doctor))
    assert f"appointment {left} of run 0123abcd: cancelled" in _done(typed(earlier))
    _done(typed(gate))
    _done(typed(this))

    assert "cancel-contract doctor" in doctor
    assert {path.name for path in (tmp_path / "reports").iterdir()} == REPORTS
    assert staging.provider.audit.active(PREFIX) == ()


@both
def test_what_a_killed_gate_left_is_swept_at_once(template: Path, staging: Running, typed: Typed) -> None:
    """The last command takes away what this job's gate left, however young, and leaves alone what others did."""
    others = _leave(staging.provider, timedelta(minutes=2))
    *_, gate, this = _commands(template)
    process, deadline = typed(gate), time.monotonic() + 300
    while len(staging.provider.audit.active(PREFIX)) < 3 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=300)
    assert len(staging.provider.audit.active(PREFIX)) > 1

    _done(typed(this))

    assert staging.provider.audit.active(PREFIX) == (others,)


@both
def test_where_no_gate_began_there_is_nothing_to_sweep(template: Path, staging: Running, typed: Typed) -> None:
    """A job that ended before its gate has no journal, and the last command asks the target nothing."""
    _done(typed(_commands(template)[-1]))

    assert staging.provider.audit.requests == 0


def test_what_cannot_be_swept_keeps_no_gitlab_gate_from_its_verdict(staging: Running, typed: Typed) -> None:
    """A cancel that has no effect is reported by the gate, and not by the sweep before it."""
    left = _leave(staging.provider, timedelta(hours=2))
    staging.provider.switch([NEVER])

    told = _done(typed(_commands(GITLAB)[1]))

    assert f"appointment {left} of run 0123abcd is still active" in told


def test_a_called_gate_takes_the_known_deviations_that_its_caller_names(typed: Typed, tmp_path: Path) -> None:
    """The file is read by the gate: one that is not there is a wrong setting, shown by its name."""
    process = typed(_commands(GITHUB)[2], DEVIATIONS="known errors.yaml")
    told, _ = process.communicate(timeout=600)

    assert process.returncode == 4
    assert "known errors.yaml" in told
    assert not (tmp_path / "reports").exists()
