"""Reads of a report.json what two runs are compared by; reports of other versions of the suite are read, too."""

import json
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

Word = Literal["HELD", "NOT APPLICABLE", "UNTESTED", "BROKEN", "ABORTED"]
"""A verdict, as `cancel_contract.report.model` spells it, which takes a gate's packages to load."""


class ReportError(Exception):
    """A file that is no report of a run, with the reason and the remedy."""


class _Read(BaseModel):
    """A part of a report; fields that other versions have beside these are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Breach(_Read):
    """What a clause was broken by."""

    message: str


class Clause(_Read):
    """A clause with its verdict."""

    id: str
    level: Literal["MUST", "SHOULD"]
    verdict: Word
    reason: str = ""
    waived_by: str = ""
    failures: tuple[str, ...] = ()
    breach: Breach | None = None

    @property
    def fact(self) -> str:
        """What the run says of it, in a line."""
        return self.breach.message if self.breach else "; ".join(self.failures) or self.reason


class Server(_Read):
    """The server that was judged."""

    url: str
    account: int
    embedded: bool = False
    version: str | None = None


class Judged(_Read):
    """The fragment."""

    digest: str


class Versions(_Read):
    """What ran."""

    suite: str


class Conclusion(_Read):
    """The run's verdict."""

    exit: int
    meaning: str
    partial: bool = False


class Observed(_Read):
    """What answers held beside what is promised."""

    unnamed: dict[str, int] = {}


class Timings(_Read):
    """How long answers took, in seconds."""

    count: int = 0
    p95: float | None = None


class Report(_Read):
    """A run."""

    versions: Versions
    fragment: Judged
    target: Server
    profile: str
    started: AwareDatetime
    conclusion: Conclusion
    clauses: tuple[Clause, ...]
    observed_schema: Observed
    timings: Timings


def read(path: Path) -> Report:
    """Return the report in a file. Raises ReportError where it is none."""
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}; name a report.json") from error
    except ValueError as error:
        raise ReportError(f"{path} is not JSON ({error}): name a report.json") from error
    try:
        return Report.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        told = f"{path} is no report of a run ({place}: {first['msg']})"
        raise ReportError(f"{told}: name a file that --contract-json has written") from error
