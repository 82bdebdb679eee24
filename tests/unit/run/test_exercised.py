"""The stored relation of clauses and scenarios: it is what runs exercise, and selects for `--clause` and `--case`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.fragment.document import load
from cancel_contract.run import exercised
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.exercised import exercising, relation
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.session import Choice
from tests.unit.run.conftest import BASE_URL, Memory, Named, Sessions, played

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request


def _chosen(*clauses: str, profile: Profile = Profile.GATE, case: str | None = None) -> list[str]:
    choice = Choice(seeded_settings(BASE_URL), profile, 1, clauses, case)
    return [one.name for one in choice.scenarios(load())]


def test_what_is_stored_exists(tmp_path: Path) -> None:
    """Clauses and scenarios are those of the suite, and a relation that is written is read back."""
    names = {one.name for one in scenarios(Profile.GATE, load())}

    assert set(relation()) <= set(BY_ID)
    assert frozenset[str]().union(*relation().values()) <= names
    exercised.write(relation(), tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text()) == json.loads(exercised.PATH.read_text())


@pytest.mark.parametrize("profile", Profile)
def test_a_clause_selects_the_scenarios_that_exercise_it(profile: Profile) -> None:
    """In each profile; of several clauses those of each."""
    assert _chosen("readonly/refused", profile=profile) == ["readonly/imported"]
    assert _chosen("repeat/after-lost-answer", "readonly/refused", profile=profile) == [
        "readonly/imported",
        "repeat/lost",
    ]


def test_a_clause_that_no_right_server_exercises_selects_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not known to be needless is played."""
    every = scenarios(Profile.GATE, load())
    monkeypatch.setattr(exercised, "relation", dict[str, frozenset[str]])

    assert exercising(["readonly/refused"], every) == every


def test_a_case_selects_its_scenario_whatever_the_clauses() -> None:
    """A breach of an odd server may be found by a scenario that never exercises the clause on a right one."""
    assert _chosen("readonly/refused", case="repeat/lost#again") == ["repeat/lost"]


def _cancels(memory: Memory) -> "list[Request]":
    return [one for one in memory.asked if one.path.endswith("/cancel")]


def test_of_cases_side_by_side_the_chosen_one_alone_is_sent(session: Sessions, memory: Memory, named: Named) -> None:
    """`--case` sends one of thirty; the other cancel clears away the appointment that nobody was to cancel."""
    ended = played(session(case="access/showings#empty", partial=True), *named("access/showings"))

    assert len(_cancels(memory)) == 2
    assert ended.run
    assert ended.run.ledger.rows["access/empty-token"].held == 1
    assert ended.run.ledger.rows["access/wrong-token"].held == 0


@pytest.mark.parametrize("case", ["access/showings#read", "access/showings"])
def test_a_key_of_no_case_side_by_side_plays_them_all(
    session: Sessions, memory: Memory, named: Named, case: str
) -> None:
    """The key of a read, or of nothing, would leave nothing to play."""
    ended = played(session(case=case, partial=True), *named("access/showings"))

    assert len(_cancels(memory)) > 20
    assert ended.run
    assert ended.run.ledger.rows["access/wrong-token"].held
