"""`doctor`: whether a gate can reach a verdict on a target."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.errors import Inconclusive, Misconfigured
from cancel_contract.ledger import deviations
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.gate import Exit
from cancel_contract.run import preflight
from cancel_contract.run.finding import Finding
from cancel_contract.target.target import Target
from cancel_contract.tools.commands.target_options import Url, opened_run, target_at, wrong
from cancel_contract.tools.doctor import settings_file
from cancel_contract.tools.doctor.discovery import discovered
from cancel_contract.tools.doctor.members import members
from cancel_contract.tools.doctor.prospects import prospects
from cancel_contract.tools.doctor.provided import looked_at


def doctor(
    target: Url = None,
    known: Annotated[
        Path | None, typer.Option("--deviations", metavar="FILE", help="known deviations of the target, as for a gate")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="write a new file of settings, with what the target shows of itself"
        ),
    ] = None,
) -> None:
    """Ask whether a gate can reach a verdict: target, tokens, resource, appointments, what stays untested.

    One read for each question, and for each failure what to do about it; nothing is changed.
    With --write, say, .env it first looks into the calendar and writes a file of settings: a resource with free slots,
    its zone, a service; what it cannot find as comments. It overwrites nothing and writes no token, which stays in the
    environment; then it asks its questions by those settings.
    Exit 0: it can; 4: wrong settings, nothing was sent; 6: it cannot.
    """
    examined = target_at(target)
    try:
        entries = deviations.read(known)
        if write:
            settings_file.must_be_new(write)
            examined = _with_file(examined, write, target)
    except Misconfigured as error:
        raise wrong(*error.problems) from None
    raise typer.Exit(Exit.HELD if _examined(examined, entries) else Exit.INCONCLUSIVE)


def _examined(target: Target, entries: Mapping[str, Deviation]) -> bool:
    """Print each question with its answer; give whether a gate can reach a verdict."""
    is_fit = True
    with opened_run(target) as run, preflight.waits_told(run.budget, target, _show):
        asked = preflight.examine(run.context, members, looked_at)
        for finding in chain(asked, prospects(target.settings, entries, datetime.now(UTC).date())):
            _print(finding, target.redactor.clean_text)
            is_fit &= finding.is_good or not finding.stops
    return is_fit


def _print(finding: Finding, clean: Callable[[str], str]) -> None:
    marker = "ok  " if finding.is_good else "warn" if not finding.stops else "FAIL"
    typer.echo(clean(f"{marker}  {finding.question} {finding.fact}"))
    if not finding.is_good:
        typer.echo(clean(f"      {finding.remedy}"))


def _with_file(target: Target, path: Path, url: str | None) -> Target:
    """Write down what the target shows of itself; give the target by those settings, or as it was if it shows none."""
    try:
        with opened_run(target) as run, preflight.waits_told(run.budget, target, _show):
            found = discovered(run.context)
    except Inconclusive:
        # What is wrong is for the questions to say.
        return target
    if found.problem:
        _show(target.redactor.clean_text(found.problem))
        return target
    settings_file.write(path, settings_file.text(target.settings, found))
    for name, reason in found.reasons.items():
        typer.echo(f"found {name}={found.values[name]}: {reason}")
    typer.echo(f"written: {path}")
    return target_at(url, path)


def _show(line: str) -> None:
    typer.echo(line, err=True)
