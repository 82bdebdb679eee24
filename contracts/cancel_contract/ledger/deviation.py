"""The record of one known deviation, and its state in a run."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Deviation(BaseModel):
    """One entry."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )

    clause: str = ""
    """The clause that deviates, whatever breaks it; empty where a difference is named."""
    difference: str = ""
    """A field of the appointment: every clause that is broken by differences of such fields alone deviates."""
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=1)
    until: date
    untested: bool = False
    """Whether it waives a clause that stays untested, instead of one that is broken."""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if bool(self.clause) == bool(self.difference):
            raise ValueError("name a clause or a difference, and not both")
        if self.difference and self.untested:
            raise ValueError("a difference breaks clauses: untested goes with a clause")
        return self

    @property
    def name(self) -> str:
        """What it names: a clause's id or a field."""
        return self.clause or self.difference


class Standing(StrEnum):
    """The state of an entry."""

    KNOWN = "known"
    EXPIRED = "expired"
    GONE = "gone"
    """The clause holds again, or was tested after all; or the difference was not seen."""


class Judged(Deviation):
    """An entry in the file of deviations, beside what the run found of a clause that it names or covers."""

    model_config = ConfigDict(strict=True)

    standing: Standing
    """Only a known one keeps the gate open."""
    message: str

    def __str__(self) -> str:
        return self.message

    @classmethod
    def of(cls, entry: Deviation, standing: Standing) -> Self:
        """Return an entry with what has become of it."""
        what, word = entry.difference and f"{entry.difference} ", "waived" if entry.untested else "known"
        fact = {
            Standing.KNOWN: f"{what}{word} until {entry.until}",
            Standing.EXPIRED: f"{what}was {word} until {entry.until}: mend it, or agree on a new date",
            Standing.GONE: f"{_gone(entry)}: take the entry out",
        }[standing]
        return cls(**entry.model_dump(), standing=standing, message=f"{fact} ({entry.reason}; {entry.owner})")


def _gone(entry: Deviation) -> str:
    if entry.difference:
        return f"{entry.difference} differs nowhere any more"
    return "is tested now" if entry.untested else "holds"
