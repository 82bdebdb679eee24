"""`judge`: checks whether recorded traffic keeps the contract."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cancel_contract.fragment.document import load
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.tools.json_output import AsJson, echo_json
from cancel_contract.tools.judge.har import BrokenOffError, HarError, entries
from cancel_contract.tools.judge.lines import recording_data, recording_lines
from cancel_contract.tools.judge.recording_judge import Expected, RecordingJudge


def judge(  # noqa: PLR0913, PLR0917  every option is one argument to typer
    recording: Annotated[Path, typer.Argument(metavar="FILE.har", help="a recording in the HTTP Archive format (HAR)")],
    repeat_policy: Annotated[
        Literal["idempotent", "rejected", "either"],
        typer.Option(
            envvar="ONELINK_REPEAT_POLICY", help="what a repeated cancel has to answer: 200, 409 or 422, either"
        ),
    ] = "idempotent",
    time_limit: Annotated[
        float,
        typer.Option(envvar="ONELINK_TIME_LIMIT", help="seconds within which an answer comes", min=0.001, max=300),
    ] = 10.0,
    window: Annotated[
        float, typer.Option(help="seconds within which two exchanges are taken to belong together", min=0, max=86400)
    ] = 60.0,
    strict: Annotated[bool, typer.Option("--strict", help="a broken SHOULD counts too")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge recorded traffic: from a browser, a proxy, or a run of the contract.

    Each cancel in the file is judged by the clauses that a recording can show,
    alone and in sequence (read, cancel, read, cancel again). Exchanges of other
    endpoints are passed over and counted. What the recording does not show, such
    as a masked token or a body that was not kept, is not judged. Nothing is sent.
    Of headers only harmless ones show their values; URLs show no user info and
    no query values, bodies their type and length.

    Exit 0: no MUST clause is broken; 1: one is; 3: the suite itself failed;
    4: the file is no recording; 6: it has no cancel that could be judged, has one
    without method or status, or breaks off.
    """
    fragment = load()
    judging = RecordingJudge(fragment, Expected(repeat_policy, time_limit, window))
    _take(recording, judging)
    rows = judging.finish()
    code = judging.code(rows, strict=strict)
    if as_json:
        data = recording_data(recording.name, fragment, judging.met, judging.ledger, rows, code)
        echo_json(data, judging.clean)
        raise typer.Exit(code)
    for line in recording_lines(recording.name, fragment, judging.met, judging.ledger, rows, code):
        typer.echo(judging.clean(line))
    raise typer.Exit(code)


def _take(recording: Path, judging: RecordingJudge) -> None:
    """Hand over every entry; ends the command where the file is no recording."""
    try:
        for number, found in enumerate(entries(recording), start=1):
            judging.take(number, found)
    except HarError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Exit.MISCONFIGURED) from None
    except BrokenOffError as error:
        judging.ledger.doubt(str(error))
