"""The pytest items that play scenarios, and their order."""

from collections.abc import Sequence
from typing import Final

import pytest

from cancel_contract.run.scenarios import Scenario

FIXTURE: Final = "scenario"
"""The name by which a test asks for scenarios."""


def scenario_of(item: pytest.Item) -> Scenario | None:
    """Return the scenario that an item plays; None where it is another test."""
    callspec = getattr(item, "callspec", None)
    found = callspec.params.get(FIXTURE) if callspec else None
    return found if isinstance(found, Scenario) else None


def put_in_order(items: list[pytest.Item], scenarios: Sequence[Scenario]) -> None:
    """Sort the items that play scenarios as these are; other tests keep their places."""
    turns = {one.name: turn for turn, one in enumerate(scenarios)}
    placed = [
        (place, turns[one.name], item)
        for place, item in enumerate(items)
        if (one := scenario_of(item)) and one.name in turns
    ]
    played = sorted(placed, key=lambda each: each[1])
    for (place, _, _), (_, _, item) in zip(placed, played, strict=True):
        items[place] = item
