"""In which order situations are played: first those that show the most kinds of breach for the fewest requests.

Lives here: the opening, and the order of the families after it. May not know: what situations do.
"""

from collections.abc import Iterable
from typing import Final

from contracts.situations.situation import Situation

OPENING: Final = (
    "effect/completed-paid-other-60-service-contact-birth_date",
    "generated/examples",
    "input/unknown-id",
    "access/foreign-token",
    "input/refused-body",
    "access/foreign-account",
    "effect/paid-expense",
    "repeat/lost",
    "readonly/imported",
    "access/foreign-appointment",
    "effect/no_show-paid-long-30-comment",
    "effect/confirmed-prepaid-cyrillic-60-contact",
    "input/assigned-fields",
    "input/path-spellings-without-token",
    "effect/scheduled-unpaid-latin-30-service-birth_date-comment",
)
"""Three quarters of the gallery's faults show in these, in some fifty requests (measured): `pytest -x` ends soon."""
_FAMILIES: Final = ("access", "input", "effect", "repeat", "readonly", "generated", "stateful")


def in_order(situations: Iterable[Situation]) -> tuple[Situation, ...]:
    """Give situations in the order in which they are played."""
    return tuple(sorted(situations, key=_place))


def _place(situation: Situation) -> tuple[int, int]:
    name = situation.name
    return (OPENING.index(name) if name in OPENING else len(OPENING), _FAMILIES.index(situation.family))
