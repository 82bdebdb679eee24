"""The command line: its name, version and commands. What a command does stands in a module of its own."""

import gc
import sys
from typing import Annotated, Any, Final

import typer

from cancel_contract.tools.commands.group import Group

_OBJECTS: Final = 50_000
"""New objects after which the collector looks for garbage; Python's own number is 700."""
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
    _start_quickly()
    app()


def _start_quickly() -> None:
    """Spare the process what costs a fifth of its start: both hold for this process alone.

    Modules make many objects that stay; the collector would look through them again and again. httpx loads a command
    line of its own, with rich, unless that is known not to be there.
    """
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    modules: dict[str, Any] = sys.modules  # None stands for a module that cannot be imported
    modules.setdefault("httpx._main", None)
