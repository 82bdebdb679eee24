"""The families of clauses, in the order in which they are read."""

from dataclasses import dataclass
from typing import Final

from cancel_contract.exchange.episode import Kind


@dataclass(frozen=True, slots=True)
class Family:
    """Clauses about one thing."""

    name: str
    """The part of a clause's id before the slash, and the name of the module that holds the clauses."""
    heading: str
    """What they are about, in a few words."""
    kinds: tuple[Kind, ...]
    """The episodes that its clauses judge; no clause of another family has anything to say about them."""


FAMILIES: Final = (
    Family("answer", "Answers to a cancel", (Kind.GATEWAY, Kind.WHOLE, Kind.SEEN)),
    Family(
        "effect",
        "Effects of a cancel",
        (
            Kind.FIRST_CANCEL,
            Kind.SLOT,
            Kind.NEIGHBOUR,
            Kind.MODEL,
            Kind.LATE,
            Kind.UNDO,
            Kind.LISTS,
            Kind.DELETED,
            Kind.RACE,
            Kind.MADE,
        ),
    ),
    Family(
        "repeat",
        "Repeated and parallel cancels",
        (
            Kind.REPEAT,
            Kind.BURST,
            Kind.SPREAD,
            Kind.LOST,
            Kind.SAME,
            Kind.KEY,
            Kind.SLOT_KEPT,
            Kind.SECOND_LIFE,
            Kind.MEMBERS,
        ),
    ),
    Family("access", "Who may cancel", (Kind.REFUSAL, Kind.REFUSALS, Kind.ALIKE)),
    Family("input", "Unusual requests", (Kind.BODY, Kind.PATH_WINS, Kind.METHOD, Kind.PATH, Kind.CALLER)),
    Family("readonly", "Imported appointments", (Kind.READONLY,)),
)
FAMILY_OF: Final = {kind: family.name for family in FAMILIES for kind in family.kinds}
"""The family that judges each kind of episode."""
HEADINGS: Final = {family.name: family.heading for family in FAMILIES}
