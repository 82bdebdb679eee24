"""What doctor, sweep and judge print for programs: the same facts as their lines, and no secret."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cancel_contract.provider import SEED, Provider, running
from cancel_contract.tools.cli import app
from tests.proof.conftest import SETTINGS

Typed = Callable[..., tuple[int, Any, str]]
WRONG = "NobodysTokenQ7f3cA91e7Bb2D48"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Return a runner of a command with --json: its exit code, its one object, and all that it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **settings: object) -> tuple[int, Any, str]:
        environment = {f"ONELINK_{name}": str(value) for name, value in {**SETTINGS, **settings}.items()}
        done = CliRunner().invoke(app, [*words, "--json"], env=environment)
        return done.exit_code, json.loads(done.stdout), done.output

    return run


def test_a_doctors_findings_are_data(typed: Typed) -> None:
    """Each question has its state, fact and remedy; the exit code stands among them."""
    with running() as served:
        code, found, _ = typed("doctor", "--target", served.base_url)
        wrong, unfit, printed = typed("doctor", "--target", served.base_url, API_TOKEN=WRONG)

    assert (code, found["exit"], found["target"], found["found"]) == (0, 0, served.base_url, None)
    assert {finding["state"] for finding in found["findings"]} == {"ok"}
    assert found["findings"][3] == {
        "state": "ok",
        "question": "can appointments be created?",
        "fact": "the calendar of resource 11 can be read",
        "remedy": "",
    }
    assert (wrong, unfit["exit"]) == (6, 6)
    assert unfit["findings"][-1]["state"] == "fail"
    assert unfit["findings"][-1]["remedy"].startswith("take a fresh token")
    assert WRONG not in printed


def test_what_a_doctor_finds_is_data(typed: Typed, tmp_path: Path) -> None:
    """With --write the values that it found stand beside the findings."""
    with running() as served:
        code, told, _ = typed("doctor", "--target", served.base_url, "--write", "new.env")

    assert code == 0
    assert told["found"] == {"resource_id": SEED.resource_id, "time_zone": SEED.time_zone}
    assert (tmp_path / "new.env").is_file()


def test_what_a_sweep_finds_is_data(typed: Typed, tmp_path: Path) -> None:
    """Appointments by what became of them, and what could not be read."""
    (tmp_path / ".contracts" / "journal-0badcafe.jsonl").mkdir(parents=True)
    provider = Provider()
    with running(provider) as served:
        code, told, _ = typed("sweep", "--target", served.base_url)
    down, problem, _ = typed("sweep", "--target", served.base_url)

    assert (code, told["exit"], told["dry"], told["found"]) == (6, 6, True, [])
    assert told["unread"][0].startswith("the journal .contracts/journal-0badcafe.jsonl: ")
    assert (down, problem["exit"]) == (6, 6)
    assert "cannot be reached" in problem["problem"]


def test_what_a_recording_shows_is_data(
    typed: Typed, recorded: Callable[..., list[Any]], har: Callable[[list[Any]], Path]
) -> None:
    """Each clause has its verdict and, where it is broken, what was seen and where."""
    code, told, printed = typed("judge", str(har(recorded(["created-201"]))))

    clauses = {clause["id"]: clause for clause in told["clauses"]}
    assert (code, told["exit"]) == (1, 1)
    assert told["meaning"].startswith("a MUST clause was seen broken")
    assert clauses["answer/status-200"]["verdict"] == "BROKEN"
    assert clauses["answer/status-200"]["message"]
    assert clauses["answer/valid-json"]["verdict"] == "HELD"
    assert SEED.member_token not in printed
