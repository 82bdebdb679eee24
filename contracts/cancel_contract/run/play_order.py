"""The play order: first the scenarios that show the most kinds of breach for the fewest requests."""

from collections.abc import Iterable
from typing import Final

from cancel_contract.run.scenarios.scenario import Scenario

OPENING: Final = (
    # What is another account's is read before the first cancel.
    "access/foreign-account",
    "effect/plain",
    "effect/confirmed-ahead-cyrillic-720-contact",
    "generated/examples",
    # It leaves an active appointment, which nothing that follows must reach.
    "input/path-wins",
    # What was handed over is read before anything else may have changed it.
    "readonly/imported",
    "effect/paid-expense",
    "input/unknown-id",
    "repeat/lost",
    "effect/no_show-paid-longest-30-comment",
    "access/foreign-appointment",
    "access/showings",
    "input/refused-body",
    "effect/scheduled-free-latin-30-service-birth_date-comment",
    "input/method-override",
    "effect/slot",
    "input/path-spellings-without-token",
    "input/unknown-accounts",
    "input/odd-bodies",
    "access/unprivileged",
    "access/foreign-token",
)
"""Five of six faults of the catalogue show in these, in about a hundred requests (measured), so that `pytest -x` ends
soon.
"""
_FAMILIES: Final = ("access", "input", "effect", "repeat", "readonly", "generated", "stateful")


def in_order(scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return scenarios in the order in which they are played."""
    return tuple(sorted(scenarios, key=_place))


def _place(scenario: Scenario) -> tuple[int, int]:
    name = scenario.name
    return (OPENING.index(name) if name in OPENING else len(OPENING), _FAMILIES.index(scenario.family))
