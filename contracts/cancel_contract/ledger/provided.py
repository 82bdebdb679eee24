"""Records what became of the appointments that the settings hand over."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, PositiveInt

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import Payload, spelled
from cancel_contract.exchange.equality import same
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.record import RECORD
from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.redaction.personal_data import discreet
from cancel_contract.target.settings import Settings, variable

_NO_WORDS: Final = ("'missing'", "'null'")
"""Texts that without quotes would be what they are not."""
SETTINGS: Final = (
    "appointment_ids",
    "readonly_appointment_id",
    "paid_expense_appointment_id",
    "foreign_appointment_id",
)
"""The settings that hand appointments over."""
_TO_CANCEL: Final = frozenset(map(variable, ("appointment_ids", "paid_expense_appointment_id")))
_CHANGED: Final = "|".join(ACTION.changes)
_CANCELLED: Final = re.compile(
    rf"status [\w -]+(?: -> [\w -]+)* -> {re.escape(ACTION.done)}"
    rf"(?:; changed too: (?:{_CHANGED})(?:, (?:{_CHANGED}))*)?"
)
"""What is told of an appointment that a run has cancelled, with what a cancel changes beside its status."""


@dataclass(frozen=True, slots=True)
class Change:
    """An appointment that differs from what it was before the run."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    id: PositiveInt
    setting: str
    """The variable that names it."""
    became: str
    """What became of it, in words without personal data."""

    @property
    def is_expected(self) -> bool:
        """Whether it is what a cancel does, to an appointment that was handed over to be cancelled."""
        return self.setting in _TO_CANCEL and bool(_CANCELLED.fullmatch(self.became))

    def __str__(self) -> str:
        expected = "expected" if self.is_expected else "unexpected"
        return f"appointment {self.id} ({self.setting}): {self.became} ({expected})"


def changes(exchanges: Sequence[Exchange], settings: Settings, fields: Sequence[str]) -> Iterator[Change]:
    """Yield each provided appointment whose given fields the exchanges show changed."""
    for setting in SETTINGS:
        value: Any = getattr(settings, setting)
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, int) and (became := "; ".join(_became(number, exchanges, fields))):
                yield Change(number, variable(setting), became)


def _became(number: int, exchanges: Sequence[Exchange], fields: Sequence[str]) -> Iterator[str]:
    reads = [one for one in exchanges if one.case.intent is Intent.READ and one.status == 200 and _shows(one, number)]
    done = [one for one in exchanges if _is_cancel(one, number) and one.status is not None and one.status < 300]
    views = [one.payload or {} for one in reads]
    statuses = _in_turn([status_of(view) for view in views])
    if len(statuses) > 1:
        yield f"status {' -> '.join(map(discreet, statuses))}"
    if others := [name for name in fields if name != "status" and views and _differs(name, views[0], views[-1])]:
        yield f"changed {'too' if len(statuses) > 1 else 'in'}: {', '.join(others)}"
    is_told = statuses[-1:] == [ACTION.done] or not done
    if not is_told and done[-1].number > max((one.number for one in reads), default=0):
        yield f"its last cancel, after that, was answered {done[-1].status}; it was not read again"


def status_of(view: Payload) -> str:
    """Return an appointment's status; one that is missing or null is no text."""
    told = spelled(view, "status")
    return told if told in _NO_WORDS else told.strip("'")


def _shows(exchange: Exchange, number: int) -> bool:
    return (exchange.payload or {}).get("id") == number


def _is_cancel(exchange: Exchange, number: int) -> bool:
    named = ENDPOINT.ids(exchange.case.path)
    return exchange.case.method == ENDPOINT.method and named is not None and named[1] == str(number)


def _differs(field: str, first: Payload, last: Payload) -> bool:
    return not same(field, first.get(field), last.get(field))


def _in_turn(statuses: Sequence[str]) -> list[str]:
    """Leave out each value that equals the one before it."""
    return [one for place, one in enumerate(statuses) if place == 0 or one != statuses[place - 1]]
