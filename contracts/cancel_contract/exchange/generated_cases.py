"""The record of one generated case.

It is apart from the generator, because schemathesis takes longer to load than a gate takes to read its stored cases.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

SAMPLE: Final = "123"
"""What a path parameter is where the case is about something else; it is mapped onto an owned appointment."""


class Batch(StrEnum):
    """One phase in one mode: what is drawn together, and is one test item."""

    EXAMPLES = "examples"
    COVERAGE_POSITIVE = "coverage-positive"
    COVERAGE_NEGATIVE = "coverage-negative"
    FUZZING_POSITIVE = "fuzzing-positive"
    FUZZING_NEGATIVE = "fuzzing-negative"


@dataclass(frozen=True, slots=True)
class GeneratedCase:
    """What one generated case says, before ids are mapped: plain data, so that it can be written down."""

    method: str
    account: str
    appointment: str
    """The path parameters as they stand in the path, percent-encoded."""
    has_token: bool
    headers: tuple[tuple[str, str], ...] = ()
    about: str = ""
    """What is drawn, or what is wrong with it, in schemathesis' words."""

    def plain(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return asdict(self)
