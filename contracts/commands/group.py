"""How wrong options end: with the exit code that all commands share. May not know: which commands there are."""

from typing import Any

import typer
from typer.core import TyperGroup

from contracts.ledger import Exit


class Group(TyperGroup):
    """Commands whose wrong options are wrong settings, and not a failed run."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  the types are click's, which typer keeps to itself
        """Run a command."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.exit_code = Exit.MISCONFIGURED
            raise
