"""What a run found of one clause, and the verdict that follows from it."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from typing import Any, Final

from cancel_contract.clauses import Clause
from cancel_contract.exchange.spoken import ASKED
from cancel_contract.ledger.breach import Breach, breach_form, smaller
from cancel_contract.ledger.signs import MOST_COMPARED, Compared, Signs


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


_AFTER: Final = re.compile(rf"after ({'|'.join(map(re.escape, ASKED.values()))})(?: \([^)]*\))?, ")
"""How a sentence begins that names the odd cancel after which something was seen."""
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
    broke_with: frozenset[Compared] = frozenset()
    """What broke it."""
    held_with: frozenset[Compared] = frozenset()
    """What held."""

    @property
    def signs(self) -> Signs:
        """What sets apart what broke it from what held."""
        shown, fields = (self.breach.case, self.breach.fields) if self.breach else ("", ())
        return Signs(self.broke_with, self.held_with, self.again, shown, fields)

    @property
    def plainly_told(self) -> "Row":
        """The row, with a sentence that names no odd cancel where it broke after others, too."""
        found = _AFTER.match(self.breach.message) if self.breach else None
        if self.breach is None or found is None or all(found[1] in traits for _, traits in self.broke_with):
            return self
        return replace(self, breach=replace(self.breach, message=self.breach.message[found.end() :]))

    @property
    def is_of_its_request(self) -> bool:
        """Whether it broke each time, and not for the appointment: what it asks for is where a cause lies that others,
        which ask for more, have met now and then.
        """
        return self.broken > 1 and not self.held and self.signs.as_usual is not True

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


def counted(  # noqa: PLR0913, PLR0917  each is counted
    row: Row, held: int, broken: int, breach: Breach | None, absent: str = "", judged: Compared | None = None
) -> Row:
    """Return a row with more findings about what was judged, and the smaller of two breaches."""
    # `replace` takes several times as long, and a recording has millions of findings.
    broke_with, held_with = row.broke_with, row.held_with
    if judged is not None and len(broke_with) + len(held_with) < MOST_COMPARED:
        broke_with = broke_with | {judged} if broken else broke_with
        held_with = held_with | {judged} if held and not broken and judged not in held_with else held_with
    return Row(
        row.clause, row.held + held, row.broken + broken, smaller(row.breach, breach), row.failures,
        row.absent or absent, again=row.again, broke_with=broke_with, held_with=held_with,
    )  # fmt: skip


def compared(row: Row, broke: AbstractSet[Compared] = frozenset(), held: AbstractSet[Compared] = frozenset()) -> Row:
    """Return a row that knows of more that broke it, or held."""
    known = len(row.broke_with) + len(row.held_with)
    if known >= MOST_COMPARED or (broke <= row.broke_with and held <= row.held_with):
        return row
    return replace(row, broke_with=row.broke_with | broke, held_with=row.held_with | held)


def because(row: Row, reason: str, waived_by: str = "") -> Row:
    """Return a row with the reason of its verdict."""
    return replace(row, reason=reason, waived_by=waived_by)


def dumped(row: Row) -> dict[str, Any]:
    """Return a row as plain data."""
    breach = asdict(row.breach) if row.breach else None
    failures = list(row.failures)
    counts = {"held": row.held, "broken": row.broken, "again": row.again}
    broke, held = (sorted((name, sorted(one)) for name, one in with_) for with_ in (row.broke_with, row.held_with))
    return {**counts, "breach": breach, "failures": failures, "absent": row.absent, "with": [broke, held]}


def merged(row: Row, data: Mapping[str, Any]) -> Row:
    """Return a row with a worker's findings."""
    breach = breach_form().validate_python(data["breach"], strict=False) if data["breach"] else None
    broke, held = (frozenset((tuple(name), frozenset(one)) for name, one in judged) for judged in data["with"])
    found = counted(compared(row, broke, held), data["held"], data["broken"], breach, data["absent"])
    again = data["again"] if row.again is None else row.again
    return replace(found, failures=with_failures(row.failures, *data["failures"]), again=again)
