"""Assigns scenarios to the workers of pytest-xdist: which come first, and which stay together."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

from cancel_contract.plugin.items import scenario_of
from cancel_contract.run.scenarios import Scenario

_ITEM: Final = re.compile(r"::test_(?P<family>\w+)\[(?P<slug>.+)\]$")


def in_turn(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Sort items: what makes appointments first, since others use what it leaves behind; and of each kind the longest
    first, a group as long as all of it, so that none is left to the end; equals family by family.
    """
    played = [one for item in items if (one := scenario_of(item))]
    groups = {one.group: [each for each in played if each.group == one.group] for one in played if one.group}

    def turn(item: pytest.Item) -> tuple[bool, int, bool, str, int, str]:
        one = scenario_of(item)
        if one is None:
            return (True, 0, True, "", 0, "")
        dealt = groups.get(one.group, [one])
        length, makes = sum(each.requests for each in dealt), any(each.appointments for each in dealt)
        return (not makes, -length, one.appointments == 0, one.family, -one.requests, one.name)

    return sorted(items, key=turn)


def name_in(nodeid: str) -> str:
    """Return the name of the scenario that an item plays, by its id; empty where it plays none."""
    item = _ITEM.search(nodeid)
    return f"{item['family']}/{item['slug']}" if item else ""


class Scheduler(LoadScopeScheduling):
    """Items one by one in their order, but for those of a group."""

    def __init__(self, config: pytest.Config, log: Any, scenarios: Sequence[Scenario]) -> None:  # noqa: ANN401  xdist's own log
        super().__init__(config, log)
        self._groups: Mapping[str, str] = {one.name: one.group for one in scenarios if one.group}

    def _split_scope(self, nodeid: str) -> str:
        """Return the name under which an item is assigned."""
        return self._groups.get(name_in(nodeid), nodeid)
