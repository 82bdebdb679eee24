"""One change of the contract, and whom it breaks. May not know: OpenAPI."""

from dataclasses import dataclass
from enum import StrEnum


class Breaks(StrEnum):
    """Whom a change breaks."""

    CONSUMERS = "breaks consumers"
    PROVIDERS = "breaks providers"
    BOTH = "breaks both"
    NOBODY = "harmless"


class Turn(StrEnum):
    """What a change does to the set of messages that are legal."""

    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"
    """Some that were legal are not, and some that were not are; or nobody can tell."""
    SAME = "same"


class Side(StrEnum):
    """Who sends the message: whoever reads it has to bear what is wider, whoever writes it what is narrower."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change: where it stands, and what it is in a sentence."""

    breaks: Breaks
    pointer: str
    sentence: str


_BREAKS = {
    (Side.ANSWER, Turn.WIDER): Breaks.CONSUMERS,
    (Side.ANSWER, Turn.NARROWER): Breaks.PROVIDERS,
    (Side.REQUEST, Turn.WIDER): Breaks.PROVIDERS,
    (Side.REQUEST, Turn.NARROWER): Breaks.CONSUMERS,
}


def change(side: Side, turn: Turn, pointer: str, sentence: str) -> Change:
    """Make a change of a message's shape: a wider answer surprises its reader, a narrower one binds its writer."""
    told = Breaks.NOBODY if turn is Turn.SAME else _BREAKS.get((side, turn), Breaks.BOTH)
    return Change(told, pointer, sentence)
