"""Says what a gate can reach with these settings, without sending anything."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from cancel_contract.fragment.document import load
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.run import forecast
from cancel_contract.run.finding import Finding
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.target.settings import (
    Settings,
    line_to_paste,
    not_set,
    waived,
)

_UNTESTED: Final = "what stays untested?"
_BUDGETS: Final = "do the budgets hold a gate?"


def prospects(settings: Settings, deviations: Mapping[str, Deviation], today: date) -> Iterator[Finding]:
    """Say which MUST clauses a gate would leave untested, and whether it fits the budgets."""
    for excess in forecast.excesses(settings, scenarios(Profile.GATE, load())):
        fact, _, what_to_do = str(excess).rpartition(": ")
        yield Finding(_BUDGETS, fact, what_to_do)
    rows = tuple(forecast.untested(settings))
    for name in sorted(settings.declined):
        if clauses := [row.clause.id for row in rows if row.reason == waived(name)]:
            yield Finding(_UNTESTED, f"{', '.join(clauses)}: {waived(name)}")
    undecided = forecast.undecided(rows, deviations, today)
    for name in forecast.to_set(settings, undecided):
        clauses = [row.clause.id for row in undecided if name in row.clause.needs]
        yield Finding(_UNTESTED, f"{', '.join(clauses)}: {not_set([name])}", line_to_paste(name))
