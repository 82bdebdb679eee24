"""What a run found of one clause, and the verdict that follows from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from typing import Any, Final

from cancel_contract.clauses import Clause
from cancel_contract.ledger.breach import Breach, breach_form, smaller


class Verdict(IntEnum):
    """The verdicts of a clause, from best to worst."""

    HELD = 0
    NOT_APPLICABLE = 1
    """The target has shown that it lacks the feature, so that there is no promise to keep."""
    UNTESTED = 2
    BROKEN = 3
    ABORTED = 4

    @property
    def word(self) -> str:
        """The verdict as reports print it."""
        return self.name.replace("_", " ")


_COMPARED: Final = 2
"""Fewer of a kind than this have anything in common by chance."""
_MOST_FAILURES: Final = 3
"""How many crashes of one clause are shown: the first ones say where to look."""


@dataclass(frozen=True, slots=True)
class Row:
    """A clause with what a run found."""

    clause: Clause
    held: int = 0
    broken: int = 0
    breach: Breach | None = None
    failures: tuple[str, ...] = ()
    """Where and how the clause's own code crashed, with the case that it judged."""
    absent: str = ""
    """The evidence that the target lacks the feature."""
    reason: str = ""
    """Why it is untested, or the evidence that it does not apply."""
    waived_by: str = ""
    """The setting in which the target's owner says that the feature does not exist."""
    again: bool | None = None
    """Whether it broke again when what broke it was asked again; None where it was not."""
    alike: frozenset[str] | None = None
    """What all that broke it have in common; None where nothing did."""
    unlike: frozenset[str] = frozenset()
    """What anything that held has."""

    @property
    def in_common(self) -> tuple[str, ...]:
        """What all that broke it have in common, and nothing that held has; nothing where too few are compared."""
        is_known = min(self.held, self.broken) >= _COMPARED
        return tuple(sorted((self.alike or frozenset()) - self.unlike)) if is_known else ()

    @property
    def verdict(self) -> Verdict:
        """The worst of what was found; a promise kept at least once applies, and nothing found is UNTESTED."""
        if self.failures:
            return Verdict.ABORTED
        if self.broken:
            return Verdict.BROKEN
        if self.held:
            return Verdict.HELD
        return Verdict.NOT_APPLICABLE if self.absent else Verdict.UNTESTED


def with_failures(failures: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Return failures with others, each once and the first few alone."""
    return tuple(dict.fromkeys((*failures, *more)))[:_MOST_FAILURES]


def counted(row: Row, held: int, broken: int, breach: Breach | None, absent: str = "") -> Row:
    """Return a row with more findings, and the smaller of two breaches."""
    # `replace` takes several times as long, and a recording has millions of findings.
    smallest = smaller(row.breach, breach)
    held, broken, seen = row.held + held, row.broken + broken, row.absent or absent
    return Row(
        row.clause, held, broken, smallest, row.failures, seen, again=row.again, alike=row.alike, unlike=row.unlike
    )


def compared(row: Row, alike: frozenset[str] | None, unlike: frozenset[str] = frozenset()) -> Row:
    """Return a row that knows more of what broke it, and of what held."""
    if alike is not None and row.alike is not None:
        alike &= row.alike
    return replace(row, alike=row.alike if alike is None else alike, unlike=row.unlike | unlike)


def because(row: Row, reason: str, waived_by: str = "") -> Row:
    """Return a row with the reason of its verdict."""
    return replace(row, reason=reason, waived_by=waived_by)


def dumped(row: Row) -> dict[str, Any]:
    """Return a row as plain data."""
    breach = asdict(row.breach) if row.breach else None
    failures = list(row.failures)
    counts = {"held": row.held, "broken": row.broken, "again": row.again}
    alike, unlike = row.alike if row.alike is None else sorted(row.alike), sorted(row.unlike)
    return {**counts, "breach": breach, "failures": failures, "absent": row.absent, "alike": alike, "unlike": unlike}


def merged(row: Row, data: Mapping[str, Any]) -> Row:
    """Return a row with a worker's findings."""
    breach = breach_form().validate_python(data["breach"], strict=False) if data["breach"] else None
    alike = None if data["alike"] is None else frozenset(data["alike"])
    known = compared(row, alike, frozenset(data["unlike"]))
    found = counted(known, data["held"], data["broken"], breach, data["absent"])
    again = data["again"] if row.again is None else row.again
    return replace(found, failures=with_failures(row.failures, *data["failures"]), again=again)
