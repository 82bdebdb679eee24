"""`diff`: what a change of the contract breaks, and for whom."""

from collections import Counter
from typing import Annotated

import typer

from contracts.difference import NoOperationError, differences
from contracts.difference.change import Breaks
from contracts.difference.source import SourceError, document
from contracts.gate import Exit

_SOURCE = "an OpenAPI file, or a git revision: REV: (the fragment there) or REV:PATH"


def diff(
    old: Annotated[str, typer.Argument(help=f"what was promised: {_SOURCE}")],
    new: Annotated[str, typer.Argument(help=f"what is promised now: {_SOURCE}")],
    breaks_only: Annotated[bool, typer.Option("--breaks", help="leave out what is harmless")] = False,
) -> None:
    """Compare two versions of the contract for the operation that cancels an appointment.

    Tells each change with its JSON pointer and a sentence: what breaks consumers (an answer may be what they do not
    expect, or a request of theirs is refused), what breaks providers (they have to answer or accept otherwise), what is
    harmless.

    Ends with 0 where nothing breaks, 1 where something does, 4 where one of the two cannot be read.
    """
    try:
        found = differences(document(old), document(new))
    except (SourceError, NoOperationError, LookupError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Exit.MISCONFIGURED) from None
    for one in found:
        if one.breaks is not Breaks.NOBODY or not breaks_only:
            typer.echo(f"{one.breaks:<16}  {one.pointer}\n{'':16}  {one.sentence}")
    counts = Counter(one.breaks for one in found)
    typer.echo(", ".join(f"{counts[breaks]} {breaks.value}" for breaks in Breaks if counts[breaks]) or "no difference")
    raise typer.Exit(Exit.BROKEN if len(found) > counts[Breaks.NOBODY] else Exit.HELD)
