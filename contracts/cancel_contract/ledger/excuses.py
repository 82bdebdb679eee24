"""Finds, among the reasons why scenarios were not played, the one that explains an untested clause."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from cancel_contract.target.settings import variable

_OF_A_CASE: Final = re.compile(r"a gateway answered .*? instead:")
_OF_A_LIMIT: Final = re.compile(r"\d+ of (\d+) (\w+) are spent(?:, and \d+ are kept for the end of the run)?")
SPENT: Final = " are spent"
"""What every reason has that is about a limit of the run."""


@dataclass(frozen=True, slots=True)
class Excuses:
    """Why scenarios were not played, by their names, beside the settings that a clause needs, and that others need."""

    by_scenario: Mapping[str, str]
    needs: AbstractSet[str]
    others: AbstractSet[str]

    def own(self, scenarios: AbstractSet[str]) -> Iterator[str]:
        """Yield those of the clause's settings, then those of the scenarios that exercise it."""
        yield from (reason for reason in self.by_scenario.values() if _names(reason, self.needs))
        for reasons in (self._bearing, self.by_scenario):
            yield from (reason for name, reason in reasons.items() if name in scenarios)

    def near(self, family: str) -> Iterator[str]:
        """Yield those of the family's scenarios, then those of all; none that is about another clause's setting."""
        yield from (reason for name, reason in self._bearing.items() if name.startswith(f"{family}/"))
        yield from self._bearing.values()

    @property
    def _bearing(self) -> Mapping[str, str]:
        return {name: reason for name, reason in self.by_scenario.items() if not _names(reason, self.others)}


def spent_by_breaches(reason: str) -> str:
    """Return the reason of a run that was cut short, where clauses are broken: asking again has spent the limit.

    How much of it is spent, and kept, differs from one part of the run to the next, and helps nobody.
    """
    spent, _, remedy = reason.partition(": ")
    spent = _OF_A_LIMIT.sub(r"the \1 \2 of the run are spent", spent)
    return f"{spent}, because what is broken was asked again: mend what is told above first, or {remedy}"


def without_case(reason: str) -> str:
    """Return a reason without the case that a gateway has answered, which differs from clause to clause."""
    return _OF_A_CASE.sub("a gateway answered instead:", reason)


def _names(reason: str, settings: Iterable[str]) -> bool:
    return any(variable(name) in reason for name in settings)
