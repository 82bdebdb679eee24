"""How situations are dealt out to the workers of pytest-xdist.

Lives here: which come first, and which one worker plays together. May not know: what they ask.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

from contracts.items import situation_of
from contracts.situations import Situation

_ITEM: Final = re.compile(r"::test_(?P<family>\w+)\[(?P<slug>.+)\]$")


def turn(item: pytest.Item) -> tuple[bool, int, str]:
    """What items are sorted by: those that make appointments first, since others use what they leave behind; and of
    each kind the longest first, so that none is left to the end; equals family by family.
    """
    situation = situation_of(item)
    return (situation.appointments == 0, -situation.requests, situation.family) if situation else (True, 0, "")


class Dealing(LoadScopeScheduling):
    """Items one by one in their order, but for those of a group."""

    def __init__(self, config: pytest.Config, log: Any, situations: Sequence[Situation]) -> None:  # noqa: ANN401  xdist's own log
        super().__init__(config, log)
        self._groups: Mapping[str, str] = {one.name: one.group for one in situations if one.group}

    def _split_scope(self, nodeid: str) -> str:
        """Give the name under which an item is dealt out."""
        item = _ITEM.search(nodeid)
        return self._groups.get(f"{item['family']}/{item['slug']}", nodeid) if item else nodeid
