"""Puts the commands together, and gives each its exit codes."""

from typing import Annotated, Final

import typer
from rich.console import Console

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.tools.catalogue import markdown, table
from cancel_contract.tools.commands import draw, drift, judge, prove, serve, target
from cancel_contract.tools.commands.group import Group

_PIPE_WIDTH: Final = 160

app: Final = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The cancel contract: everything that is no test run. The contract itself runs under pytest.",
)


app.command()(serve.serve)
app.command()(judge.judge)
app.command()(drift.drift)


@app.command("clauses")
def clauses_command(
    as_markdown: Annotated[bool, typer.Option("--markdown", help="as the page that is checked in")] = False,
) -> None:
    """Print the catalogue of clauses."""
    if as_markdown:
        typer.echo(markdown(CATALOGUE, load()), nl=False)
    else:
        console = Console()
        # A pipe has no width; a table cut to 80 columns cannot be searched.
        console.width = console.width if console.is_terminal else _PIPE_WIDTH
        console.print(table(CATALOGUE))


app.command("draw")(draw.draw)
app.command("prove")(prove.prove_command)
app.command("doctor")(target.doctor)
app.command("sweep")(target.sweep_command)


def main() -> None:
    """Run a command."""
    app()
