"""The record of one known deviation, and its state in a run."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Deviation(BaseModel):
    """One entry."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )

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


class Judged(Deviation):
    """A clause's entry in the file of deviations, beside what the run found of the clause."""

    model_config = ConfigDict(strict=True)

    standing: Standing
    """Only a known one keeps the gate open."""
    message: str

    def __str__(self) -> str:
        return self.message

    @classmethod
    def of(cls, entry: Deviation, standing: Standing) -> Self:
        """Return an entry with what has become of it."""
        word = "waived" if entry.untested else "known"
        fact = {
            Standing.KNOWN: f"{word} until {entry.until}",
            Standing.EXPIRED: f"was {word} until {entry.until}: mend it, or agree on a new date",
            Standing.GONE: "is tested now: take the entry out" if entry.untested else "holds: take the entry out",
        }[standing]
        return cls(**entry.model_dump(), standing=standing, message=f"{fact} ({entry.reason}; {entry.owner})")
