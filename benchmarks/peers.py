"""Compares the suite with other tools: the same fragment, provider, faults and variants."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Annotated, Final

import typer
from contestants import CONFIGS, PEERS, Contestant, Context, environment
from pages import GATE, STRANGERS, publish, served, table

from cancel_contract.fragment.document import load
from cancel_contract.provider import Provider, running
from cancel_contract.run.assembly import opened
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.supply.variations import Variation
from cancel_contract.target.target import Target
from cancel_contract.tools.prove.trials import (
    Ends,
    Sort,
    Trial,
    trials,
    tried,
)

OURS: Final = "this suite, gate"
STOPPED: Final = "this suite, gate, -x"
HONEST: Final = Trial(Sort.VARIANT, "")
"""The provider as it is."""
RUNS: Final = 3
"""Runs on the honest provider: what a peer reports there it reports of anything."""
# Rich, so that a peer that can ask about one appointment only has something to see.
_OWN: Final = Variation(payment="prepaid", name="cyrillic", service=True, contact=True, birth_date=True, comment=True)


@dataclass(frozen=True, slots=True)
class Failure:
    """What one run said, and what it cost."""

    trial: Trial
    closed: bool
    """Whether the exit status would stop a pipeline."""
    findings: frozenset[str]
    requests: int
    named: int
    touched: int
    left: int
    seconds: float


def _asked(peer: Contestant, trial: Trial, tools: Path) -> Failure:
    faults = [trial.name] if trial.sort is Sort.FAULT else []
    variants = [trial.name] if trial.sort is Sort.VARIANT and trial.name else []
    # The peer's own appointment is created while the provider is honest, whatever it does afterwards.
    provider = Provider(faults, variants, strangers=STRANGERS)
    with running(provider) as server, tempfile.TemporaryDirectory() as place:
        provider.switch()
        with opened(Target(seeded_settings(server.base_url), embedded=True)) as run:
            own = run.context.fresh(_OWN).id
        provider.switch(faults, variants)
        before, begun = provider.audit.requests, perf_counter()
        code, text = _said(peer.command(Context(server.base_url, own, Path(place), tools)), place, peer.patience)
        seconds = perf_counter() - begun
        audit = provider.audit
        standing = sum(
            not row.cancelled for number, row in provider.store.appointments.items() if number >= min(own, 5000)
        )
        return Failure(
            trial, code != 0, frozenset(peer.told.findall(text)), audit.requests - before, audit.named,
            len(audit.touched), standing, seconds,
        )  # fmt: skip


def _said(command: Sequence[str], folder: str, patience: float) -> tuple[int, str]:
    try:
        done = subprocess.run(  # noqa: S603  the peers' own commands
            command, cwd=folder, env=environment(os.environ), check=False, capture_output=True, text=True,
            errors="replace", timeout=patience,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 0, ""
    return done.returncode, done.stdout + done.stderr


def _ours(trial: Trial, *, whole: bool) -> Failure:
    one = tried(trial, scenarios(Profile.GATE, load()), strangers=STRANGERS, ends=Ends.LAST if whole else Ends.BREACH)
    found = frozenset(one.broken)
    return Failure(trial, one.code == 1, found, one.requests, one.strangers, one.touched, one.left, one.seconds)


def _as_process(*, whole: bool) -> float:
    """Return the seconds that the gate takes on the honest provider when it is started as the peers are."""
    with served(Provider(strangers=STRANGERS)) as (_, ours), tempfile.TemporaryDirectory() as folder:
        begun = perf_counter()
        subprocess.run([*GATE, *([] if whole else ["-x"])], cwd=folder, env=ours, check=True, capture_output=True)  # noqa: S603  our own command
        return perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one contestant said."""

    name: str
    honest: Sequence[Failure]
    faults: Sequence[Failure]
    variants: Sequence[Failure]

    @property
    def _usual(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.findings for one in self.honest))

    def is_new(self, told: Failure) -> bool:
        """Whether a run said what no run on the honest provider said."""
        quiet = not any(one.closed for one in self.honest)
        return bool(told.findings - self._usual) or (told.closed and quiet)

    @property
    def every(self) -> tuple[Failure, ...]:
        """Every run."""
        return (*self.honest, *self.faults, *self.variants)

    @property
    def by_exit(self) -> int:
        """Faults that would stop a pipeline, and that the honest provider does not show."""
        return 0 if any(one.closed for one in self.honest) else sum(one.closed for one in self.faults)

    @property
    def found(self) -> int:
        """Faults of which the output says something new."""
        return sum(map(self.is_new, self.faults))

    @property
    def per_thousand(self) -> float:
        """Faults found for each thousand requests that were sent to find them."""
        return 1000 * self.found / max(1, sum(one.requests for one in self.faults))

    def of(self, peer: "Result") -> "Result":
        """Return the same for the faults alone that a peer was given."""
        given = {one.trial for one in peer.faults}
        return replace(self, faults=[one for one in self.faults if one.trial in given])

    def row(self) -> tuple[object, ...]:
        """Return the contestant's line."""
        every = self.every
        return (
            self.name,
            f"{self.found} of {len(self.faults)} ({self.found / len(self.faults):.0%})",
            self.by_exit,
            f"{sum(one.closed for one in self.honest)} of {len(self.honest)}",
            f"{sum(one.closed for one in self.variants)} of {len(self.variants)}",
            f"{median(one.requests for one in self.honest):g}",
            f"{median(one.seconds for one in self.honest):.1f}",
            f"{self.per_thousand:.1f}",
            sum(one.named for one in every),
            sum(one.touched for one in every),
            f"{median(one.left for one in self.honest):g}",
        )


_HEAD: Final = (
    "contestant", "faults found", "of them by exit status", "alarms, honest", "alarms, variants", "requests, honest",
    "seconds, honest", "found per 1,000 requests", "strangers named", "strangers touched", "left active",
)  # fmt: skip


def sample(count: int | None) -> tuple[list[Trial], list[Trial]]:
    """Return so many faults of the catalogue, in equal steps, or all of them, and every fourth variant."""
    faults = [one for one in trials() if one.sort is Sort.FAULT]
    wanted = min(count or len(faults), len(faults))
    unfit = {"creation-refused", "repeat-rejected"}
    variants = [one for one in trials() if one.sort is Sort.VARIANT and one.name not in unfit]
    return [faults[place * len(faults) // wanted] for place in range(wanted)], variants[::4]


def _played(peer: Contestant, faults: Sequence[Trial], variants: Sequence[Trial], tools: Path) -> Result:
    asked = [_asked(peer, HONEST, tools) for _ in range(RUNS)]
    some = [_asked(peer, one, tools) for one in faults[:: peer.every]]
    result = Result(peer.name, asked, some, [_asked(peer, one, tools) for one in variants[:: peer.every]])
    typer.echo(f"{result.row()}", err=True)
    return result


def _headline(ours: Sequence[Result], peers: Sequence[Result]) -> str:
    whole, best = ours[0], max(peers, key=lambda one: one.found)
    ratio, ratio_stopped = _ratios(ours, best)
    return (
        f"of {len(whole.faults)} faults this suite finds {whole.found}, the best peer ({best.name}) {best.found} of "
        f"{len(best.faults)}; a thousand requests find {ratio_stopped} times as many with -x, {ratio} times without; "
        f"strangers' appointments changed: {sum(one.touched for one in whole.every)} and "
        f"{sum(one.touched for peer in peers for one in peer.every)}"
    )


def _lines(ours: Sequence[Result], peers: Sequence[Result], variants: Sequence[Trial]) -> Iterator[str]:
    whole, every = ours[0], (*ours, *peers)
    yield (
        f"{len(whole.faults)} faults of the catalogue, given to slow peers in part, and {len(variants)} variants; a "
        f"fresh provider with {STRANGERS} strangers' appointments for each run; on the honest provider {RUNS} runs, "
        "medians. Found: the output says something that it never says of the honest provider, whatever the exit "
        f"status. One at a time. `{STOPPED}` ends with the first scenario that breaks a clause; so does a phase of "
        "schemathesis. Seconds are those of whole processes, started from the shell."
    )
    yield ""
    yield from table(_HEAD, [one.row() for one in every])
    yield ""
    yield from table(
        ("peer", "found, ours : its", "found per 1,000 requests, ours / its", "the same with -x", "found by it alone"),
        [_beside(ours, peer) for peer in peers],
    )
    yield ""
    yield from table(("peer", "configuration", "cannot by design"), [(one.name, one.how, one.cannot) for one in PEERS])
    yield ""
    yield from table(
        ("fault", "clause", *(one.name for one in every)),
        [(one.trial.name, one.trial.clause, *_marks(one.trial, every)) for one in whole.faults],
    )


def _beside(ours: Sequence[Result], peer: Result) -> tuple[object, ...]:
    whole = ours[0].of(peer)
    mine = {one.trial.name for one in whole.faults if whole.is_new(one)}
    alone = {one.trial.name for one in peer.faults if peer.is_new(one)} - mine
    return (peer.name, f"{len(mine)} : {peer.found}", *_ratios(ours, peer), ", ".join(sorted(alone)) or "none")


def _ratios(ours: Sequence[Result], peer: Result) -> list[str]:
    rate = peer.per_thousand
    return [f"{one.of(peer).per_thousand / rate:.1f}" if rate else "–" for one in ours]


def _marks(trial: Trial, results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        told = next((one for one in result.faults if one.trial == trial), None)
        yield "" if told is None else "found" if result.is_new(told) else "–"


def main(
    faults: Annotated[int | None, typer.Option(help="how many faults are tried; all where left out", min=1)] = None,
    tools: Annotated[Path, typer.Option(help="where npm has put the peers")] = CONFIGS / "node_modules",
) -> None:
    """Run every contestant against the same faults and variants."""
    some, variants = sample(faults)
    ours = [
        Result(
            name,
            [replace(_ours(HONEST, whole=whole), seconds=_as_process(whole=whole)) for _ in range(RUNS)],
            [_ours(one, whole=whole) for one in some],
            [_ours(one, whole=whole) for one in variants],
        )
        for name, whole in ((OURS, True), (STOPPED, False))
    ]
    typer.echo(f"{[one.row() for one in ours]}", err=True)
    peers = [_played(peer, some, variants, tools.absolute()) for peer in PEERS]
    lines = _lines(ours, peers, variants)
    publish("peers", "The suite beside its peers", _headline(ours, peers), lines)


if __name__ == "__main__":
    typer.run(main)
