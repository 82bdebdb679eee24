"""The record of one known deviation, and its state in a run."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Deviation(BaseModel):
    """One entry."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    clause: str
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=1)
    until: date
    untested: bool = False
    """Whether it waives a clause that stays untested, instead of one that is broken."""


class Standing(StrEnum):
    """The state of an entry."""

    KNOWN = "known"
    EXPIRED = "expired"
    GONE = "gone"
    """The clause holds again, or was tested after all."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry with what the run found about its clause."""

    deviation: Deviation
    standing: Standing

    def __str__(self) -> str:
        entry = self.deviation
        word = "waived" if entry.untested else "known"
        told = {
            Standing.KNOWN: f"{word} until {entry.until}",
            Standing.EXPIRED: f"was {word} until {entry.until}: mend it, or agree on a new date",
            Standing.GONE: "is tested now: take the entry out" if entry.untested else "holds: take the entry out",
        }[self.standing]
        return f"{told} ({entry.reason}; {entry.owner})"
