"""pytest-xdist's hooks: what workers are given, and what they bring home."""

from collections.abc import Sequence
from typing import Any

import pytest

from cancel_contract.plugin import xdist_payload as workers
from cancel_contract.plugin.items import name_in
from cancel_contract.plugin.xdist_scheduler import Scheduler
from cancel_contract.run.session import Contract


class XdistHooks:
    """Assigns items to workers, on the controller and on each worker."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._under_way: dict[str, Any] = {}
        """Workers that have been given their share and are not known to have ended."""
        self._ended: set[str] = set()
        self._together = True

    def pytest_xdist_setupnodes(self, specs: Sequence[Any]) -> None:
        """Note whether all workers are on this machine."""
        self._together = all(spec.popen for spec in specs)

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Scheduler | None:  # noqa: ANN401  xdist's own log
        """Deal groups of scenarios out together, unless another way of dealing is asked for."""
        if config.getoption("dist") != "load":
            return None
        return Scheduler(config, log, self._contract.choice.scenarios(self._contract.fragment))

    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  a worker, as pytest-xdist has it
        """Give a worker its share; tokens travel in its input, never on its command line."""
        self._contract.hold()
        node.workerinput["contract"] = workers.travelling(self._contract, node.workerinput, together=self._together)
        self._under_way[node.gateway.id] = node

    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Check before anything is assigned that a whole run fits the budgets."""
        names = {one.name for one in self._contract.choice.scenarios(self._contract.fragment)}
        collected = sum(name_in(one) in names for one in ids)
        if collected and (problems := self._contract.excesses(collected)):
            raise pytest.UsageError("\n".join(problems))

    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401  a worker, as pytest-xdist has it
        """Add what a worker sends back; one that crashed sends nothing, and is reported."""
        name = node.gateway.id
        # pytest-xdist reports an interrupted one a second time.
        if name not in self._ended and not self._taken_in(node):
            self._contract.crashed.append(name)
        self._ended.add(name)
        self._under_way.pop(name, None)

    def take_in_the_rest(self) -> None:
        """Add what workers have sent since pytest-xdist stopped reporting them, because of an interrupt."""
        for name, node in self._under_way.items():
            if not self._taken_in(node):
                self._contract.stopped.append(name)
        self._under_way.clear()

    def _taken_in(self, node: Any) -> bool:  # noqa: ANN401  as above
        brought = getattr(node, "workeroutput", {}).get("contract")
        if brought:
            self._contract.merge(brought)
        return bool(brought)
