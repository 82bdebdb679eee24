"""Plays a scenario as an item of pytest: what it notes, when it is skipped, and by what it fails."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import pytest

from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import causes
from cancel_contract.ledger.exit_code import Effect
from cancel_contract.plugin.end import today
from cancel_contract.plugin.report_listener import VERDICT
from cancel_contract.report.breach_text import SO_FAR, paragraph
from cancel_contract.run.run import Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.session import Contract

Note: TypeAlias = Callable[[str, str], None]
"""Notes a request sent, or a clause exercised or broken."""


def noting(item: pytest.Item) -> Note:
    """Return a function that records properties of an item, which JUnit shows."""
    # The fixture record_property warns under the JUnit family that pytest has by default.
    return lambda kind, name: item.user_properties.append((kind, name))


def play(contract: Contract, scenario: Scenario, note: Note) -> None:
    """Play a scenario; fails with a paragraph for each clause that it broke.

    What cannot be played is skipped with its reason: for want of a setting, by an excuse, or as the target is lost. Its
    clauses stay untested, which the ledger tells, and of which a MUST keeps the gate from opening.
    """
    if unset := contract.begun().unset(scenario):
        pytest.skip(unset)
    shown = contract.play(scenario)
    run, played = shown.run, shown.played
    note("requests", str(shown.requests))
    for name in played.exercised:
        note("clause", name)
    for name in played.broken:
        note("broken", name)
    closing = any(contract.closes(name, today()) for name in played.broken)
    if played.problems or closing:
        note(VERDICT, Effect.CLOSES.value if closing else Effect.FAILED.value)
        pytest.fail("\n".join([*_paragraphs(contract, run, played.breaches), *played.problems]), pytrace=False)
    if played.excuse:
        pytest.skip(played.excuse)
    _skip_if_lost(run)


def _skip_if_lost(run: Run) -> None:
    """Skip what nothing can be said of any more: a target that is gone has broken no clause, and the run ends without a
    verdict.
    """
    if run.lost:
        pytest.skip(run.lost)


def _paragraphs(contract: Contract, run: Run, breaches: Mapping[str, Breach]) -> Iterator[str]:
    """Yield what this item has shown, by cause: what JUnit has, and a terminal where the ledger does not tell it."""
    rows, again = run.ledger.rows, contract.choice.again
    for cause in causes(breaches):
        yield from paragraph(cause, rows, contract.fragment, again(cause.breach.case), SO_FAR)
