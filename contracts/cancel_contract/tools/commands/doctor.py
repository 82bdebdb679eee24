"""`doctor`: whether a gate can reach a verdict on a target."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.errors import Inconclusive, Misconfigured
from cancel_contract.ledger import deviations
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run import preflight
from cancel_contract.run.finding import Finding
from cancel_contract.target.target import Target
from cancel_contract.tools.commands.target_options import Url, opened_run, target_at, wrong
from cancel_contract.tools.doctor import settings_file
from cancel_contract.tools.doctor.discovery import Discovered, discovered
from cancel_contract.tools.doctor.members import members
from cancel_contract.tools.doctor.prospects import prospects
from cancel_contract.tools.doctor.provided import looked_at
from cancel_contract.tools.json_output import AsJson, echo_json


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
    as_json: AsJson = False,
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
    except Misconfigured as error:
        raise wrong(*error.problems) from None
    discovery = _looked(examined) if write else None
    if write and discovery and discovery.values:
        examined = _with_file(examined, discovery, write, target)
        if not as_json:
            _show_discovery(discovery, write)
    findings = list(_asked(examined, entries, None if as_json else _show_finding))
    is_fit = all(finding.is_good or not finding.stops for finding in findings)
    code = Exit.HELD if is_fit else Exit.INCONCLUSIVE
    if as_json:
        found = dict(discovery.values) if discovery else None
        told = {"target": str(examined.url), "exit": code, "findings": [*map(_data, findings)], "found": found}
        echo_json(told, examined.redactor.clean_text)
    raise typer.Exit(code)


def _asked(
    target: Target, entries: Mapping[str, Deviation], show: Callable[[Finding, Target], None] | None
) -> Iterator[Finding]:
    """Ask question after question; each is shown as soon as it is answered."""
    with opened_run(target) as run, preflight.waits_told(run.budget, target, _show):
        asked = preflight.examine(run.context, members, looked_at)
        for finding in chain(asked, prospects(target.settings, entries, datetime.now(UTC).date())):
            if show:
                show(finding, target)
            yield finding


def _looked(target: Target) -> Discovered:
    """Return what the target shows of itself; what is wrong with it is for the questions to say."""
    try:
        with opened_run(target) as run, preflight.waits_told(run.budget, target, _show):
            found = discovered(run.context)
    except Inconclusive:
        return Discovered({}, {})
    if found.problem:
        _show(target.redactor.clean_text(found.problem))
    return found


def _with_file(target: Target, found: Discovered, path: Path, url: str | None) -> Target:
    """Write down the settings and what was found; return the target by that file."""
    try:
        settings_file.write(path, settings_file.text(target.settings, found))
    except Misconfigured as error:
        raise wrong(*error.problems) from None
    return target_at(url, path)


def _show_discovery(found: Discovered, path: Path) -> None:
    for name, reason in found.reasons.items():
        typer.echo(f"found {name}={found.values[name]}: {reason}")
    typer.echo(f"written: {path}")


def _show_finding(finding: Finding, target: Target) -> None:
    marker = "ok  " if finding.is_good else "warn" if not finding.stops else "FAIL"
    typer.echo(target.redactor.clean_text(f"{marker}  {finding.question} {finding.fact}"))
    if not finding.is_good:
        typer.echo(target.redactor.clean_text(f"      {finding.remedy}"))


def _data(finding: Finding) -> Mapping[str, str]:
    state = "ok" if finding.is_good else "warn" if not finding.stops else "fail"
    return {"state": state, "question": finding.question, "fact": finding.fact, "remedy": finding.remedy}


def _show(line: str) -> None:
    typer.echo(line, err=True)
