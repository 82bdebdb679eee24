"""Forecasts a run: does its plan fit the budgets, what will stay untested, and what is the best exit code."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from cancel_contract.clauses import CATALOGUE, Clause
from cancel_contract.guard.budget import Limits
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.deviations import judged
from cancel_contract.ledger.exit_code import Effect, Exit, effect
from cancel_contract.ledger.row import Row
from cancel_contract.run.scenarios import Scenario
from cancel_contract.target.settings import (
    Settings,
    line_to_paste,
    variable,
)

MARGIN: Final = 1.15
"""How many times the planned requests may be sent: plans are about right (a test holds this)."""
_STEP: Final = 10


@dataclass(frozen=True, slots=True)
class Forecast:
    """The best exit code to expect, with what prevents a better one."""

    code: Exit = Exit.HELD
    reason: str = ""
    lines: tuple[str, ...] = ()
    """The lines of settings that would improve it."""


@dataclass(frozen=True, slots=True)
class Excess:
    """A budget that is too small for what is planned."""

    what: str
    """`requests` or `appointments`."""
    planned: int
    most: int
    kept: int
    """The part of it that is reserved for retries and for cleaning up."""
    enough: int
    """A budget that would be enough."""

    @property
    def line(self) -> str:
        """The line that sets a budget that is enough."""
        return f"{variable(f'max_{self.what}')}={self.enough}"

    def __str__(self) -> str:
        kept = f"{self.kept} of {self.most} are kept for asking again and for cleaning up"
        return f"{self.planned} {self.what} are planned, and {kept}: set {self.line}"


def playable(settings: Settings, scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return the scenarios whose settings have a value."""
    return tuple(one for one in scenarios if not settings.lacking(one.needs))


def excesses(settings: Settings, scenarios: Iterable[Scenario]) -> tuple[Excess, ...]:
    """Return the budgets that are too small for a whole run."""
    played = playable(settings, scenarios)
    requests = sum(one.requests for one in played)
    made = 0 if settings.appointment_ids else sum(one.appointments for one in played)
    limits = Limits.of(settings, loopback=False)
    every = (
        Excess("requests", requests, limits.requests, limits.kept, _enough(requests, _requests_left)),
        Excess("appointments", made, limits.appointments, limits.kept_appointments, _enough(made, _appointments_left)),
    )
    return tuple(one for one in every if one.planned > one.most - one.kept)


def _enough(planned: int, left: Callable[[int], int]) -> int:
    return next(most for most in count(step=_STEP) if left(most) >= planned * MARGIN)


def _requests_left(most: int) -> int:
    return most - Limits(most, 0, 2, None).kept


def _appointments_left(most: int) -> int:
    return most - Limits(0, most, 2, None).kept_appointments


def untested(settings: Settings, clauses: Iterable[Clause] = CATALOGUE) -> Iterator[Row]:
    """Yield the clauses that no scenario can exercise because a setting is missing, or says `none`."""
    for clause in clauses:
        if lacking := settings.lacking(clause.needs):
            yield Row(clause, reason=lacking, waived_by=settings.waiver(clause.needs))


def undecided(
    rows: Sequence[Row], deviations: Mapping[str, Deviation], today: date, *, strict: bool = False
) -> tuple[Row, ...]:
    """Return those rows that would keep the gate from a verdict."""
    entries = dict(judged(rows, deviations, today))
    return tuple(row for row in rows if effect(row, entries.get(row.clause.id), strict=strict) is Effect.UNDECIDED)


def to_set(settings: Settings, rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the settings that untested clauses need, each once."""
    names = (name for row in rows for name in row.clause.needs if settings.is_missing(name))
    return tuple(dict.fromkeys(name for name in names if name not in settings.declined))


def lines_to_paste(settings: Settings, rows: Iterable[Row]) -> tuple[str, ...]:
    """Return a line for each setting that untested clauses need: it waives them, and says what else to write."""
    return tuple(map(line_to_paste, to_set(settings, rows)))
