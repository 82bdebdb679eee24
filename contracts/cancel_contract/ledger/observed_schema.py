"""What the answers of a run contained, beside what was promised: names, words and shapes, and nothing of a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, NonNegativeInt, PositiveInt

from cancel_contract.exchange.record import RECORD
from cancel_contract.redaction.personal_data import discreet, discreet_key

WORDS: Final = ("status", "appointment_type", "payment_status")
"""Fields whose values are enumerated, and so are shown."""

Counts = dict[str, PositiveInt]


@dataclass(slots=True)
class ErrorShape:
    """A form of error answer, and how often it came."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    status: NonNegativeInt
    keys: tuple[str, ...]
    count: PositiveInt


@dataclass(slots=True)
class ObservedSchema:
    """What the answers contained, beside what was promised; `drift` compares those of two runs."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    unnamed: Counts = field(default_factory=dict)
    """Fields of an appointment that the fragment does not name, with how often each was seen."""
    nulls: Counts = field(default_factory=dict)
    """Documented fields that were null, with how often."""
    values: dict[str, Counts] = field(default_factory=dict)
    """Values of enumerated fields, by field, with how often."""
    errors: list[ErrorShape] = field(default_factory=list)
    statuses: Counts = field(default_factory=dict)
    """Statuses that the endpoint under test has answered, with how often."""

    def payload(self, payload: Mapping[str, Any], documented: Sequence[str]) -> None:
        """Count what an appointment holds."""
        _count(self.unnamed, (discreet_key(name) for name in payload if name not in documented))
        _count(self.nulls, (name for name, value in payload.items() if value is None and name in documented))
        for name in (name for name in WORDS if isinstance(payload.get(name), str)):
            _count(self.values.setdefault(name, {}), [discreet(payload[name])])

    def error(self, status: int, keys: Iterable[str], count: int = 1) -> None:
        """Count an error answer of a shape."""
        shape = (status, tuple(keys))
        if known := next((one for one in self.errors if (one.status, one.keys) == shape), None):
            known.count += count
        else:
            self.errors.append(ErrorShape(*shape, count))

    def add(self, more: "ObservedSchema") -> None:
        """Add what others saw."""
        for mine, theirs in ((self.unnamed, more.unnamed), (self.nulls, more.nulls), (self.statuses, more.statuses)):
            _add(mine, theirs)
        for name, counts in more.values.items():
            _add(self.values.setdefault(name, {}), counts)
        for one in more.errors:
            self.error(one.status, one.keys, one.count)

    def in_order(self) -> "ObservedSchema":
        """Return the same in the order of names, whoever saw them first."""
        return ObservedSchema(
            _sorted(self.unnamed),
            _sorted(self.nulls),
            {name: _sorted(counts) for name, counts in sorted(self.values.items())},
            sorted(self.errors, key=lambda one: (one.status, one.keys)),
            _sorted(self.statuses),
        )


def _count(counts: Counts, names: Iterable[str]) -> None:
    for name in names:
        counts[name] = counts.get(name, 0) + 1


def _add(counts: Counts, more: Mapping[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def _sorted(counts: Counts) -> Counts:
    return dict(sorted(counts.items()))
