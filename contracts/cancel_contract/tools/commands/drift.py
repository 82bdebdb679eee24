"""`drift`: prints what the target really sends, as a patch to the fragment."""

from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.fragment.document import load
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.tools.drift.drift import drifted
from cancel_contract.tools.drift.observed_schema import (
    ObservedSchema,
    ReportError,
    of_recording,
    of_report,
)
from cancel_contract.tools.judge.har import BrokenOffError, HarError


def drift(
    seen: Annotated[Path, typer.Argument(metavar="FILE", help="a HAR file, or the report.json of a run")],
) -> None:
    """Propose what the fragment would have to say for what a target really sends.

    Reads the answers to cancels in a recording, or the observed schema in a run's report: fields that the fragment does
    not name, nulls, types and listed values that it does not allow, promised fields that are missing, other shapes
    of errors, statuses that it does not name. What the reference provider sends beside the documented fields is not
    proposed. Prints a patch (for `git apply`) on standard output and the reasons beside it; changes nothing itself.

    Exit 0: done; 4: the file is neither; 6: it has no answer to a cancel.
    """
    observed_schema = _observed_schema(seen)
    if not (observed_schema.statuses or observed_schema.errors):
        typer.echo(f"{seen} holds no answer to a cancel: record some", err=True)
        raise typer.Exit(Exit.INCONCLUSIVE)
    found = drifted(load(), observed_schema)
    for reason in found.reasons:
        typer.echo(reason, err=True)
    typer.echo(found.patch(), nl=False)
    if found.left_out:
        typer.echo(f"not proposed: {found.left_out} more fields, which the reference provider sends, too", err=True)
    if not found.reasons:
        typer.echo("nothing that the fragment does not allow", err=True)


def _observed_schema(path: Path) -> ObservedSchema:
    try:
        return of_recording(path)
    except BrokenOffError as error:
        reason = str(error)
    except HarError as no_recording:
        try:
            return of_report(path)
        except ReportError as error:
            reason = str(error)
        except (OSError, ValueError):
            # What is not JSON, or cannot be read, is neither; where it goes wrong is said already.
            reason = str(no_recording)
    typer.echo(reason, err=True)
    raise typer.Exit(Exit.MISCONFIGURED)
