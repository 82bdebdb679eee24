"""How far a run is, for a terminal: a bar in place of pytest's dots, while nothing but the contract is played."""

import time
from collections.abc import Callable, Iterable

import rich.progress
from rich.console import Console

from cancel_contract.clauses import CATALOGUE
from cancel_contract.run.session import Contract


class Progress:
    """Scenarios played and failed, clauses exercised, requests of the budget, time left."""

    def __init__(self, console: Console | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        # Refreshed by hand: at other times pytest captures what is written.
        self._bar = rich.progress.Progress(
            rich.progress.BarColumn(bar_width=20),
            rich.progress.TextColumn("{task.completed} of {task.total} scenarios · {task.description}"),
            rich.progress.TimeRemainingColumn(),
            rich.progress.TextColumn("left"),
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            get_time=clock,
            # Scenarios differ in length: the time left is that of all so far.
            speed_estimate_period=float("inf"),
        )
        self._task: rich.progress.TaskID | None = None
        self._clauses: set[str] = set()
        self._requests = self._failed = 0
        self.is_shown = False
        """Whether the bar stands for pytest's dots."""

    def played(self, contract: Contract, notes: Iterable[tuple[str, object]], *, failed: bool = False) -> None:
        """Move on by a scenario; its notes come from the worker that has played it."""
        for kind, noted in notes:
            if kind == "clause":
                self._clauses.add(str(noted))
            elif kind == "requests":
                self._requests += int(str(noted))
        self._failed += failed
        if not self.is_shown:
            return
        if self._task is None:
            self._task = self._bar.add_task("", total=len(contract.choice.scenarios(contract.fragment)))
            self._bar.start()
        choice = contract.choice
        parts = (
            *((f"{self._failed} failed",) if self._failed else ()),
            f"{len(self._clauses)} of {len(choice.clauses or CATALOGUE)} clauses",
            f"{self._requests} of {choice.target.settings.max_requests} requests",
        )
        self._bar.update(self._task, advance=1, description=" · ".join(parts))
        self._bar.refresh()

    def stop(self) -> None:
        """Take the bar away, and leave the terminal to pytest."""
        if self._task is not None:
            self._bar.stop()
        self.is_shown = False
