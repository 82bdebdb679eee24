"""Each fault of the catalogue differs from the honest provider, and says why it exists."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

import pytest

from cancel_contract.provider import (
    FAULTS,
    Fault,
    Provider,
)
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.store.store import Clock
from tests.unit.provider.conftest import Runner
from tests.unit.provider.family_scripts import SCRIPTS, drafts
from tests.unit.provider.scripted import SCRIPTED
from tests.unit.provider.scripts import Make

STRANGERS = 4


async def transcript(provider: Provider, make: Make, family: str, known: Sequence[Answer] = ()) -> list[Answer]:
    """Return what a provider answers to the script of a family; callers leave before each answer of `repeat`.

    It ends where the answers are no longer those that are `known`.
    """
    first = provider.store.first_id
    made = ([make("POST", "appointments", data=draft)] for draft in drafts())
    answers: list[Answer] = []
    for turn in chain(made, SCRIPTS[family](make, first)):
        calls = [provider.answer(request, partial(bool, family == "repeat")) for request in turn]
        answers += [await calls[0]] if len(calls) == 1 else await asyncio.gather(*calls)
        if known and answers[-len(turn) :] != known[len(answers) - len(turn) : len(answers)]:
            break
    return answers


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAUSE", 0.0)
    monkeypatch.setattr(rows, "LASTS", 5)


@pytest.fixture(scope="module")
def honest(request_for: Make, runner: Runner, clock: Clock) -> Callable[[str, int], list[Answer]]:
    """Return the honest provider's transcripts, each made once."""
    known: dict[tuple[str, int], list[Answer]] = {}

    def give(family: str, first_id: int) -> list[Answer]:
        key = family, first_id
        if key not in known:
            known[key] = runner.run(
                transcript(Provider(strangers=STRANGERS, first_id=first_id, clock=clock), request_for, family)
            )
        return known[key]

    return give


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in SCRIPTED], ids=lambda fault: fault.name)
def test_deviates(
    fault: Fault,
    honest: Callable[[str, int], list[Answer]],
    request_for: Make,
    runner: Runner,
    clock: Clock,
) -> None:
    """The fault answers otherwise than the honest provider to its family's script, and changes no stranger."""
    provider = Provider([fault], strangers=STRANGERS, clock=clock)
    known = honest(fault.family, provider.store.first_id)
    answers = runner.run(transcript(provider, request_for, fault.family, known))

    assert (answers != known) is True
    assert provider.audit.touched == ()


@pytest.mark.parametrize("family", SCRIPTS)
def test_honest(
    family: str,
    honest: Callable[[str, int], list[Answer]],
    request_for: Make,
    runner: Runner,
    clock: Clock,
) -> None:
    """The honest provider answers a script the same each time, so that a difference is the fault's."""
    again = runner.run(transcript(Provider(strangers=STRANGERS, clock=clock), request_for, family))

    assert again == honest(family, 5000)
    assert {answer.status for answer in again} >= {201}
