"""What a terminal shows while a run is under way."""

import pytest

from contracts.embedded import seeded_settings
from contracts.fragment import load
from contracts.profiles import Profile
from contracts.progress import Progress
from contracts.session import Choice, Contract
from tests.unit.running.conftest import BASE_URL, Named, Opened


@pytest.fixture
def contract() -> Contract:
    """Give a session that has not begun."""
    return Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load())


def test_what_is_done_and_left_is_told(
    contract: Contract, make_run: Opened, named: Named, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Situations, clauses, requests of the budget and the time left stand in one line."""
    monkeypatch.setattr("time.monotonic", lambda: 104.0)
    progress = Progress(begun=100.0)
    with make_run() as run:
        contract.run = run
        run.play(named("readonly/")[0])
        progress.played(contract)
        asked = sum(bool(row.held) for row in run.ledger.rows.values())

    line = f"1 of 40 situations · {asked} of {len(run.ledger.rows)} clauses · 3 of 600 requests · 156 s left"
    assert line in capsys.readouterr().out


def test_before_a_run_has_begun_situations_are_counted(
    contract: Contract, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A controller of workers has no run of its own to tell of."""
    monkeypatch.setattr("time.monotonic", lambda: 104.0)
    progress = Progress(played_so_far=2, begun=100.0)

    progress.played(contract)

    assert "  3 of 40 situations · 49 s left" in capsys.readouterr().out
