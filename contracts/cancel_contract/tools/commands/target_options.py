"""What the commands that talk to a target share: which target, and how wrong settings end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.errors import Misconfigured
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run.assembly import opened
from cancel_contract.run.run import Run
from cancel_contract.target.loading import load
from cancel_contract.target.settings import not_set
from cancel_contract.target.target import Target

Url = Annotated[str | None, typer.Option("--target", metavar="URL", help="the target; default ONELINK_BASE_URL")]


def target_at(url: str | None, env_file: Path = Path(".env")) -> Target:
    """Return the target that the options and settings name; ends the command where they are wrong."""
    try:
        settings = load(env_file=env_file, base_url=url)
    except Misconfigured as error:
        raise wrong(*error.problems) from None
    if settings.base_url is None:
        raise wrong(f"{not_set(['base_url'])}: this command asks a real target")
    return Target(settings)


def wrong(*problems: str) -> typer.Exit:
    """Print what is wrong with settings or options, a line each, and give what ends the command."""
    for problem in problems:
        typer.echo(problem, err=True)
    return typer.Exit(Exit.MISCONFIGURED)


@contextmanager
def opened_run(target: Target) -> Iterator[Run]:
    """A run; settings of the machine that are wrong, such as its proxy, end the command as wrong settings."""
    try:
        with opened(target) as run:
            yield run
    except Misconfigured as error:
        raise wrong(*error.problems) from None
