"""`cancel-contract draw`: the stored cases, drawn anew by a session of pytest."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from cancel_contract.exchange import stored_cases
from cancel_contract.fragment.document import load
from cancel_contract.run.profiles import Generation
from cancel_contract.tools.commands.files import must_be_writable

_CHECKOUT: Final = Path(__file__).parents[4]
_DRAWS: Final = _CHECKOUT / "tests/contract/test_drawn_cases.py"
_UNCONFIGURED: Final = (
    "--noconftest",
    "-c",
    os.devnull,
    "--rootdir",
    str(_CHECKOUT),
    "--import-mode",
    "importlib",
    "-q",
)
"""What is drawn depends on no setting of a machine."""


def draw(
    file: Annotated[Path, typer.Option(help="where the cases are written")] = stored_cases.PATH,
    seed: Annotated[int, typer.Option(help="another seed draws other cases", min=0)] = Generation().seed,
    fuzzed: Annotated[int, typer.Option(help="cases that fuzzing draws in each mode", min=1)] = Generation().fuzzed,
    is_relation: Annotated[
        bool, typer.Option("--exercised", help="write instead which scenarios exercise which clause, for --clause")
    ] = False,
) -> None:
    """Draw the stored cases anew from the fragment, and write them down; nothing is sent.

    With --exercised: play every scenario against the reference provider, and write down which clauses it exercises.
    """
    if is_relation:
        _write_relation()
        return
    must_be_writable("--file", file)
    # Loading them takes longer than all other commands take.
    import pytest  # noqa: PLC0415

    from cancel_contract.run.drawn_cases import GENERATION  # noqa: PLC0415

    if not _DRAWS.exists():
        typer.echo("cases are drawn in a checkout of the suite, which this is not", err=True)
        raise typer.Exit(4)
    GENERATION.set(Generation(fuzzed, seed))
    plugin = ("-p", "cancel_contract.plugin.drawn_anew", "--stored-cases", str(file))
    if code := pytest.main([str(_DRAWS), *_UNCONFIGURED, *plugin]):
        raise typer.Exit(int(code))
    drawn = stored_cases.load(load(), file)
    typer.echo(f"{sum(map(len, drawn.batches.values()))} cases of fragment {drawn.fragment} written to {file}")


def _write_relation() -> None:
    from cancel_contract.run import exercised  # noqa: PLC0415  as above
    from cancel_contract.run.assembly import opened  # noqa: PLC0415  likewise
    from cancel_contract.run.embedded import embedded  # noqa: PLC0415  likewise
    from cancel_contract.run.run import Run  # noqa: PLC0415  likewise
    from cancel_contract.target.settings import Settings  # noqa: PLC0415  likewise

    @contextmanager
    def fresh() -> Iterator[Run]:
        with embedded(Settings.model_validate({})) as target, opened(target) as run:
            yield run

    found = exercised.measured(exercised.measurable(load()), fresh)
    exercised.write(found)
    typer.echo(f"the scenarios of {len(found)} clauses written to {exercised.PATH}")
