"""One breach of a clause, as reports show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach as it can be told and repeated: texts only, no secrets, no persons' data."""

    message: str
    key: str
    """The case that showed it: what `--case` takes."""
    curl: str
    answer: str
    size: int
    """How large the request is; of several the smallest is told."""
    is_safe: bool = False
    """Whether the request may be sent again on any appointment: it only reads, or was refused and changed nothing."""
    headers: str = ""
    """The answer's headers, a line each."""
