"""An appointment that a run may cancel, as it was when last read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cancel_contract.exchange.action import CANCEL
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.timestamps import instant
from cancel_contract.redaction.personal_data import discreet

RECEIPT: Final = "provider_command_receipt"
"""What the answer contains if the cancel was passed on to the clinic's own system (observed)."""
MODE: Final = "medelement_cancellation_mode"
"""The field that says how far a cancel of a linked appointment goes (observed)."""
UNDONE: Final = frozenset({None, "provider_removal"})
"""Modes in which a cancel can be undone, or is refused; null if the appointment is not linked. In other modes it
cannot, or nobody knows.
"""
IMPORTED: Final = "medelement"
"""The source of an imported appointment, on targets that show sources (observed)."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An appointment of the run's own, with the exchange that last showed it."""

    id: int
    seen: Exchange

    @property
    def payload(self) -> dict[str, Any]:
        """What it was when last seen."""
        return dict(self.seen.payload or {})

    @property
    def end(self) -> datetime | None:
        """When it ends; nothing if it does not say."""
        return instant(self.payload.get("ends_at"))

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled when last seen."""
        return CANCEL.is_done(self.payload)

    @property
    def not_undone(self) -> str:
        """Return the sentence that says why a cancel of it could not be undone; empty if nothing shows that."""
        mode = self.payload.get(MODE)
        if isinstance(mode, str | None) and mode in UNDONE:
            return ""
        return f"{MODE} is '{discreet(str(mode))}', so that a cancel could not be undone"

    @property
    def is_imported(self) -> bool | None:
        """Whether its source says that it was imported, and may not be changed; nothing if no source is shown."""
        source = self.payload.get("source")
        return None if source is None else source == IMPORTED


def shows_cancelled(exchange: Exchange) -> bool:
    """Whether an answer shows the appointment that its case names, and as cancelled: whatever else a 200 says, a read
    has to tell whether that was done.
    """
    shown = exchange.payload or {}
    return (
        exchange.case.appointment is not None and shown.get("id") == exchange.case.appointment and CANCEL.is_done(shown)
    )
