"""`doctor`: whether a gate can reach a verdict on a target."""

from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.errors import Misconfigured
from cancel_contract.ledger import deviations
from cancel_contract.ledger.gate import Exit
from cancel_contract.run import preflight
from cancel_contract.tools.commands.target_options import Url, opened_run, target_at, wrong
from cancel_contract.tools.doctor.members import members
from cancel_contract.tools.doctor.prospects import prospects
from cancel_contract.tools.doctor.provided import looked_at


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
    examined = target_at(target)
    try:
        entries = deviations.read(known)
    except Misconfigured as error:
        raise wrong(*error.problems) from None
    is_fit = True
    with opened_run(examined) as run, preflight.waits_told(run.budget, examined, _show):
        asked = preflight.examine(run.context, members, looked_at)
        for finding in chain(asked, prospects(examined.settings, entries, datetime.now(UTC).date())):
            marker = "ok  " if finding.is_good else "warn" if not finding.stops else "FAIL"
            typer.echo(examined.redactor.clean_text(f"{marker}  {finding.question} {finding.fact}"))
            if not finding.is_good:
                typer.echo(examined.redactor.clean_text(f"      {finding.remedy}"))
            is_fit &= finding.is_good or not finding.stops
    raise typer.Exit(Exit.HELD if is_fit else Exit.INCONCLUSIVE)


def _show(line: str) -> None:
    typer.echo(line, err=True)
