"""The pytest items that play scenarios, and their order."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import pytest

from cancel_contract.exchange.generated_cases import Batch
from cancel_contract.run.scenarios import Scenario

FIXTURE: Final = "scenario"
"""The name by which a test asks for scenarios."""
DRAWN: Final = "contract/test_drawn_cases.py"
"""The file with a test for each batch of generated cases that is drawn."""
_NAME: Final = re.compile(r"::test_\w+\[(?P<name>[^\]]+)\]$")
_BATCHES: Final = {f"{DRAWN}::test_{batch.replace('-', '_')}": batch.scenario for batch in Batch}


def name_in(nodeid: str) -> str:
    """Return the name of the scenario that an item plays, by its id; empty where it plays none."""
    if found := _NAME.search(nodeid):
        return found["name"]
    return next((name for ending, name in _BATCHES.items() if nodeid.endswith(ending)), "")


def scenario_of(item: pytest.Item, scenarios: Mapping[str, Scenario]) -> Scenario | None:
    """Return the scenario, of these by their names, that an item plays; None where it is another test."""
    return scenarios.get(name_in(item.nodeid)) if item.get_closest_marker("contract") else None


def leave_out_unplayed(items: list[pytest.Item], scenarios: Iterable[Scenario]) -> None:
    """Leave out the items that play none of these scenarios: batches that are drawn, and a family without any."""
    names = {one.name for one in scenarios}
    items[:] = [item for item in items if not _is_empty(item) and not _is_drawn_without(item, names)]


def _is_drawn_without(item: pytest.Item, names: Collection[str]) -> bool:
    return DRAWN in item.nodeid and name_in(item.nodeid) not in names


def _is_empty(item: pytest.Item) -> bool:
    """Whether pytest made an item for a list of scenarios that is empty, to be skipped."""
    call = getattr(item, "callspec", None)
    return call is not None and FIXTURE in call.params and not isinstance(call.params[FIXTURE], Scenario)


def put_in_order(items: list[pytest.Item], scenarios: Sequence[Scenario]) -> None:
    """Sort the items that play scenarios as these are; other tests keep their places."""
    known = {one.name: one for one in scenarios}
    turns = {one.name: turn for turn, one in enumerate(scenarios)}
    placed = [(place, turns[one.name], item) for place, item in enumerate(items) if (one := scenario_of(item, known))]
    played = sorted(placed, key=lambda each: each[1])
    for (place, _, _), (_, _, item) in zip(placed, played, strict=True):
        items[place] = item


def ahead(items: Iterable[pytest.Item], scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return the scenarios that items will ask for; none where one of them draws its cases while it is played."""
    known = {one.name: one for one in scenarios}
    played = [item for item in items if scenario_of(item, known)]
    if any(DRAWN in item.nodeid for item in played):
        return ()
    return tuple(dict.fromkeys(known[name_in(item.nodeid)] for item in played))


def put_in_turn(items: list[pytest.Item], scenarios: Sequence[Scenario]) -> None:
    """Sort items as pytest-xdist deals them out to workers.

    What makes appointments comes first, since others use what it leaves behind; and of each kind the longest first, a
    group as long as all of it, so that none is left to the end; equals and those of one group as the scenarios are.
    """
    known = {one.name: one for one in scenarios}
    turns = {one.name: turn for turn, one in enumerate(scenarios)}
    played = [one for item in items if (one := scenario_of(item, known))]
    groups = {one.group: [each for each in played if each.group == one.group] for one in played if one.group}

    def turn(item: pytest.Item) -> tuple[bool, int, bool, int]:
        one = scenario_of(item, known)
        if one is None:
            return (True, 0, True, 0)
        dealt = groups.get(one.group, [one])
        length, makes = sum(each.requests for each in dealt), any(each.appointments for each in dealt)
        return (not makes, -length, one.appointments == 0, turns[one.name])

    items.sort(key=turn)
