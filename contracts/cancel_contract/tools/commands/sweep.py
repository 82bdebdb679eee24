"""`sweep`: what earlier runs left active, cancelled."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from cancel_contract.errors import Inconclusive, Misconfigured
from cancel_contract.exchange.marker import PREFIX, may_name_a_run
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.supply import sweep as sweeping
from cancel_contract.supply.journal import FOLDER
from cancel_contract.tools.commands.target_options import Url, target_at, wrong
from cancel_contract.tools.json_output import AsJson, echo_json


def sweep(
    target: Url = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="NONCE", help="what this run left, at once, whatever its age")
    ] = None,
    go: Annotated[bool, typer.Option("--go", help="cancel what is found; without it nothing is changed")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="exit 6, too, where anything that is left alone may still be active")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find what earlier runs left active, by their journals and by markers in the list, and cancel it.

    Only appointments that bear a marker older than an hour, or with --run of that run, are touched; younger ones, and
    with --run those of other runs, are listed and left alone.
    Exit 0: nothing that may be cancelled is active; 4: wrong settings; 6: something of the run that --run names,
    without it something older than an hour, or under --strict anything at all may still be active.
    """
    swept_target = target_at(target)
    if run is not None and not may_name_a_run(run):
        raise wrong(
            f"--run {run} is the name of no run: it is what stands after `journal-` in {FOLDER}/, or between "
            f"`{PREFIX}-` and the next dash of a marker, such as 3f9a01bc"
        )
    try:
        swept = sweeping.sweep(swept_target, run, dry=not go)
    except Misconfigured as error:
        raise wrong(*error.problems) from None
    except Inconclusive as error:
        typer.echo(swept_target.redactor.clean_text(str(error)), err=True)
        if as_json:
            told = {"target": str(swept_target.url), "exit": Exit.INCONCLUSIVE, "problem": str(error)}
            echo_json(told, swept_target.redactor.clean_text)
        raise typer.Exit(Exit.INCONCLUSIVE) from None
    code = Exit.HELD if (swept.is_empty if strict else swept.is_clean) else Exit.INCONCLUSIVE
    if as_json:
        echo_json({"target": str(swept_target.url), "exit": code, **_data(swept)}, swept_target.redactor.clean_text)
    else:
        for line in _lines(swept, run):
            typer.echo(line)
    raise typer.Exit(code)


def _data(swept: sweeping.Swept) -> Mapping[str, Any]:
    return {
        "dry": swept.dry,
        "found": [*map(_row, swept.found)],
        "left": [*map(_row, swept.left)],
        "young": [*map(_row, swept.young)],
        "unread": [*swept.unread],
        "unread_of_others": [*swept.unread_of_others],
    }


def _row(found: sweeping.Found) -> Mapping[str, Any]:
    return {"appointment": found.appointment, "run": found.marker.run, "fate": found.fate}


def _lines(swept: sweeping.Swept, run: str | None) -> Iterator[str]:
    done = "would be cancelled; run again with --go" if swept.dry else "cancelled"
    for found in swept.found:
        yield f"appointment {found.appointment} of run {found.marker.run}: {done}"
    for found in swept.left:
        yield f"appointment {found.appointment} of run {found.marker.run} is still active: {found.fate}"
    for found in swept.young:
        why = "younger than an hour" if run is None else f"not of run {run}"
        how = f"left alone; if its run has ended, name it: --run {found.marker.run}"
        yield f"appointment {found.appointment} of run {found.marker.run}: {why}, {how}"
    for reason in (*swept.unread, *swept.unread_of_others):
        yield f"not looked at: {reason}"
    if swept.is_empty and not swept.found:
        yield "nothing is still active"
