"""`doctor` and `sweep`: the commands that talk to a target."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.errors import Inconclusive, Misconfigured
from cancel_contract.exchange.marker import PREFIX, may_name_a_run
from cancel_contract.ledger import deviations
from cancel_contract.ledger.gate import Exit
from cancel_contract.run import preflight
from cancel_contract.run.run import Run, opened
from cancel_contract.supply.journal import FOLDER
from cancel_contract.supply.sweep import sweep
from cancel_contract.target.loading import load
from cancel_contract.target.settings import not_set
from cancel_contract.target.target import Target
from cancel_contract.tools.doctor.members import members
from cancel_contract.tools.doctor.prospects import prospects
from cancel_contract.tools.doctor.provided import looked_at


def _target(url: str | None) -> Target:
    try:
        settings = load(base_url=url)
    except Misconfigured as error:
        raise _wrong(*error.problems) from None
    if settings.base_url is None:
        raise _wrong(f"{not_set(['base_url'])}: this command asks a real target")
    return Target(settings)


def _wrong(*problems: str) -> typer.Exit:
    for problem in problems:
        typer.echo(problem, err=True)
    return typer.Exit(Exit.MISCONFIGURED)


Url = Annotated[str | None, typer.Option("--target", metavar="URL", help="the target; default ONELINK_BASE_URL")]


@contextmanager
def _opened(target: Target) -> Iterator[Run]:
    """Open a run; wrong settings of the machine, such as its proxy, count as wrong settings."""
    try:
        with opened(target) as run:
            yield run
    except Misconfigured as error:
        raise _wrong(*error.problems) from None


def _show(line: str) -> None:
    typer.echo(line, err=True)


def doctor(
    target: Url = None,
    known: Annotated[
        Path | None, typer.Option("--deviations", metavar="FILE", help="known deviations of the target, as for a gate")
    ] = None,
) -> None:
    """Ask whether a gate can reach a verdict: target, tokens, resource, appointments, what stays untested.

    One read for each question, and for each failure what to do about it; nothing is changed.
    Exit 0: it can; 4: wrong settings, nothing was sent; 6: it cannot.
    """
    examined = _target(target)
    try:
        entries = deviations.read(known)
    except Misconfigured as error:
        raise _wrong(*error.problems) from None
    is_fit = True
    with _opened(examined) as run, preflight.waits_told(run.budget, examined, _show):
        asked = preflight.examine(run.context, members, looked_at)
        for finding in chain(asked, prospects(examined.settings, entries, datetime.now(UTC).date())):
            marker = "ok  " if finding.is_good else "warn" if not finding.stops else "FAIL"
            typer.echo(examined.redactor.clean_text(f"{marker}  {finding.question} {finding.fact}"))
            if not finding.is_good:
                typer.echo(examined.redactor.clean_text(f"      {finding.remedy}"))
            is_fit &= finding.is_good or not finding.stops
    raise typer.Exit(Exit.HELD if is_fit else Exit.INCONCLUSIVE)


def sweep_command(
    target: Url = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="NONCE", help="what this run left, at once, whatever its age")
    ] = None,
    go: Annotated[bool, typer.Option("--go", help="cancel what is found; without it nothing is changed")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="exit 6, too, where anything that is left alone may still be active")
    ] = False,
) -> None:
    """Find what earlier runs left active, by their journals and by marks in the list, and cancel it.

    Only appointments that bear a marker older than an hour, or with --run of that run, are touched; younger ones, and
    with --run those of other runs, are listed and left alone.
    Exit 0: nothing that may be cancelled is active; 4: wrong settings; 6: something of the run that --run names,
    without it something older than an hour, or under --strict anything at all may still be active.
    """
    swept_target = _target(target)
    if run is not None and not may_name_a_run(run):
        raise _wrong(
            f"--run {run} is the name of no run: it is what stands after `journal-` in {FOLDER}/, or between "
            f"`{PREFIX}-` and the next dash of a marker, such as 3f9a01bc"
        )
    try:
        swept = sweep(swept_target, run, dry=not go)
    except Misconfigured as error:
        raise _wrong(*error.problems) from None
    except Inconclusive as error:
        typer.echo(swept_target.redactor.clean_text(str(error)), err=True)
        raise typer.Exit(Exit.INCONCLUSIVE) from None
    done = "would be cancelled; run again with --go" if swept.dry else "cancelled"
    for found in swept.found:
        typer.echo(f"appointment {found.appointment} of run {found.marker.run}: {done}")
    for found in swept.left:
        typer.echo(f"appointment {found.appointment} of run {found.marker.run} is still active: {found.fate}")
    for found in swept.young:
        why = "younger than an hour" if run is None else f"not of run {run}"
        how = f"left alone; if its run has ended, name it: --run {found.marker.run}"
        typer.echo(f"appointment {found.appointment} of run {found.marker.run}: {why}, {how}")
    for reason in (*swept.unread, *swept.unread_of_others):
        typer.echo(f"not looked at: {reason}")
    if swept.is_empty and not swept.found:
        typer.echo("nothing is still active")
    is_done = swept.is_empty if strict else swept.is_clean
    raise typer.Exit(Exit.HELD if is_done else Exit.INCONCLUSIVE)
