"""The model of a report: what report.json contains, and what every other report is made from.

`report.schema.json` is its JSON Schema.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

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


class Judged(_Part):
    """The text by which the endpoint was judged."""

    file: str
    digest: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    title: str


class Server(_Part):
    """The server that was asked."""

    url: str
    account: PositiveInt
    embedded: bool
    """Whether it is the suite's own reference provider."""


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


class AlsoDiffers(_Part):
    """A further difference of a breach."""

    what: str
    where: str
    got: str
    wanted: str


class Shown(_Part):
    """One breach, the smallest that was seen."""

    message: str
    case: str
    """What `--case` takes."""
    curl: str
    """The request, for a shell in which the variables of the tokens are set."""
    answer: str
    headers: str = ""
    """The answer's headers except its content type, a line each."""
    again: str
    """The command that plays the case again, on an appointment of its own."""
    safe: bool
    """Whether the request may be sent again as it is; otherwise only on an appointment of one's own."""
    what: str
    """The kind of difference. Breaches in which this and the next three are equal have one cause."""
    where: str
    """A JSON pointer into the appointment or the body, a header's name in small letters, or a place in a word."""
    got: str
    """What came, without what differs from one appointment to the next."""
    wanted: str
    more: tuple[AlsoDiffers, ...] = ()
    """The other differences that the same answer showed."""


class Known(_Part):
    """The clause's entry in the deviations file."""

    reason: str
    owner: str
    until: date
    untested: bool
    """Whether it waives a clause that stays untested."""
    standing: Literal["known", "expired", "gone"]
    """Only a known deviation keeps the gate open."""
    told: str


class Promise(_Part):
    """A clause, and what the run found of it."""

    id: str
    family: str
    level: Literal["MUST", "SHOULD"]
    source: Literal["documented", "sibling", "observed", "policy"]
    pointer: str
    statement: str
    needs: tuple[str, ...]
    """The settings without which it stays untested."""
    verdict: Word
    held: NonNegativeInt
    """How many times it was exercised and kept."""
    broken: NonNegativeInt
    """How many times it was exercised and broken."""
    reason: str
    """Why it is untested, or the evidence that it does not apply; else empty."""
    failures: tuple[str, ...]
    """Where the clause's own code crashed, and on which case."""
    gate: Literal["open", "closes", "undecided", "failed"]
    """What it does to the gate: an undecided one is needed and untested."""
    waived_by: str
    """The setting that says `none`, so that an untested clause does not close the gate; else empty."""
    breach: Shown | None
    deviation: Known | None


class Changed(_Part):
    """A provided appointment that differs from what it was before the run."""

    id: PositiveInt
    setting: str
    """The variable that names it."""
    became: str
    """What became of it."""


class Incident(_Part):
    """An answer that a gateway gave in the application's place."""

    case: str
    status: PositiveInt
    done: str
    """What was done about it."""


class Incidents(_Part):
    """What was sent, and the incidents on the way."""

    requests: NonNegativeInt
    appointments: NonNegativeInt
    """How many were created."""
    throttled: NonNegativeInt
    """Answers that were 429 or 503 and waited for."""
    lost: NonNegativeInt
    """Connections that broke, or gave no answer in time."""
    left_out: dict[str, str]
    """Appointment variations that the target refuses, with its answer."""
    left: tuple[int, ...]
    """Appointments that could not be cancelled at the end."""
    unsure: tuple[str, ...] = ()
    """Markers of creates that were never answered: nobody knows whether they created an appointment."""
    changed: tuple[Changed, ...] = ()
    """Provided appointments that the run has changed."""
    sent_again: NonNegativeInt = 0
    """Requests sent because of a 429 or 503, including the reads before a resend."""
    incidents: tuple[Incident, ...] = ()
    """Every 429, 502, 503 and 504, in the order in which they came."""


class ErrorShape(_Part):
    """A form of error answer, and how often it came."""

    status: NonNegativeInt
    keys: tuple[str, ...]
    count: PositiveInt


class ObservedSchema(_Part):
    """What the answers contained, beside what was promised; `drift` compares those of two runs."""

    unnamed: dict[str, PositiveInt]
    """Fields of an appointment that the fragment does not name, with how often each was seen."""
    nulls: dict[str, PositiveInt]
    """Documented fields that were null, with how often."""
    values: dict[str, dict[str, PositiveInt]]
    """Values of enumerated fields, by field, with how often."""
    errors: tuple[ErrorShape, ...]
    statuses: dict[str, PositiveInt]
    """Statuses that the endpoint under test has answered, with how often."""


class RunReport(_Part):
    """A run of the cancel contract."""

    form: Literal[1] = 1
    """The version of this form."""
    versions: Versions
    fragment: Judged
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
    met: Incidents
    observed_schema: ObservedSchema
    timings: Timings
