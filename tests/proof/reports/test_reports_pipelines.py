"""The action and the templates for pipelines: what the field's linters say of them, and what they hand over."""

import re
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from cancel_contract.target.settings import MAY_BE_NONE, Settings, secret_names, variable

ROOT: Final = Path(__file__).resolve().parents[3]
ACTION: Final = ROOT / "action.yml"
GITHUB: Final = ROOT / "templates/ci/github-actions.yml"
GITLAB: Final = ROOT / "templates/ci/gitlab-ci.yml"
OWN: Final = ROOT / ".github/workflows/ci.yml"
SECRETS: Final = {variable(name): name.replace("_", "-") for name in secret_names()}
"""The variables of tokens and of extra headers, with the inputs of the action that give them."""
MEMBERS: Final = {"ONELINK_API_TOKEN", "ONELINK_EXTRA_HEADERS"}
"""What a sweep needs."""


def _linted(linter: str, *options: str | Path) -> str:
    done = subprocess.run(  # noqa: S603  the linters that the package asks for
        [Path(sysconfig.get_path("scripts"), linter), *options],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _read(path: Path) -> Any:  # noqa: ANN401  YAML's boundary
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _steps() -> Sequence[Any]:
    steps: Sequence[Any] = _read(ACTION)["runs"]["steps"]
    return steps


def _step(name: str) -> Any:  # noqa: ANN401  YAML's boundary
    (step,) = (one for one in _steps() if one["name"] == name)
    return step


@pytest.mark.parametrize(
    ("kind", "path"),
    [("github-actions", ACTION), ("github-workflows", GITHUB), ("github-workflows", OWN)],
    ids=["action", "template", "own"],
)
def test_what_github_runs_is_clean(kind: str, path: Path) -> None:
    """It keeps to GitHub's schema; its actions are pinned, its permissions the least, its secrets kept."""
    assert _linted("check-jsonschema", "--builtin-schema", f"vendor.{kind}", path) == ""
    assert _linted("zizmor", "--offline", "--no-progress", "--persona=pedantic", path) == ""


def test_the_gitlab_job_is_clean() -> None:
    """The GitLab template is valid by GitLab's schema."""
    assert _linted("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", GITLAB) == ""


@pytest.mark.parametrize("path", [ACTION, GITHUB, GITLAB], ids=lambda path: path.stem)
def test_no_unknown_setting_is_named(path: Path) -> None:
    """Every variable that is set or spoken of is a setting."""
    known = {variable(name) for name in Settings.model_fields}

    assert set(re.findall(r"ONELINK_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))) <= known


def test_tokens_are_inputs_of_the_steps_that_need_them() -> None:
    """No token is seen by a step that installs or uploads; doctor and gate have all, the sweeps that of the member."""
    given = {step["name"]: step.get("env", {}) for step in _steps()}
    everything = {variable: f"${{{{ inputs.{name} }}}}" for variable, name in SECRETS.items()}
    members = {name: everything[name] for name in MEMBERS}

    assert {name: {key: env[key] for key in SECRETS if key in env} for name, env in given.items()} == {
        "Set up Python": {},
        "Set up the suite": {},
        "Doctor": everything,
        "Sweep what an earlier run left": members,
        "Gate": everything,
        "Compare with an earlier run": {},
        "Sweep what this run left": members,
        "Remove keys and settings": {},
        "Keep the reports": {},
    }


def test_the_shell_sees_inputs_as_variables_alone() -> None:
    """No text of an input is part of a script, where it could be read as a command."""
    assert [step["name"] for step in _steps() if "${{" in step.get("run", "")] == []


def test_every_input_is_described_and_used() -> None:
    """An input that nothing reads would be ignored without a word; only the member's token has to be given."""
    inputs = _read(ACTION)["inputs"]

    assert {*inputs} == set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", ACTION.read_text(encoding="utf-8")))
    assert {name for name, one in inputs.items() if one["required"]} == {"api-token"}
    assert all(one["description"] and (one["required"] or "default" in one) for one in inputs.values())


def test_the_template_hands_over_what_a_target_may_ask_for() -> None:
    """It calls the action by a pinned commit in some thirty lines, with each token, certificates and deviations."""
    text = GITHUB.read_text(encoding="utf-8")
    call = _read(GITHUB)["jobs"]["gate"]["steps"][-1]

    assert re.search(r"uses: OWNER/SUITE@[0-9a-f]{40} # v1$", text, re.MULTILINE)
    assert {*call["with"]} == {
        *SECRETS.values(), "settings", "deviations", "workers", "ca-bundle", "client-cert", "target-version",
    }  # fmt: skip
    assert {*call["with"]} <= {*_read(ACTION)["inputs"]}
    for variable_name, name in {**SECRETS, "ONELINK_CLIENT_CERT": "client-cert"}.items():
        assert call["with"][name] == f"${{{{ secrets.{variable_name} }}}}"
    assert len(text[text.index("jobs:") :].splitlines()) <= 38


def test_gitlabs_job_speaks_of_what_a_target_may_ask_for() -> None:
    """GitLab hands over every variable by itself: each token is named, and what is installed sees none."""
    text = GITLAB.read_text(encoding="utf-8")
    (setup,) = _read(GITLAB)["cancel-contract"]["before_script"]
    wanted = {*SECRETS, "ONELINK_CA_BUNDLE", "ONELINK_CLIENT_CERT"}

    assert {name for name in wanted if name not in text.partition("stages:")[0]} == set()
    assert set(re.findall(r"-u (ONELINK_\w+)", setup)) == set(SECRETS)
    for name in ("SETTINGS", "DEVIATIONS", "WORKERS"):
        assert f"CANCEL_CONTRACT_{name}" in text.partition("stages:")[2]


def test_a_token_that_the_target_need_not_have_can_be_declined() -> None:
    """`none` stands among the settings; an input without a value does not go before it."""
    tokens = set(SECRETS.values()) - {"api-token", "extra-headers"}

    assert {name.replace("-", "_") for name in tokens} <= set(MAY_BE_NONE)
    assert {_read(ACTION)["inputs"][name]["default"] for name in tokens} == {""}


def test_one_gate_at_a_time() -> None:
    """A second gate on the same target waits for the first, and a gate that runs is not ended by a later one."""
    workflow, job = _read(GITHUB), _read(GITLAB)["cancel-contract"]

    assert workflow["concurrency"] == {"group": "cancel-contract-staging", "cancel-in-progress": False}
    assert (job["resource_group"], job["interruptible"]) == ("cancel-contract-staging", False)


def test_reports_are_kept_whatever_the_verdict() -> None:
    """The folder into which the gate writes is uploaded, also when the gate is closed; keys are gone by then."""
    *_, removal, upload = _steps()
    job = _read(GITLAB)["cancel-contract"]

    assert (removal["if"], upload["if"]) == ("always()", "always()")
    assert upload["with"]["path"] == "${{ runner.temp }}/cancel-contract/reports/"
    assert (job["artifacts"]["when"], job["artifacts"]["paths"]) == ("always", ["reports/"])
    assert job["artifacts"]["reports"]["junit"] == "reports/junit.xml"


def test_a_run_that_was_cut_off_is_swept_whatever_ended_it() -> None:
    """What an earlier one left keeps no gate from its verdict; what this one left goes before the reports are kept."""
    earlier, this = _step("Sweep what an earlier run left"), _step("Sweep what this run left")
    names = [step["name"] for step in _steps()]

    assert names[2:7] == ["Doctor", earlier["name"], "Gate", "Compare with an earlier run", this["name"]]
    assert (earlier["continue-on-error"], "if" in earlier) == (True, False)
    assert this["if"] == "failure() || cancelled()"
