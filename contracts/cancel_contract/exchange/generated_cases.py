"""What generated cases say: the record of one, and which are drawn together."""

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

    @property
    def scenario(self) -> str:
        """The name of the scenario that plays it."""
        return f"generated/{self}"


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
