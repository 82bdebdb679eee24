"""Which scenarios one worker of pytest-xdist plays together.

`--dist loadgroup` with `xdist_group` marks would say the same, and cannot: pytest-xdist 3.8 writes a group into
`item._nodeid`, of which pytest 9.2 makes no `item.nodeid`, so that it deals the items of a group out one by one. A test
notices when it can (tests/proof/plugin/test_xdist_scheduler.py).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from cancel_contract.plugin.items import name_in
from cancel_contract.run.scenarios import Scenario


class Scheduler(LoadScopeScheduling):
    """Deals items out one by one in their order, and those of a group together."""

    def __init__(self, config: pytest.Config, log: Any, scenarios: Iterable[Scenario]) -> None:  # noqa: ANN401  xdist's own log
        super().__init__(config, log)
        self._groups: Mapping[str, str] = {one.name: one.group for one in scenarios if one.group}

    def _split_scope(self, nodeid: str) -> str:
        """Return the name under which an item is assigned."""
        return self._groups.get(name_in(nodeid), nodeid)
