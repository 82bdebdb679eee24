"""Each generation of the provider passes with its deviations file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

import cancel_contract
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.fragment.document import load
from cancel_contract.ledger import deviations
from cancel_contract.ledger.deviations import judged
from cancel_contract.ledger.exit_code import (
    Effect,
    Exit,
    effect,
    exit_code,
)
from cancel_contract.ledger.row import Row
from cancel_contract.provider import Provider, running
from cancel_contract.provider.variants.generations import GENERATIONS
from cancel_contract.run.assembly import opened
from cancel_contract.run.embedded import NOTHING_TO_NAME, embedded
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.target.settings import Settings

FOLDER: Final = Path(cancel_contract.__file__).parent / "ledger" / "generations"
TODAY: Final = datetime(2026, 12, 1, tzinfo=UTC).date()


def test_each_generation_has_its_file() -> None:
    """Each generation has a deviations file, and each file a generation."""
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(GENERATIONS)


@pytest.mark.parametrize("name", GENERATIONS)
def test_the_gate_opens(name: str) -> None:
    """With its generation's file the gate opens within a gate's budgets, and no entry of the file is idle."""
    entries = deviations.read(FOLDER / f"{name}.yaml")
    limits = Settings.model_validate({"max_requests": 600, "max_appointments": 40})
    without = dict.fromkeys(NOTHING_TO_NAME[name])
    with embedded(limits, Provider(variants=GENERATIONS[name]), **without) as target, opened(target) as run:

        def closes(row: Row) -> bool:
            return effect(row, dict(judged([row], entries, TODAY)).get(row.clause.id)) is Effect.CLOSES

        run.closes = closes
        for scenario in scenarios(Profile.GATE, load()):
            run.play(scenario)
        run.finish()
        rows = run.ledger.finished(lambda setting: getattr(target.settings, setting) is None)
    found = dict(judged(rows, entries, TODAY))

    assert exit_code(rows, run.ledger, found) is Exit.HELD, [
        (row.verdict.name, row.clause.id, row.reason, row.breach and row.breach.message)
        for row in rows
        if row.verdict and row.clause.id not in found
    ] + [(clause, str(entry)) for clause, entry in found.items() if entry.standing != "known"]
    assert set(found) == set(entries)
    assert run.budget.requests <= 380
    assert run.budget.appointments <= 34


@pytest.mark.parametrize("options", [("-n", "2"), ("--contract-profile", "quick")], ids=["two workers", "quick"])
def test_the_gate_opens_whoever_plays_it(shell: Callable[..., Any], options: tuple[str, ...]) -> None:
    """What is known to deviate spends nobody's appointments: those of all others are played."""
    provider = Provider(variants=GENERATIONS["intermediate"])
    without = {name.upper(): None for name in NOTHING_TO_NAME["intermediate"]}
    with running(provider) as served:
        named = {"MAX_APPOINTMENTS": "60", **without}
        done = shell(served.base_url, "--deviations", str(FOLDER / "intermediate.yaml"), *options, **named)

    assert done.code == 0, done.out
    assert "but for 9 that are broken and known and 3 that are untested and waived" in done.last
    assert provider.audit.active(PREFIX) == ()
