"""`clauses`: the catalogue, as a table or as the page that is checked in."""

from typing import Annotated

import typer

from cancel_contract.clauses import CATALOGUE
from cancel_contract.tools.catalogue import markdown, table


def clauses(
    as_markdown: Annotated[bool, typer.Option("--markdown", help="as the page that is checked in")] = False,
) -> None:
    """Print the catalogue of clauses."""
    typer.echo(markdown(CATALOGUE) if as_markdown else table(CATALOGUE), nl=False)
