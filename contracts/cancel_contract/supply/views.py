"""Learns whether answers to creates and updates show what reads show, so that a cancel may be compared with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import changed_fields
from cancel_contract.exchange.compare import FOUND_LATER
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load

_LATER: Final = frozenset({*ACTION.changes, *FOUND_LATER, "expense"})
"""Fields that a worker may fill a moment after the create."""


@dataclass(slots=True)
class Views:
    """What the first appointments have shown, in the answers to their creates and in reads of them."""

    names: frozenset[str] = field(default_factory=frozenset)
    """The fields that a read shows; none as long as that is not known."""
    is_other: bool = False
    """Whether answers to creates have other fields than reads, at any depth, or fill them otherwise, so that each new
    appointment is read.
    """

    filled: frozenset[str] = field(default_factory=frozenset)
    """The fields that such answers have shown filled, and reads alike: what was empty may be spelled otherwise."""

    def compare(self, created: Exchange, read: Exchange) -> None:
        """Compare the answer to a create with a read of what it has made; what shows no appointment says nothing."""
        if created.case.intent is Intent.CREATE and created.payload and read.payload:
            self.names = frozenset(read.payload)
            self.filled |= _filled(created.payload)
            is_filled_alike = not changed_fields(load(), created.payload, read.payload) - _LATER
            has_same_names = {*_names(created.payload)} == {*_names(read.payload)}
            self.is_other = self.is_other or not (has_same_names and is_filled_alike)

    def is_like_a_read(self, shown: Exchange) -> bool:
        """Whether an answer has the fields of a read, and a create's fills none that no read was compared with, as far
        as that is known.
        """
        payload = shown.payload or {}
        # A queue answers with the number of what it will make alone.
        if type(payload.get("id")) is not int or "status" not in payload:
            return False
        is_created = shown.case.intent is Intent.CREATE
        if is_created and (self.is_other or (self.names and not _filled(payload) <= self.filled)):
            return False
        return not self.names or self.names == frozenset(payload)


def _filled(payload: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of texts and objects that are not empty; numbers have few spellings."""
    return frozenset(name for name, value in payload.items() if isinstance(value, str | dict) and value)


def _names(value: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401  JSON's boundary
    """Yield the names of all fields, each with those around it; rows are of one kind."""
    if isinstance(value, dict):
        yield from (f"{place}/{name}" for name in value)
        for name, inner in value.items():
            yield from _names(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner, place)
