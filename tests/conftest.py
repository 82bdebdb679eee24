"""Orders the tests: fast ones first, so that a mistake shows early, and between them those that wait."""

from pathlib import Path
from typing import Final

import pytest

_ORDER: Final = ("unit", "contract", "proof")
_HERE: Final = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put unit tests before the contract, and the contract before the proof.

    Tests that do little but wait are spread over all, so that each worker begins with its share of them early.
    """
    items.sort(key=_turn)
    waiting = [item for item in items if item.get_closest_marker("waits")]
    others = [item for item in items if not item.get_closest_marker("waits")]
    apart = 1 + len(others) // (len(waiting) or 1)
    for place, item in enumerate(waiting):
        others.insert(place * apart, item)
    items[:] = others


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(_HERE).parts[0] if item.path.is_relative_to(_HERE) else ""
    return _ORDER.index(folder) if folder in _ORDER else len(_ORDER)
