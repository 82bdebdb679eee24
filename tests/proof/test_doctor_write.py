"""The first run: a doctor that writes the settings, and a gate that takes them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cancel_contract.provider import SEED, Provider, running

Run = Callable[..., Any]
KNOWN = {"API_TOKEN": SEED.member_token, "ACCOUNT_ID": SEED.account_id}


def test_a_token_and_an_account_are_enough_for_a_gate(command: Run, tmp_path: Path) -> None:
    """The doctor writes what it finds; by that file a gate opens on a correct server, and says what it left out."""
    with running() as served:
        first = command("-m", "cancel_contract", "doctor", "--target", served.base_url, "--write", ".env", **KNOWN)
        text = (tmp_path / ".env").read_text("utf-8")
        again = command("-m", "cancel_contract", "doctor", "--target", served.base_url, "--write", ".env", **KNOWN)
        gate = command("-m", "cancel_contract", "gate", "-q", API_TOKEN=SEED.member_token)

    assert (first.code, first.err) == (0, "")
    assert f"found resource_id={SEED.resource_id}: " in first.out
    assert "ok    can appointments be created? the calendar of resource 11 can be read" in first.out
    assert SEED.member_token not in text
    assert (again.code, (tmp_path / ".env").read_text("utf-8")) == (4, text)
    assert "--write .env is there already" in again.err
    assert gate.code == 0
    assert gate.last == "exit 0: gate open: every MUST clause held, but for 13 that are untested and waived"


def test_an_unfit_target_leaves_no_file(command: Run, tmp_path: Path) -> None:
    """What is wrong with it is said as always, and nothing is written."""
    wrong = {**KNOWN, "API_TOKEN": "NobodysTokenQ7f3cA91e7Bb2D48"}
    provider = Provider()
    with running(provider) as served:
        done = command("-m", "cancel_contract", "doctor", "--target", served.base_url, "--write", ".env", **wrong)

    assert done.code == 6
    assert "take a fresh token from the profile page into ONELINK_API_TOKEN" in done.out
    assert not (tmp_path / ".env").exists()
