"""Each fault that its family's script does not show, does in one of its kind, and touches no stranger."""

import asyncio
import re
from collections.abc import Callable
from functools import cache

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.provider import FAULTS, VARIANTS, Fault, Provider
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.faults import NEXT, fault
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.store.store import Clock
from tests.unit.provider import later_scripts, rarer_scripts
from tests.unit.provider.conftest import Runner
from tests.unit.provider.scripts import Make, Script

Played = tuple[list[Answer], tuple[int, ...]]

SCRIPTS: tuple[tuple[tuple[Fault, ...], Script], ...] = (*later_scripts.SCRIPTS, *rarer_scripts.SCRIPTS)


async def transcript(provider: Provider, script: Script, make: Make) -> list[Answer]:
    """Return what a provider answers to a script, each turn's requests at once."""
    turns = [await asyncio.gather(*map(provider.answer, turn)) for turn in script(make)]
    return [answer for turn in turns for answer in turn]


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAUSE", 0.0)


@pytest.fixture(scope="module")
def played(runner: Runner, request_for: Make, clock: Clock) -> Callable[..., Played]:
    """Return the way to play a script against a fresh provider with some faults; each is played once."""

    def play(script: Script, *faults: Fault) -> Played:
        provider = Provider(faults, strangers=4, clock=clock)
        return runner.run(transcript(provider, script, request_for)), provider.audit.touched

    return cache(play)


@pytest.mark.parametrize(
    ("fault", "script"),
    [pytest.param(it, script, id=it.name) for faults, script in SCRIPTS for it in faults],
)
def test_shows(fault: Fault, script: Script, played: Callable[..., Played]) -> None:
    """The fault answers otherwise than the honest provider, and changes no stranger."""
    answers, touched = played(script, fault)

    assert (answers != played(script)[0]) is True
    assert touched == ()


@pytest.mark.parametrize("script", rarer_scripts.TAKEN, ids=lambda it: it.__name__)
def test_an_honest_provider_takes_all_that_a_script_sends(script: Script, played: Callable[..., Played]) -> None:
    """Nothing of a script is refused, so that a fault is seen where its script looks for it."""
    answers, _ = played(script)

    assert {answer.status for answer in answers} <= {200, 201}


def test_each_is_known_by_its_name_alone() -> None:
    """They are found by name, named once, say why in a sentence, and are no part of the catalogue yet."""
    names = [*(it.name for it in (*FAULTS, *NEXT)), *(it.name for it in VARIANTS)]

    assert len(set(names)) == len(names)
    assert [it.name for it in NEXT if fault(it.name) is not it] == []
    assert [it.name for it in NEXT if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", it.name)] == []
    assert [it.name for it in NEXT if not re.fullmatch(r"[A-Z].*\.", it.why)] == []
    assert {it.family for it in NEXT} <= {clause.partition("/")[0] for clause in BY_ID}
