"""Ends wrong options with the exit code that all commands share."""

from typing import Any, Final

import typer
from typer.core import TyperGroup

from cancel_contract.ledger.gate import Exit

_USAGE: Final[Any] = typer.BadParameter.__base__
"""Whatever is typed wrong; typer keeps the type itself to itself."""


class Group(TyperGroup):
    """Commands whose wrong options are wrong settings, and not a failed run."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  the types are click's, which typer keeps to itself
        """Run a command."""
        try:
            return super().invoke(ctx)
        except _USAGE as error:
            error.exit_code = Exit.MISCONFIGURED
            raise
