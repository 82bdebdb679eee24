"""One breach of a clause, as reports show it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

from cancel_contract.exchange.difference import Difference, field_of
from cancel_contract.exchange.record import RECORD


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach as it can be shown and repeated: texts without secrets and personal data."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    message: str
    case: str
    """The case that showed it: what `--case` takes."""
    curl: str
    """The request, for a shell in which the variables of the tokens are set."""
    answer: str
    size: Annotated[int, Field(exclude=True)] = 0
    """The size of the request; of several breaches the smallest is shown."""
    repeatable: bool = False
    """Whether the request may be sent again as it is: it only reads, or was refused as it should be. If not, only
    on an appointment of one's own."""
    headers: str = ""
    """The answer's headers except its content type, a line each."""
    request_id: str = ""
    """The id of ours that the request bore, and by which the target's log may have it; never part of a cause."""
    answer_id: str = ""
    """The ids that servers and gateways gave the answer, each with its header; none that repeats the request's."""
    what: str = ""
    """The kind of difference. Breaches in which this and the next three are equal have one cause."""
    where: str = ""
    """A JSON pointer into the appointment or the body, a header's name in small letters, or a place in a word."""
    got: str = ""
    """What came, without what differs from one appointment to the next."""
    wanted: str = ""
    more: tuple[Difference, ...] = ()
    """The other differences that the same answer showed."""
    asked: str = ""
    """What was asked, in words; empty for a request beside those under test."""
    before: str = ""
    """What the appointment was before, in a few words; empty where nobody knows."""
    cancel: str = ""
    """The last cancel before a request that only reads; empty where the request itself is at fault."""
    cancel_fact: str = ""
    """How that cancel was answered, and the id of ours that it bore."""
    steps: tuple[str, ...] = ()
    """What was asked and answered before it, and after, if it was one of several requests."""
    later: tuple[str, ...] = ()
    """What the read after it shows in the fields that differ, masked: whether what was answered is stored."""
    earlier: Annotated[tuple[str, ...], Field(exclude=True)] = ()
    """The ids of ours that the requests before it bore: what one of them has shown may be why this one broke."""
    is_without_effect: Annotated[bool, Field(exclude=True)] = False
    """Whether the cancel was accepted, and the read after it shows neither status as another one."""
    late: Annotated[int, Field(exclude=True)] = 0
    """How indirectly it was seen: 1 by a look long after the request that may have done it, 2 by another cancel."""
    is_of_another: Annotated[bool, Field(exclude=True)] = False
    """Whether the fields that differ are those of another appointment or answer than the one that is shown."""
    number: Annotated[int, Field(exclude=True)] = 0
    """That of the exchange that showed it."""
    beside: str = ""
    """The other writer of a race, which left at the same moment as the cancel; empty where none did."""
    rerun: str = ""
    """The command that plays the case again, on an appointment of its own; a report has it."""
    is_known: Annotated[bool, Field(exclude=True)] = False
    """Whether all its differences are known deviations; of several breaches one that is not is shown."""

    @property
    def cause(self) -> tuple[str, str, str, str]:
        """What breaches of one cause have in common: what, where, got and wanted."""
        return self.what, self.where, self.got, self.wanted

    @property
    def fields(self) -> tuple[str, ...]:
        """The field of each difference; empty where it lies elsewhere."""
        return field_of(self.what, self.where), *(one.field for one in self.more)

    def cleaned(self, clean: Callable[[str], str]) -> "Breach":
        """Return the breach with `clean` applied to every text that an answer may have reached."""
        return replace(
            self,
            message=clean(self.message),
            curl=clean(self.curl),
            cancel=clean(self.cancel),
            beside=clean(self.beside),
            answer=clean(self.answer),
            steps=tuple(map(clean, self.steps)),
            later=tuple(map(clean, self.later)),
            headers=clean(self.headers),
            answer_id=clean(self.answer_id),
            where=clean(self.where),
            got=clean(self.got),
            wanted=clean(self.wanted),
            more=tuple(
                replace(one, where=clean(one.where), got=clean(one.got), wanted=clean(one.wanted)) for one in self.more
            ),
        )


def smaller(one: Breach | None, other: Breach | None) -> Breach | None:
    """Return the breach to show: one that is not known, and of two such what was seen soon, and the smaller request;
    either may be missing.
    """
    both = [breach for breach in (one, other) if breach]
    return min(both, key=lambda breach: (breach.is_known, breach.late, breach.size, breach.case)) if both else None


@cache
def breach_form() -> TypeAdapter[Breach]:
    """Return what reads a breach that travelled; workers alone need it, and it takes a while to make."""
    return TypeAdapter(Breach)
