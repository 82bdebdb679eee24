"""Decides whether the gate is open: what each verdict means for it, and the exit code.

Exit code, failed items and every report ask `effect` whether a clause closes the gate. A run has an exit code, and
pytest one of its own; `of_process` decides which of them the process ends with.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import Final

from cancel_contract.clauses import Level
from cancel_contract.ledger.deviation import Judged, Standing
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Row, Verdict

MUST_BE_SEEN: Final = (200, 401, 404)
"""The statuses that a run of this contract must see (policy)."""


_PASSED: Final = 0
_FAILED: Final = 1
_INTERRUPTED: Final = 2
"""pytest's own codes: commands that need no pytest load this module, too."""


class Exit(IntEnum):
    """The exit codes of a run (README, "Exit codes")."""

    HELD = 0
    BROKEN = 1
    ABORTED = 3
    MISCONFIGURED = 4
    INCONCLUSIVE = 6


class Effect(StrEnum):
    """What a clause does to the gate."""

    OPEN = "open"
    """The clause does not close the gate."""
    CLOSES = "closes"
    UNDECIDED = "undecided"
    """The gate needs the clause, and it was not tested."""
    FAILED = "failed"
    """The clause's own code failed."""


def effect(row: Row, entry: Judged | None = None, *, strict: bool = False) -> Effect:
    """Return what a clause does to the gate; `entry` is its known deviation, `strict` lets a broken SHOULD close it.

    A known deviation keeps the gate open; an expired one, or one that no longer deviates, closes it.
    """
    if entry is not None:
        return Effect.OPEN if entry.standing is Standing.KNOWN else Effect.CLOSES
    if row.verdict is Verdict.ABORTED:
        return Effect.FAILED
    if row.clause.level is not Level.MUST and not strict:
        return Effect.OPEN
    if row.verdict is Verdict.BROKEN:
        return Effect.CLOSES
    return Effect.UNDECIDED if row.verdict is Verdict.UNTESTED and not row.waived_by else Effect.OPEN


def exit_code(
    rows: Iterable[Row], ledger: Ledger, deviating: Mapping[str, Judged] | None = None, *, strict: bool = False
) -> Exit:
    """Return the exit code of a run: the first that applies."""
    entries = deviating or {}
    effects = {effect(row, entries.get(row.clause.id), strict=strict) for row in rows}
    if Effect.CLOSES in effects:
        return Exit.BROKEN
    if ledger.suite_failures or Effect.FAILED in effects:
        return Exit.ABORTED
    undecided = not ledger.partial and (Effect.UNDECIDED in effects or bool(unseen(ledger)))
    return Exit.INCONCLUSIVE if ledger.inconclusive or undecided else Exit.HELD


def of_process(run: Exit, pytests: int, *, others_failed: bool) -> int:
    """Return the exit code of the process, from that of the run and from pytest's: it stands where it says more, of
    settings that are wrong, an interruption or an item that failed otherwise.
    """
    if pytests == Exit.MISCONFIGURED:
        return pytests
    if run is Exit.BROKEN or others_failed:
        return Exit.BROKEN
    if pytests in {_PASSED, _FAILED}:
        return run
    # Of an interrupted run nothing is known but what broke or failed before.
    decided = {Exit.ABORTED} if pytests == _INTERRUPTED else {Exit.ABORTED, Exit.INCONCLUSIVE}
    return run if run in decided else pytests


def of_unplayed_process(pytests: int, *, is_unplayed: bool) -> int:
    """Return the exit code of a process that has played nothing, from pytest's: what was collected is undecided."""
    return Exit.INCONCLUSIVE if is_unplayed and pytests == _PASSED else pytests


def unseen(ledger: Ledger) -> tuple[int, ...]:
    """Return the statuses that a run must see and has not seen."""
    seen = ledger.statuses.keys()
    # A framework may answer with either of the two.
    return tuple(status for status in MUST_BE_SEEN if status not in seen and not (status == 401 and 403 in seen))
