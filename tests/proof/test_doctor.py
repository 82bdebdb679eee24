"""A doctor and a gate give one clear message about an unfit target, and only read from it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cancel_contract.provider import Provider, running
from cancel_contract.tools.cli import app
from tests.proof.conftest import failed

Run = Callable[..., Any]
OtherService = Callable[[str, bytes, list[str]], AbstractContextManager[str]]
TOKENS = "ok    are the other tokens good?"
UNSEEN = "no read shows whether they exist; a run shows which of them the target refuses"
WAIVED = "the target has no such thing"
NAMED = "ok    what do the settings provide?"
WRONG = "NobodysTokenQ7f3cA91e7Bb2D48"


def test_a_fit_target_is_told_question_by_question(doctor: Run) -> None:
    """Each question has a line, and the exit code is 0."""
    provider = Provider()
    with running(provider) as served:
        done = doctor(served.base_url)

    first, *others = done.out.splitlines()
    assert done.code == 0
    assert first.startswith("ok    is the target there? it answers in ")
    assert first.endswith(" ms, without TLS")
    assert others == [
        "ok    is it this API? it answers 401 in JSON where no token is sent",
        "ok    is the token good, the account visible? the account's appointments can be listed",
        "ok    can appointments be created? the calendar of resource 11 can be read",
        "ok    does the clock agree? the target sends no Date header",
        f"{TOKENS} ONELINK_UNPRIVILEGED_API_TOKEN is known, and refused as that of a member (status is 401)",
        f"{TOKENS} ONELINK_FOREIGN_API_TOKEN is refused in account 3",
        f"{TOKENS} ONELINK_SECOND_API_TOKEN opens account 3",
        f"{NAMED} ONELINK_READONLY_APPOINTMENT_ID names appointment 4001, which is scheduled, and imported",
        f"{NAMED} ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 4011, which is completed, with a paid expense",
        f"{NAMED} ONELINK_FOREIGN_APPOINTMENT_ID names appointment 4002 of account 4, which is scheduled",
        f"{NAMED} ONELINK_SERVICE_ID and ONELINK_CONTACT_ID: {UNSEEN}",
    ]
    assert (provider.audit.requests, provider.audit.named) == (13, 0)


def test_a_warning_leaves_the_target_fit(doctor: Run) -> None:
    """What does not keep the contract from being tested is reported with its remedy, and exits 0."""
    with running(Provider(variants=["calendar-off"])) as served:
        done = doctor(served.base_url)

    assert done.code == 0
    assert done.out.splitlines()[3:5] == [
        "warn  can appointments be created? the calendar of resource 11 answers 404",
        "      check ONELINK_RESOURCE_ID; without a calendar slots are searched by trying",
    ]


@pytest.mark.parametrize("variant", ["fastapi", "django-rest", "problem-details", "no-expenses", "no-finance"])
def test_an_honest_server_is_fit(doctor: Run, variant: str) -> None:
    """A doctor finds honest servers fit, whatever form their refusals have and whatever they lack."""
    with running(Provider(variants=[variant])) as served:
        done = doctor(served.base_url)

    assert (done.code, "FAIL" in done.out) == (0, False)


def test_a_resource_that_is_not_there_is_told(doctor: Run) -> None:
    """A doctor reports an absent resource, in which a gate could create no appointment."""
    with running() as served:
        done = doctor(served.base_url, RESOURCE_ID=999)

    failed(
        done,
        "can appointments be created?",
        "the calendar knows no resource 999, but 11, 12",
        "set ONELINK_RESOURCE_ID to the resource in whose free slots appointments are made",
    )


UNPRIVILEGED = ("access/unprivileged", "access/scheme-wins", "input/path-rights")
"""The clauses that wait for a member who may not cancel."""


def test_what_stays_untested_keeps_the_target_unfit(doctor: Run, tmp_path: Path) -> None:
    """Unless a setting or the file of deviations waives it: the doctor and the gate agree."""
    with running() as served:
        unset = doctor(served.base_url, UNPRIVILEGED_API_TOKEN=None)
        waived = doctor(served.base_url, UNPRIVILEGED_API_TOKEN="none")
        known = tmp_path / "known.yaml"
        known.write_text(
            "deviations:\n"
            + "".join(
                f"  - {{clause: {clause}, reason: none here, owner: qa, until: 2999-01-01, untested: true}}\n"
                for clause in UNPRIVILEGED
            )
        )
        deviating = doctor(served.base_url, "--deviations", str(known), UNPRIVILEGED_API_TOKEN=None)
        wrong = doctor(served.base_url, "--deviations", str(tmp_path / "gone.yaml"))

    failed(
        unset,
        "what stays untested?",
        f"{', '.join(UNPRIVILEGED)}: ONELINK_UNPRIVILEGED_API_TOKEN is not set",
        "ONELINK_UNPRIVILEGED_API_TOKEN=none   # or the token of a member of the account who may not cancel",
    )
    assert (waived.code, waived.out.splitlines()[-1]) == (
        0,
        f"ok    what stays untested? {', '.join(UNPRIVILEGED)}: ONELINK_UNPRIVILEGED_API_TOKEN=none: {WAIVED}",
    )
    assert deviating.code == 0
    assert (wrong.code, wrong.out) == (4, "")


def test_a_budget_that_holds_no_gate_is_told(doctor: Run) -> None:
    """A doctor reports a budget that would end a gate with exit 4."""
    with running() as served:
        done = doctor(served.base_url, MAX_APPOINTMENTS=20)

    failed(
        done,
        "do the budgets hold a gate?",
        "29 appointments are planned, and 2 of 20 are kept for asking again and for cleaning up",
        "set ONELINK_MAX_APPOINTMENTS=40",
    )


def test_wrong_settings_are_told_before_anything_is_sent(doctor: Run) -> None:
    """Every problem is reported at once, on the error stream, with exit 4."""
    provider = Provider()
    with running(provider) as served:
        done = doctor(served.base_url, ACCOUNT_ID="x", REPEAT_POLICY=None, API_TOKEN=None)

    assert (done.code, done.out, provider.audit.requests) == (4, "", 0)
    assert done.err.splitlines() == [
        "ONELINK_ACCOUNT_ID is 'x', not a whole number: set it to the account's number, as in the address of its pages",
        "ONELINK_API_TOKEN is not set: set it to the token of a member who may cancel, from the profile page",
    ]


def test_without_a_target_there_is_nobody_to_examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A doctor refuses to run without a target, because the embedded provider needs none."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["doctor"])

    assert done.exit_code == 4
    assert done.stderr == "ONELINK_BASE_URL is not set: this command asks a real target\n"


def test_a_proxy_of_another_kind_is_a_wrong_setting(doctor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable that cannot be used is reported as such, with no traceback."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://user:secret@127.0.0.1:9")

    done = doctor("https://staging.example")

    assert done.code == 4
    assert done.err == (
        "the proxy for https://staging.example is socks5://127.0.0.1:9, not an http proxy: set HTTPS_PROXY or "
        "ALL_PROXY to one\n"
    )
