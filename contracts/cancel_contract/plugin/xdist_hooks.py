"""pytest-xdist's hooks: what workers are given, and what they bring home."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import pytest

from cancel_contract.guard.shared_state import FIT, SharedState
from cancel_contract.plugin import xdist_payload as workers
from cancel_contract.plugin.begin import CONTRACT, PROBLEMS, begun, header_lines
from cancel_contract.plugin.items import name_in
from cancel_contract.plugin.xdist_scheduler import Scheduler
from cancel_contract.run.session import Contract

_CLEANING: Final = 120.0
"""Seconds that interrupted workers have to clean up (policy)."""
_LOOK: Final = 0.05
"""Seconds between two looks whether they have."""


class XdistHooks:
    """Assigns items to workers, on the controller and on each worker."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._under_way: dict[str, Any] = {}
        """Workers that have been given their share and are not known to have ended."""
        self._ended: set[str] = set()
        self._together = True

    def pytest_xdist_setupnodes(self, specs: Sequence[Any]) -> None:
        """Note whether all workers are on this machine."""
        self._together = all(spec.popen for spec in specs)

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Scheduler | None:  # noqa: ANN401  xdist's own log
        """Assign a group of scenarios to one worker, unless another distribution is asked for."""
        contract = self._contract
        if contract is None or config.getoption("dist") != "load":
            return None
        return Scheduler(config, log, contract.choice.scenarios(contract.fragment))

    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  a worker, as pytest-xdist has it
        """Give a worker its share; tokens travel in its input, never on its command line.

        What is wrong with the settings travels as well: it matters to one that collects the contract, and to no other.
        """
        self._under_way[node.gateway.id] = node
        try:
            contract = begun(self._config)
        except pytest.UsageError as error:
            node.workerinput[PROBLEMS] = str(error).splitlines()
            return
        if not self._together:
            contract.hold()
        node.workerinput["contract"] = workers.travelling(contract, node.workerinput, together=self._together)

    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Check before anything is assigned that a whole run fits the budgets, and take the target's lock."""
        if (contract := self._contract) is None:
            return
        names = {one.name for one in contract.choice.scenarios(contract.fragment)}
        if not (collected := sum(name_in(one) in names for one in ids)):
            return
        reporter: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        for line in header_lines(self._config) if reporter else ():
            reporter.write_line(line)
        if problems := contract.excesses(collected):
            raise pytest.UsageError("\n".join(problems))
        contract.hold()
        if contract.problem and self._together:
            SharedState(contract.share.run).once(lambda: contract.problem, FIT)

    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401  a worker, as pytest-xdist has it
        """Add what a worker sends back; one that crashed sends nothing, and is reported."""
        if wrong := getattr(node, "workeroutput", {}).get(PROBLEMS):
            raise pytest.UsageError("\n".join(wrong))
        name = node.gateway.id
        # pytest-xdist reports an interrupted one a second time.
        if name not in self._ended and not self._taken_in(node) and (contract := self._contract):
            contract.crashed.append(name)
        self._ended.add(name)
        self._under_way.pop(name, None)

    def let_clean_up(self) -> None:
        """Interrupt the workers that are under way, and wait until they have cleaned up, or for Ctrl-C.

        pytest-xdist would interrupt them 5 s later, and kill them after 5 s more. Of a run that has
        come to its end, none is under way.
        """
        if self._contract is None:
            return
        under_way = [*self._local()]
        for _, process in under_way:
            if os.name != "nt":
                # On Windows that kills; there Ctrl-C has reached all processes.
                process.terminate()
        until = time.monotonic() + _CLEANING
        with suppress(KeyboardInterrupt):
            while time.monotonic() < until and any(_is_busy(*each) for each in under_way):
                # What a worker sends comes in another thread, and sets nothing that could be waited for.
                time.sleep(_LOOK)

    def _local(self) -> Iterator[tuple[Any, Any]]:
        """Yield the workers of this machine that are under way, each with its process."""
        for node in self._under_way.values():
            # execnet has no public name for it; without it pytest-xdist's own times hold.
            process = getattr(getattr(node.gateway, "_io", None), "popen", None)
            if process is not None and _is_busy(node, process):
                yield node, process

    def take_in_the_rest(self) -> None:
        """Add what workers have sent since pytest-xdist stopped reporting them, because of an interrupt."""
        for name, node in self._under_way.items():
            if not self._taken_in(node) and (contract := self._contract):
                contract.stopped.append(name)
        self._under_way.clear()

    @property
    def _contract(self) -> Contract | None:
        """The session's contract; None where its settings are wrong."""
        return self._config.stash.get(CONTRACT, None)

    def _taken_in(self, node: Any) -> bool:  # noqa: ANN401  as above
        brought = getattr(node, "workeroutput", {}).get("contract")
        if brought and (contract := self._contract):
            contract.merge(brought)
        return bool(brought)


def _is_busy(node: Any, process: Any) -> bool:  # noqa: ANN401  a worker and its process, as pytest-xdist has them
    """Whether a worker runs, and has not brought home what it found."""
    return not hasattr(node, "workeroutput") and process.poll() is None
