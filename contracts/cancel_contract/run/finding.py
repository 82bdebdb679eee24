"""The record of one preflight question and its answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One question with its answer."""

    question: str
    fact: str
    remedy: str = ""
    """What to do about it; empty where all is well."""
    stops: bool = True
    """Whether the contract cannot be tested until this is fixed."""

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to do."""
        return not self.remedy
