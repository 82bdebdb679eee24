"""What a terminal shows during a run."""

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.plugin.progress import Progress
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from tests.unit.run.conftest import BASE_URL


@pytest.fixture
def contract() -> Contract:
    """Return a session that has not begun."""
    return Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load())


def test_what_is_done_and_left_is_told(
    contract: Contract, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scenarios, clauses, requests of the budget and the time left stand in one line, whoever has played them."""
    monkeypatch.setattr("time.monotonic", lambda: 104.0)
    progress = Progress(begun=100.0)

    progress.played(contract, [("requests", "14"), ("clause", "answer/given"), ("clause", "repeat/many")])
    progress.played(contract, [("contract", "x"), ("requests", "3"), ("clause", "answer/given"), ("broken", "x/y")])

    first, second = (line for line in capsys.readouterr().out.split("\0338") if line)
    clauses = len(CATALOGUE)
    assert first.endswith(f"1 of 41 scenarios · 2 of {clauses} clauses · 14 of 600 requests · 160 s left")
    assert second.endswith(f"2 of 41 scenarios · 2 of {clauses} clauses · 17 of 600 requests · 78 s left")


def test_of_a_selection_its_clauses_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Where some clauses are judged alone, they are the whole."""
    choice = Choice(seeded_settings(BASE_URL), Profile.GATE, clauses=("answer/given", "repeat/many"))

    Progress().played(Contract(choice, load()), [("clause", "answer/given")])

    assert " · 1 of 2 clauses · " in capsys.readouterr().out
