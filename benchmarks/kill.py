"""Kills gate runs at random moments and sweeps: nothing of them stays active, and nothing else is touched."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event
from typing import Annotated, Final

import typer
from pages import GATE, STRANGERS, publish, served, table

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider import Provider
from cancel_contract.provider.server.wire import Receive, Scope, Send
from cancel_contract.supply.journal import FOLDER

LATENCY: Final = 0.03
"""Seconds that each answer takes more, so that a kill falls between a request and its answer."""
_LOOK: Final = 0.1
"""Seconds after which it is looked whether a gate that sends nothing has ended."""
LAST: Final = 255
"""The request by which a kill has fallen: a gate run sends a few more."""


@dataclass(frozen=True, slots=True)
class Killed:
    """One run that was killed, and its sweep."""

    after: int
    """Requests that had reached the provider."""
    asked: int
    """Creates in its journal."""
    stood: int
    """Appointments of the run that were active after the kill."""
    left: int
    """Appointments of the run that are active after the sweep."""
    touched: int
    named: int
    code: int
    """The exit status of the sweep."""

    @property
    def is_right(self) -> bool:
        """Whether nothing is left and nobody else's was touched."""
        return (self.left, self.touched, self.named, self.code) == (0, 0, 0, 0)


class _Counting(Provider):
    """A provider that says when so many requests have come."""

    def __init__(self, moment: int) -> None:
        super().__init__(strangers=STRANGERS, latency=LATENCY)
        self.reached, self._missing = Event(), moment

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ever."""
        self._missing -= 1
        if self._missing <= 0:
            self.reached.set()
        await super().app(scope, receive, send)


def _killed(moment: int, delay: float) -> Killed:
    provider = _Counting(moment)
    with served(provider) as (_, environment), tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _kill(provider, environment, folder, delay)
        after = provider.audit.requests
        journal = next((folder / FOLDER).glob("journal-*.jsonl"), None)
        # Before the first create there is no journal, and a name that no run has finds nothing.
        run = journal.stem.removeprefix("journal-") if journal else "none"
        events = [json.loads(line)["event"] for line in journal.read_text().splitlines()] if journal else []
        stood = len(provider.audit.active(f"{PREFIX}-{run}"))
        sweep = [sys.executable, "-m", "cancel_contract", "sweep", "--run", run, "--go"]
        code = subprocess.run(sweep, cwd=folder, env=dict(environment), check=False, capture_output=True).returncode  # noqa: S603  our own command
    audit = provider.audit
    return Killed(after, events.count("asked"), stood, len(audit.active(PREFIX)), len(audit.touched), audit.named, code)


def _kill(provider: _Counting, environment: Mapping[str, str], folder: Path, delay: float) -> None:
    run = subprocess.Popen(  # noqa: S603  our own command
        GATE, cwd=folder, env=dict(environment), start_new_session=True, stdout=subprocess.DEVNULL
    )
    # A gate that ends before the moment never reaches it.
    while not provider.reached.wait(_LOOK) and run.poll() is None:
        pass
    # A random time, which is what is tried here: a kill may fall anywhere between two requests.
    time.sleep(delay)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def main(
    runs: Annotated[int, typer.Option(help="runs that are killed", min=1)] = 10,
    seed: Annotated[int, typer.Option(help="what decides the moments")] = 7,
) -> None:
    """Kill gate runs, sweep after each; exit 1 if something is still active or a stranger was touched."""
    random = Random(seed)  # noqa: S311  it chooses moments, no secrets
    killed = [_killed(random.randrange(1, LAST), random.uniform(0, LATENCY)) for _ in range(runs)]
    head = ("killed after requests", "creates asked for", "active after the kill", "active after the sweep",
            "strangers touched", "strangers named", "sweep's exit")  # fmt: skip
    rows = [(one.after, one.asked, one.stood, one.left, one.touched, one.named, one.code) for one in killed]
    headline = (
        f"{runs} gate runs killed (SIGKILL) at random moments: {sum(one.stood for one in killed)} appointments were "
        f"active after the kills, {sum(one.left for one in killed)} after the sweeps, "
        f"{sum(one.touched for one in killed)} strangers touched"
    )
    lines = [
        (
            f"Moments from seed {seed}; each answer {LATENCY * 1000:g} ms late; {STRANGERS} strangers' appointments; "
            "after each kill `cancel-contract sweep --run NAME --go`."
        ),
        "",
        *table(head, sorted(rows)),
    ]
    publish("kill", "Killed runs, swept", headline, lines)
    raise typer.Exit(int(not all(one.is_right for one in killed)))


if __name__ == "__main__":
    typer.run(main)
