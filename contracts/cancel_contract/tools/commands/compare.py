"""`compare`: prints what differs between the reports of two runs."""

from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.tools.commands.group import MISCONFIGURED
from cancel_contract.tools.compare.comparison import compared
from cancel_contract.tools.compare.markdown import markdown
from cancel_contract.tools.compare.reports import ReportError, read


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD.json", help="the report.json of an earlier run")],
    new: Annotated[Path, typer.Argument(metavar="NEW.json", help="the report.json of a later run")],
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, instead of Markdown")] = False,
) -> None:
    """Compare two runs: newly broken, newly untested, repaired, slower at p95, new fields.

    Prints Markdown, such as for a job's summary: cancel-contract compare OLD.json NEW.json >> "$GITHUB_STEP_SUMMARY".
    Slower is a p95 of at least a quarter and 50 ms more, over at least 20 answers each.

    Ends with 0, with 1 where a MUST clause is newly broken or newly untested, or a clause has gone, with 4 where a file
    is no report.
    """
    try:
        comparison = compared(read(old), read(new))
    except ReportError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(MISCONFIGURED) from None
    typer.echo(f"{comparison.model_dump_json(indent=2)}\n" if as_json else markdown(comparison), nl=False)
    raise typer.Exit(1 if comparison.is_worse else 0)
