"""The command line: its name, version and commands. What a command does stands in a module of its own."""

from typing import Annotated, Final

import typer

from cancel_contract.tools.commands.group import Group

app: Final = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Plain text loads in a fifth of the time, and reads as well in a log.
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  it loads a parser of mails

        typer.echo(f"cancel-contract {version('cancel-contract')}")
        raise typer.Exit


@app.callback()
def cancel_contract(
    is_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="print the version, and end")
    ] = False,
) -> None:
    """Contract tests for the endpoint that cancels an appointment.

    `cancel-contract COMMAND --help` tells of each command. Wrong options end with exit code 4.
    """


def main() -> None:
    """Run a command."""
    app()
