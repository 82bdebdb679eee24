"""The model of a report: what report.json contains, and what every other report is made from.

`report.schema.json` is its JSON Schema.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Judged
from cancel_contract.ledger.observed_schema import ObservedSchema
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.report.timings import Timings

Word = Literal["HELD", "NOT APPLICABLE", "UNTESTED", "BROKEN", "ABORTED"]


class _Part(BaseModel):
    """A part of the report; its texts contain no secret and no personal data."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


class Versions(_Part):
    """What ran."""

    suite: str
    python: str
    schemathesis: str
    hypothesis: str
    pytest: str
    httpx: str


class Text(_Part):
    """The text that the endpoint was judged by."""

    file: str
    digest: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    title: str


class Server(_Part):
    """The server that was asked."""

    url: str
    account: PositiveInt
    embedded: bool
    """Whether it is the suite's own reference provider."""
    version: str | None = None
    """The build that was judged, as the settings name it."""


class Conclusion(_Part):
    """What the run says to the pipeline."""

    exit: Annotated[int, Field(ge=0, le=6)]
    """The exit code of the process; 2 and 5 are pytest's own."""
    meaning: str
    reasons: tuple[str, ...]
    """Why the gate is closed, or there is no verdict."""
    partial: bool
    """Whether only a selection of the clauses was judged."""
    counts: dict[Word, NonNegativeInt]
    suite_failures: tuple[str, ...]
    """What went wrong in the suite itself."""


class Promise(_Part):
    """A clause, and what the run found of it."""

    id: str
    family: str
    level: Literal["MUST", "SHOULD"]
    source: Literal["documented", "sibling", "observed", "policy"]
    pointer: str
    place: str
    """File and line of the fragment to which the pointer leads, or the section of an RFC."""
    statement: str
    needs: tuple[str, ...]
    """The settings without which it stays untested."""
    verdict: Word
    held: NonNegativeInt
    """How many times it was exercised and kept."""
    broken: NonNegativeInt
    """How many times it was exercised and broken."""
    condition: str = ""
    """The one thing that sets apart what broke it, as the end of the breach's sentence; empty where it is none."""
    in_common: tuple[str, ...] = ()
    """What all that broke it have in common, and nothing that held has."""
    alone: tuple[str, ...] = ()
    """What the only case that broke it has, and no case that held."""
    apart: tuple[str, ...] = ()
    """What came of it when what broke it was sent as usual, or part by part."""
    reason: str
    """Why it is untested, or the evidence that it does not apply; else empty."""
    failures: tuple[str, ...]
    """Where the clause's own code crashed, and on which case."""
    gate: Literal["open", "closes", "undecided", "failed"]
    """What it does to the gate: an undecided one is needed and untested."""
    waived_by: str
    """The setting that says `none`, so that an untested clause does not close the gate; else empty."""
    breach: Breach | None
    deviation: Judged | None


class RunReport(_Part):
    """A run of the cancel contract."""

    schema_version: Literal[2] = 2
    versions: Versions
    fragment: Text
    target: Server
    profile: Literal["quick", "gate", "thorough"]
    seed: int | None
    """Repeats the run, if it drew its cases from one."""
    strict: bool
    """Whether a broken SHOULD closes the gate."""
    started: AwareDatetime
    ended: AwareDatetime
    settings: dict[str, str | int | float | bool | tuple[str | int, ...] | None]
    """Every setting by its variable; secrets as ***."""
    conclusion: Conclusion
    clauses: tuple[Promise, ...]
    statistics: Statistics
    observed_schema: ObservedSchema
    timings: Timings
