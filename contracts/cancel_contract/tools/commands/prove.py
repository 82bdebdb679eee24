"""`prove`: runs the suite against faulty and variant providers."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run.profiles import Profile
from cancel_contract.tools.commands.files import must_be_writable
from cancel_contract.tools.prove.page import BEGIN, END, has_marks, markdown, summed_up, totals
from cancel_contract.tools.prove.trials import (
    Ends,
    Sort,
    TrialResult,
    trials,
    turn,
)
from cancel_contract.tools.prove.trials import (
    prove as prove_trials,
)


def prove(  # noqa: PLR0913, PLR0917  each is an option of the command line
    profile: Annotated[Profile, typer.Option(help="how much is asked of each provider")] = Profile.QUICK,
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help="this fault or variant only")] = None,
    part: Annotated[
        int | None,
        typer.Option(
            "--turn",
            metavar="NUMBER",
            min=0,
            help="one fault of each clause, the next one each turn, until it is found; a quarter of the variants",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(help="trials at once; default: one a core", min=0)] = 0,
    readme: Annotated[Path | None, typer.Option(metavar="FILE", help="write the totals into this README")] = None,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="write the matrix, as Markdown")] = None,
) -> None:
    """Run the contract against every fault and every honest variant of the provider, or a part of them.

    Exit 0: each fault was found by its clause, no variant raised an alarm; 1: otherwise; 4: an unknown name.
    """
    must_be_writable("--write", write)
    must_be_writable("--readme", readme, is_read=True)
    _must_have_marks(readme)
    every = trials() if part is None else turn(part)
    unknown = sorted({*(only or ())} - {trial.name for trial in every})
    if unknown:
        typer.echo(f"no fault or variant is named {', '.join(unknown)}: see `cancel-contract serve --list`", err=True)
        raise typer.Exit(Exit.MISCONFIGURED)
    chosen = [trial for trial in every if not only or trial.name in only]
    ends = Ends.LAST if part is None else Ends.FOUND
    outcomes = prove_trials(chosen, profile, jobs or os.cpu_count() or 1, _show, ends)
    typer.echo(totals(outcomes))
    if write:
        today = datetime.now(UTC).date()
        write.write_text(markdown(outcomes, profile, today), encoding="utf-8")
    if readme:
        readme.write_text(summed_up(readme.read_text(encoding="utf-8"), outcomes, profile), encoding="utf-8")
    raise typer.Exit(Exit.HELD if all(outcome.is_right for outcome in outcomes) else Exit.BROKEN)


def _must_have_marks(readme: Path | None) -> None:
    """End the command where the file has no place for the totals, before an hour of trials."""
    if readme and not has_marks(readme.read_text(encoding="utf-8", errors="replace")):
        typer.echo(f"--readme {readme} has no place for the totals: write {BEGIN} --> and {END} into it", err=True)
        raise typer.Exit(Exit.MISCONFIGURED)


def _show(outcome: TrialResult) -> None:
    if outcome.is_right:
        return
    what = "missed" if outcome.trial.sort is Sort.FAULT else "alarm"
    broken = ", ".join(outcome.broken) or "nothing"
    told = f"{what}: {outcome.trial.name} ({outcome.trial.clause or 'honest'}), exit {outcome.code}, broke {broken}"
    typer.echo("; ".join((told, *outcome.troubles, *outcome.misjudged)))
