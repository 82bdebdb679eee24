"""pytest's items that play situations. Lives here: which they are, and their order. May not know: hooks, workers."""

from collections.abc import Sequence
from typing import Final

import pytest

from cancel_contract.run.scenarios import Situation

FIXTURE: Final = "situation"
"""The name by which a test asks for situations."""


def situation_of(item: pytest.Item) -> Situation | None:
    """Give the situation that an item plays; None where it is another test."""
    callspec = getattr(item, "callspec", None)
    found = callspec.params.get(FIXTURE) if callspec else None
    return found if isinstance(found, Situation) else None


def put_in_order(items: list[pytest.Item], situations: Sequence[Situation]) -> None:
    """Sort the items that play situations as these are; other tests keep their places."""
    turns = {one.name: turn for turn, one in enumerate(situations)}
    placed = [
        (place, turns[one.name], item)
        for place, item in enumerate(items)
        if (one := situation_of(item)) and one.name in turns
    ]
    played = sorted(placed, key=lambda each: each[1])
    for (place, _, _), (_, _, item) in zip(placed, played, strict=True):
        items[place] = item
