"""Orders the tests: fast ones first, so that a mistake shows early."""

from pathlib import Path
from typing import Final

import pytest

_ORDER: Final = ("unit", "contract", "proof")
_HERE: Final = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put unit tests before the contract, and the contract before the proof."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(_HERE).parts[0] if item.path.is_relative_to(_HERE) else ""
    return _ORDER.index(folder) if folder in _ORDER else len(_ORDER)
