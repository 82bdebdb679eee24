"""The record of one generated case.

It is apart from the generator, because schemathesis takes longer to load than a gate takes to read its stored cases.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

SAMPLE: Final = "123"
"""The path parameter of a case about something else; it is mapped onto an owned appointment."""


class Batch(StrEnum):
    """One phase in one mode: its cases are drawn together, and are one test item."""

    EXAMPLES = "examples"
    COVERAGE_POSITIVE = "coverage-positive"
    COVERAGE_NEGATIVE = "coverage-negative"
    FUZZING_POSITIVE = "fuzzing-positive"
    FUZZING_NEGATIVE = "fuzzing-negative"


@dataclass(frozen=True, slots=True)
class GeneratedCase:
    """One generated case before ids are mapped, as plain data."""

    method: str
    account: str
    appointment: str
    """The path parameters as they stand in the path, percent-encoded."""
    has_token: bool
    headers: tuple[tuple[str, str], ...] = ()
    about: str = ""
    """What is drawn or what is wrong with it, in schemathesis' words."""

    def plain(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return asdict(self)
