"""The pipeline templates: the vendors' linters accept them, and their commands work."""

import re
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from cancel_contract.target.settings import (
    MAY_BE_NONE,
    Settings,
    secret_names,
    variable,
)

ROOT: Final = Path(__file__).resolve().parents[3]
GITHUB: Final = ROOT / "templates/ci/github-actions.yml"
GITLAB: Final = ROOT / "templates/ci/gitlab-ci.yml"
OWN: Final = ROOT / ".github/workflows/ci.yml"
TOKENS: Final = {variable(name) for name in secret_names()}
MEMBERS: Final = {"ONELINK_API_TOKEN", "ONELINK_EXTRA_HEADERS"}
INPUTS: Final = {
    "ONELINK_BASE_URL": "base-url",
    "ONELINK_ACCOUNT_ID": "account-id",
    "ONELINK_RESOURCE_ID": "resource-id",
}
"""What another workflow that calls the gate may name by itself."""
ENVIRONMENT: Final = "${{ inputs.environment || 'staging' }}"
NOT_OF_A_RUNNER: Final = {"ONELINK_CA_BUNDLE", "ONELINK_CLIENT_CERT", "ONELINK_ALLOW_PRODUCTION"}
"""Files that no runner has, and what nobody switches on by a variable."""


def _linted(linter: str, *options: str | Path) -> str:
    done = subprocess.run(  # noqa: S603  the linters that the package asks for
        [Path(sysconfig.get_path("scripts"), linter), *options],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("workflow", [GITHUB, OWN], ids=lambda path: path.stem)
def test_a_workflow_is_clean(workflow: Path) -> None:
    """A workflow keeps to GitHub's schema; its actions are pinned, its permissions the least, its secrets kept."""
    assert _linted("check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow) == ""
    assert _linted("zizmor", "--offline", "--no-progress", "--persona=pedantic", workflow) == ""


def test_the_gitlab_job_is_clean() -> None:
    """The GitLab template is valid by GitLab's schema."""
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
    """No token is a variable, or seen by a step that installs or uploads; doctor and gate have all.

    A variable can say of those that the target need not have that it has none, and nothing else.
    """
    job = _read(GITHUB)["jobs"]["gate"]
    given = {step["name"]: set(step.get("env", {})) & TOKENS for step in job["steps"]}

    assert not set(job["env"]) & TOKENS
    assert {name: tokens for name, tokens in given.items() if tokens} == {
        "Doctor": TOKENS,
        "Sweep what an earlier run left": MEMBERS,
        "Gate": TOKENS,
        "Sweep what this run left": MEMBERS,
    }
    for step in job["steps"]:
        for name in TOKENS & set(step.get("env", {})):
            declined = (
                f" || vars.{name} == 'none' && 'none' || ''"
                if name.lower().removeprefix("onelink_") in MAY_BE_NONE
                else ""
            )
            assert step["env"][name] == f"${{{{ secrets.{name}{declined} }}}}"


def test_whatever_is_set_reaches_the_gate() -> None:
    """GitHub hands over only what the workflow names: each setting is, so that none is ignored without a word."""
    job = _read(GITHUB)["jobs"]["gate"]
    (gate,) = (step for step in job["steps"] if step["name"] == "Gate")

    handed_over = {*job["env"], *gate["env"]} - {"DEVIATIONS"}
    assert handed_over == {variable(name) for name in Settings.model_fields} - NOT_OF_A_RUNNER
    for name in job["env"]:
        given = f"inputs.{INPUTS[name]} || " if name in INPUTS else ""
        assert job["env"][name] == f"${{{{ {given}vars.{name} }}}}"


def test_another_workflow_can_call_the_gate() -> None:
    """Beside its own triggers it takes all that differs from call to call, and every token; nothing has to be given."""
    workflow = _read(GITHUB)
    # YAML 1.1 reads the key `on` as true.
    triggers = workflow[True]
    call = triggers["workflow_call"]
    used = set(re.findall(r"inputs\.([a-z-]+)", GITHUB.read_text(encoding="utf-8")))

    assert {*triggers} == {"workflow_dispatch", "schedule", "workflow_call"}
    assert {*call["inputs"]} == used == {*INPUTS.values(), "environment", "suite", "suite-ref", "deviations"}
    assert {*call["secrets"]} == TOKENS | {"SUITE_TOKEN"}
    for asked in (*call["inputs"].values(), *call["secrets"].values()):
        assert asked["required"] is False
        assert asked["description"]
    assert workflow["jobs"]["gate"]["environment"] == ENVIRONMENT


def test_a_called_gate_runs_the_suite_and_not_the_callers_files() -> None:
    """A workflow that another repository calls checks that one out, unless told where the suite is."""
    (checkout,) = (step for step in _github() if step["name"] == "Check out")

    assert checkout["with"] == {
        "repository": "${{ inputs.suite || github.repository }}",
        "ref": "${{ inputs.suite-ref }}",
        "token": "${{ secrets.SUITE_TOKEN || github.token }}",
        "persist-credentials": False,
    }


def test_one_gate_at_a_time() -> None:
    """A second gate on the same target waits for the first, and a gate that runs is not ended by a later one."""
    workflow, job = _read(GITHUB), _read(GITLAB)["cancel-contract"]

    assert workflow["concurrency"] == {"group": f"cancel-contract-{ENVIRONMENT}", "cancel-in-progress": False}
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
