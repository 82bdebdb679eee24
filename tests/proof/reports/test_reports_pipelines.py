"""The templates for pipelines: what the field's linters say of them, and whether their commands do their work."""

import re
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from contracts.settings import Settings, secret_names, variable

ROOT: Final = Path(__file__).resolve().parents[3]
GITHUB: Final = ROOT / "templates/ci/github-actions.yml"
GITLAB: Final = ROOT / "templates/ci/gitlab-ci.yml"
OWN: Final = ROOT / ".github/workflows/ci.yml"
TOKENS: Final = {variable(name) for name in secret_names()}
MEMBERS: Final = {"ONELINK_API_TOKEN", "ONELINK_EXTRA_HEADERS"}
NOT_OF_A_RUNNER: Final = {"ONELINK_CA_BUNDLE", "ONELINK_CLIENT_CERT", "ONELINK_ALLOW_PRODUCTION"}
"""Files that no runner has, and what nobody switches on by a variable."""


def _linted(linter: str, *options: str | Path) -> str:
    done = subprocess.run(  # noqa: S603  the linters that the package asks for
        [Path(sysconfig.get_path("scripts"), linter), *options],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("workflow", [GITHUB, OWN], ids=lambda path: path.stem)
def test_a_workflow_is_clean(workflow: Path) -> None:
    """A workflow keeps to GitHub's schema; its actions are pinned, its permissions the least, its secrets kept."""
    assert _linted("check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow) == ""
    assert _linted("zizmor", "--offline", "--no-progress", "--persona=pedantic", workflow) == ""


def test_the_gitlab_job_is_clean() -> None:
    """The job keeps to GitLab's schema."""
    assert _linted("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", GITLAB) == ""


def _read(path: Path) -> Any:  # noqa: ANN401  YAML's boundary
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _github() -> Sequence[Any]:
    steps: Sequence[Any] = _read(GITHUB)["jobs"]["gate"]["steps"]
    return steps


def test_a_template_names_no_unknown_setting() -> None:
    """Every variable that a template sets or speaks of is a setting."""
    known = {variable(name) for name in Settings.model_fields}

    for template in (GITHUB, GITLAB):
        assert set(re.findall(r"ONELINK_[A-Z_]+", template.read_text(encoding="utf-8"))) <= known


def test_tokens_are_secrets_of_the_steps_that_need_them() -> None:
    """No token is a variable, or seen by a step that installs or uploads; the gate has all, others the member's."""
    job = _read(GITHUB)["jobs"]["gate"]
    given = {step["name"]: set(step.get("env", {})) & TOKENS for step in job["steps"]}

    assert not set(job["env"]) & TOKENS
    assert {name: tokens for name, tokens in given.items() if tokens} == {
        "Doctor": MEMBERS,
        "Sweep what an earlier run left": MEMBERS,
        "Gate": TOKENS,
        "Sweep what this run left": MEMBERS,
    }
    for step in job["steps"]:
        for name in TOKENS & set(step.get("env", {})):
            assert step["env"][name] == f"${{{{ secrets.{name} }}}}"


def test_whatever_is_set_reaches_the_gate() -> None:
    """GitHub hands over only what the workflow names: each setting is, so that none is ignored without a word."""
    job = _read(GITHUB)["jobs"]["gate"]
    (gate,) = (step for step in job["steps"] if step["name"] == "Gate")

    assert {*job["env"], *gate["env"]} == {variable(name) for name in Settings.model_fields} - NOT_OF_A_RUNNER
    for name in job["env"]:
        assert job["env"][name] == f"${{{{ vars.{name} }}}}"


def test_one_gate_at_a_time() -> None:
    """A second gate on the same target waits for the first, and a gate that runs is not ended by a later one."""
    workflow, job = _read(GITHUB), _read(GITLAB)["cancel-contract"]

    assert workflow["concurrency"] == {"group": "cancel-contract-staging", "cancel-in-progress": False}
    assert (job["resource_group"], job["interruptible"]) == ("cancel-contract-staging", False)


def test_reports_are_kept_whatever_the_verdict() -> None:
    """The folder into which the gate writes is uploaded, also when the gate is closed."""
    upload, job = _github()[-1], _read(GITLAB)["cancel-contract"]

    assert (upload["if"], upload["with"]["path"]) == ("always()", "reports/")
    assert (job["artifacts"]["when"], job["artifacts"]["paths"]) == ("always", ["reports/"])
    assert job["artifacts"]["reports"]["junit"] == "reports/junit.xml"


def test_a_run_that_was_cut_off_is_swept_whatever_ended_it() -> None:
    """What an earlier one left keeps no gate from its verdict; what this one left goes before the reports are kept."""
    steps = {step["name"]: step for step in _github()}
    earlier, this = steps["Sweep what an earlier run left"], steps["Sweep what this run left"]

    assert [*steps][3:] == ["Doctor", earlier["name"], "Gate", this["name"], "Keep the reports"]
    assert (earlier["continue-on-error"], "if" in earlier) == (True, False)
    assert this["if"] == "failure() || cancelled()"
