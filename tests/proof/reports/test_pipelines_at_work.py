"""The action and the template for GitLab at work: their commands, typed as a runner types them, against a server."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from tests.proof.conftest import soon

ROOT: Final = Path(__file__).resolve().parents[3]
ACTION: Final = ROOT / "action.yml"
GITLAB: Final = ROOT / "templates/ci/gitlab-ci.yml"
REPORTS: Final = {"report.json", "report.html", "report.har", "junit.xml"}
NEVER: Final = "status-kept"
"""A fault under which no cancel has an effect."""
INPUTS: Final = {"PROFILE": "gate", "WORKERS": "1", "STRICT": "false", "DEVIATIONS": ""}
"""The action's inputs as its steps see them, where none is given."""
PIP: Final = """#!/bin/bash
# In the place of python -m venv FOLDER: what is to be installed is written down.
mkdir -p "$3/bin"
printf '#!/bin/bash\\nprintf "%%s\\\\n" "$@" > "%s/installed"\\n' "$3" > "$3/bin/pip"
chmod +x "$3/bin/pip"
"""
Typed = Callable[..., "subprocess.Popen[str]"]

both = pytest.mark.parametrize("template", [ACTION, GITLAB], ids=["github", "gitlab"])


def _steps() -> Mapping[str, Any]:
    return {step["name"]: step for step in yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]}


def _commands(template: Path) -> Sequence[str]:
    """Return the commands that talk to the target: doctor, sweep, gate, and the sweep when it has ended."""
    if template == GITLAB:
        job: Any = yaml.safe_load(template.read_text(encoding="utf-8"))
        # Each begins where the ones before have left off.
        script = [f"cd .cancel-contract\n{command}" for command in job["cancel-contract"]["script"]]
        return [*script, *job["cancel-contract"]["after_script"]]
    return [step["run"] for step in _steps().values() if "ONELINK_API_TOKEN" in step.get("env", {})]


def _folder(template: Path, tmp_path: Path) -> Path:
    """Return the folder of the reports."""
    return tmp_path / ("reports" if template == GITLAB else "temp/cancel-contract/reports")


@pytest.fixture
def staging() -> Iterator[Running]:
    """Return a server that takes its time, so that a gate can be killed midway."""
    with running(Provider(latency=0.005)) as served:
        yield served


@pytest.fixture
def typed(staging: Running, environment: Callable[..., dict[str, str]], tmp_path: Path) -> Typed:
    """Return a shell where a pipeline's set-up has ended, in a repository that knows nothing of the suite."""
    for folder in (".cancel-contract", "temp/cancel-contract/reports", "reports"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in (".cancel-contract", "temp/cancel-contract"):
        (tmp_path / folder / "venv").symlink_to(sys.prefix)
    where = {
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_WORKSPACE": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_ACTION_PATH": str(ROOT),
        "CI_PROJECT_DIR": str(tmp_path),
    }
    # A variable without a value in the pipeline's settings is there, and empty.
    given = {variable(name): "" for name in Settings.model_fields} | environment(staging.base_url)

    def shell(command: str, **job: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603  as a runner does it
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path,
            env=given | where | INPUTS | job, start_new_session=True,
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
    assert {path.name for path in _folder(template, tmp_path).iterdir()} == REPORTS
    assert staging.provider.audit.active(PREFIX) == ()


@both
def test_what_a_killed_gate_left_is_swept_at_once(template: Path, staging: Running, typed: Typed) -> None:
    """The last command takes away what this job's gate left, however young, and leaves alone what others did."""
    others = _leave(staging.provider, timedelta(minutes=2))
    *_, gate, this = _commands(template)
    process = typed(gate)
    assert soon(lambda: len(staging.provider.audit.active(PREFIX)) > 2, process)
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


@both
def test_a_gate_takes_the_known_deviations_that_are_named(template: Path, typed: Typed, tmp_path: Path) -> None:
    """The file is read from the repository: one that is not there is a wrong setting, told by its name."""
    named = {"DEVIATIONS": "known errors.yaml", "CANCEL_CONTRACT_DEVIATIONS": "known errors.yaml"}

    process = typed(_commands(template)[2], **named)
    told, _ = process.communicate(timeout=600)

    assert process.returncode == 4
    assert f"{tmp_path}/known errors.yaml" in told
    assert not [*_folder(template, tmp_path).iterdir()]


def test_the_action_gives_verdict_and_counts(staging: Running, typed: Typed, tmp_path: Path) -> None:
    """A closed gate ends its step, and says in the outputs by which code, in words and in numbers."""
    staging.provider.switch(["created-201"])

    process = typed(_commands(ACTION)[2], WORKERS="2", STRICT="true")
    process.communicate(timeout=600)

    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text("utf-8").splitlines())
    assert (process.returncode, outputs["exit"]) == (1, "1")
    assert outputs["verdict"].startswith("gate closed")
    assert json.loads(outputs["counts"])["BROKEN"] >= 1
    assert Path(outputs["report"]).is_file()


@pytest.mark.parametrize("given", ["text", "file"])
def test_the_action_sets_itself_up_and_takes_its_keys_away(given: str, typed: Typed, tmp_path: Path) -> None:
    """It installs from its own commit, and keeps settings and keys where only the job looks."""
    home = tmp_path / "temp" / "cancel-contract"
    (home / "venv").unlink()
    (tmp_path / "python").write_text(PIP, "utf-8")
    (tmp_path / "python").chmod(0o755)
    (tmp_path / "staging.env").write_text("ONELINK_ACCOUNT_ID=7", "utf-8")
    settings = {"SETTINGS": "ONELINK_ACCOUNT_ID=7"} if given == "text" else {"SETTINGS_FILE": "staging.env"}
    nothing = {"SETTINGS": "", "SETTINGS_FILE": ""}
    path = f"{tmp_path}:{os.environ['PATH']}"

    keys = {"CA_BUNDLE": "an authority", "CLIENT_CERT": "a certificate"}
    _done(typed(_steps()["Set up the suite"]["run"], **(nothing | settings), **keys, PATH=path))

    assert (home / "venv" / "installed").read_text("utf-8").splitlines()[-3:] == [
        "-c",
        f"{ROOT}/constraints.txt",
        f"{ROOT}[gate]",
    ]
    lines = (home / ".env").read_text("utf-8").split()
    assert lines == [
        "ONELINK_ACCOUNT_ID=7",
        f"ONELINK_CA_BUNDLE={home}/ca.pem",
        f"ONELINK_CLIENT_CERT={home}/client.pem",
    ]
    assert (home / "client.pem").read_text("utf-8") == "a certificate\n"
    assert {path.stat().st_mode & 0o077 for path in (home / ".env", home / "client.pem", home / "ca.pem")} == {0}

    _done(typed(_steps()["Remove keys and settings"]["run"]))

    assert {path.name for path in home.iterdir()} == {"reports", "venv"}


def test_the_action_compares_with_an_earlier_run(typed: Typed, tmp_path: Path) -> None:
    """What is newly broken stands in the job's summary and does not end the step; without a report nothing is said."""
    summary, step = tmp_path / "summary.md", _steps()["Compare with an earlier run"]["run"]
    told = {"GITHUB_STEP_SUMMARY": str(summary), "BASELINE": "earlier.json"}
    assert "nothing to compare: this run or earlier.json has no report" in _done(typed(step, **told))

    clause = {"id": "answer/status-200", "level": "MUST", "verdict": "HELD"}
    report = {
        "schema_version": 2, "versions": {"suite": "0.1.0"}, "fragment": {"digest": "0" * 12}, "profile": "gate",
        "target": {"url": "https://staging.test", "account": 3}, "started": "2026-11-02T09:00:00Z",
        "conclusion": {"exit": 0, "meaning": "gate open"}, "observed_schema": {}, "timings": {}, "clauses": [clause],
    }  # fmt: skip
    (tmp_path / "earlier.json").write_text(json.dumps(report), "utf-8")
    broken = {**report, "clauses": [{**clause, "verdict": "BROKEN"}]}
    (_folder(ACTION, tmp_path) / "report.json").write_text(json.dumps(broken), "utf-8")
    _done(typed(step, **told))

    assert summary.read_text("utf-8").startswith("## Cancel contract, compared: 1 newly broken\n")
    assert not summary.read_text("utf-8").count("##") > 1

    (tmp_path / "earlier.json").write_text("nonsense", "utf-8")
    process = typed(step, **told)
    process.communicate(timeout=600)
    assert process.returncode != 0
