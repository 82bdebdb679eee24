"""The commands by name, each loaded when it is run: what one needs costs the others nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cancel_contract.tools import installation

MISCONFIGURED: Final = 4
"""The exit code of wrong settings and options; `cancel_contract.ledger.exit_code.Exit` takes long to load."""
_USAGE: Final[Any] = typer.BadParameter.__base__
"""Whatever is typed wrong; typer keeps the type itself to itself."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module of `cancel_contract.tools.commands` whose function of the same name it runs."""

    help: str
    needs_extra: bool = False
    """Whether it needs what the extra `gate` installs."""
    needs_checkout: bool = False
    passes_on: bool = False
    """Whether all that is typed after its name is for another program."""


COMMANDS: Final[Mapping[str, Command]] = {
    "gate": Command("Judge a target by the contract; takes the options of pytest.", needs_extra=True, passes_on=True),
    "doctor": Command("Ask whether a gate can reach a verdict.", needs_extra=True),
    "sweep": Command("Find what earlier runs left active, and cancel it.", needs_extra=True),
    "serve": Command("Run the reference provider on loopback."),
    "judge": Command("Judge recorded traffic.", needs_extra=True),
    "drift": Command("Propose changes of the fragment from what a target sends.", needs_extra=True),
    "compare": Command("Compare the reports of two runs."),
    "clauses": Command("Print the catalogue of clauses."),
    "draw": Command("Draw the gate's generated cases anew (in a checkout).", needs_extra=True, needs_checkout=True),
    "prove": Command("Run the contract against every fault (in a checkout).", needs_extra=True, needs_checkout=True),
}


class _PassedOn(TyperCommand):
    """A command that reads none of what is typed, but for a lone --help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  the types are click's, which typer keeps to itself
        """Leave the arguments as they are."""
        if args == ["--help"]:
            return super().parse_args(ctx, args)
        ctx.args = [*args]
        return ctx.args  # type: ignore[no-any-return]  # likewise


class Group(TyperGroup):
    """Commands whose wrong options are wrong settings, and not a failed run."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  typer's own
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name=name, help=command.help) for name, command in COMMANDS.items()}

    def make_context(self, *arguments: Any, **extra: Any) -> Any:  # noqa: ANN401  as above
        """Read the options before a command's name."""
        with _wrong_settings():
            return super().make_context(*arguments, **extra)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  as above
        """Run a command."""
        with _wrong_settings():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401  as above
        """Load the command that is named; refuse one for which something is missing."""
        name, _, rest = super().resolve_command(ctx, args)
        if name is None:
            raise AssertionError("typer gives a name, or raises")
        command = COMMANDS[name]
        if rest != ["--help"] and (reason := refusal(name, command)):
            typer.echo(reason, err=True)
            raise typer.Exit(MISCONFIGURED)
        return name, _loaded(name, command), rest


@contextmanager
def _wrong_settings() -> Iterator[None]:
    try:
        yield
    except _USAGE as error:
        # typer says what is asked for, and not what was given; pydantic's error behind it knows.
        for detail in getattr(error.__cause__, "errors", list)():
            error.message = f"{detail['input']!r}: {error.message}"
        if "\n" in error.message:
            # Nothing was typed: it is the whole help.
            error.exit_code = MISCONFIGURED
            raise
        where = error.ctx.command_path if error.ctx else "cancel-contract"
        typer.echo(f"{error.format_message().rstrip('.')}: see `{where} --help`", err=True)
        raise typer.Exit(MISCONFIGURED) from None


def refusal(name: str, command: Command) -> str:
    """Return why a command cannot run as the suite is installed, and what to do; empty where it can."""
    if command.needs_checkout and not installation.is_checkout():
        what_to_do = "clone the suite's repository, and there pip install -e '.[dev]'"
        return f"{name} is for maintainers and writes into a checkout, which this is not: {what_to_do}"
    if command.needs_extra and (module := installation.lacking()):
        return f"{name} needs {module}, which is not installed: pip install 'cancel-contract[gate]'"
    return ""


def _loaded(name: str, command: Command) -> Any:  # noqa: ANN401  a command of click's
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    function = getattr(import_module(f"{__package__}.{name}"), name)
    app.command(name, cls=_PassedOn if command.passes_on else TyperCommand)(function)
    return get_command(app)
