"""How what came differs from what was wanted: the records that findings, causes and their sentences are made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Final, Literal

from pydantic import ConfigDict, Field

from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.record import RECORD

What = Literal["answer", "body", "error", "field", "header", "json", "leak", "list", "slot", "status"]
"""Kinds of difference. An `error` is a refusal that does not say why, `json` a body that no strict parser takes, a
`field` one of the appointment, and a `leak` something that an answer may not show."""
_AS: Final = " as "
"""How what is behind the differences begins, where it says what was wanted."""
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. Two are equal where the four are: then they have one cause, whatever clause found them.

    The four hold no secret, no personal data, and none of what differs from one appointment to the next by itself:
    ids, moments, lengths of texts. The sentence may.
    """

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    what: What
    where: str
    """A JSON pointer into the appointment or the body, a header's name in small letters, or a place in a word."""
    got: str
    wanted: str
    told: Annotated[str, Field(exclude=True)] = field(default="", compare=False)
    """The sentence, where it cannot be made of the four."""

    @property
    def field(self) -> str:
        """The field of the appointment that differs; empty where something else does."""
        return field_of(self.what, self.where)

    def __str__(self) -> str:
        """Fact before wish: `status is 409, not 200`."""
        return self.told or f"{self.where.lstrip('/')} is {self.got}, not {self.wanted}"


def field_of(what: str, where: str) -> str:
    """Return the field of the appointment in which a difference lies; empty where it lies elsewhere."""
    return where.split("/")[1] if what == "field" and where.startswith("/") else ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was not kept, by at least one difference."""

    differences: tuple[Difference, ...]
    """Each once, in the order in which they were found."""
    message: str
    """The fact, not the wish, as one sentence."""
    shown_by: Exchange | None = None
    """The exchange that shows it, where the message does not tell which of several."""
    beside: Exchange | None = None
    """What was sent at the same moment, where one of the two may have done it."""

    @property
    def cause(self) -> Difference:
        """The first difference: breaches that have it in common are of one cause."""
        return self.differences[0]

    def __str__(self) -> str:
        """The sentence."""
        return self.message


def broken(what: What, where: str, got: str, wanted: str, told: str = "") -> Broken:
    """A breach by one difference; `told` is its sentence, where the four do not make it."""
    one = Difference(what, where, got, wanted, told)
    return Broken((one,), str(one))


def broken_by(
    found: Iterable[Difference], before: str = "", after: str = "", shown_by: Exchange | None = None
) -> Broken | None:
    """A breach by some differences, or nothing where there are none; the sentence tells the first three."""
    differences = tuple(found)
    if not differences:
        return None
    more = f"; and {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
    *others, last = map(str, differences[:_SHOWN])
    # What was done to a value explains it, and comes last.
    told, colon, how = last.partition(": ") if after.startswith(_AS) and not more else (last, "", "")
    fact = "; ".join([*others, f"{told}{more}{after}{colon}{how}"])
    return Broken(tuple(dict.fromkeys(differences)), f"{before}{fact}", shown_by)
