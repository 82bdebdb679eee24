"""Ends wrong options with the exit code that all commands share."""

from typing import Any, Final

import typer
from typer.core import TyperGroup

from cancel_contract.ledger.gate import Exit

_USAGE: Final[Any] = typer.BadParameter.__base__
"""Wrong usage of a command; typer does not export the type."""


class Group(TyperGroup):
    """Commands whose wrong options count as wrong settings, and not as a failed run."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  the types are click's, which typer keeps to itself
        """Run a command."""
        try:
            return super().invoke(ctx)
        except _USAGE as error:
            error.exit_code = Exit.MISCONFIGURED
            raise
