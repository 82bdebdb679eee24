"""An appointment that a run may cancel, as it was when last read."""

from dataclasses import dataclass
from typing import Any, Final

from cancel_contract.exchange.exchange import Exchange
from cancel_contract.redaction.personal_data import discreet

RECEIPT: Final = "provider_command_receipt"
"""What the answer to a cancel holds that was handed on to the clinic's own system (observed)."""
MODE: Final = "medelement_cancellation_mode"
"""The field that tells how far a cancel goes of an appointment that is linked to the clinic's own system (observed)."""
UNDONE: Final = frozenset({None, "provider_removal"})
"""Modes in which a cancel can be undone, or is refused; null where it is not linked. In another one it cannot, or it is
not known."""
IMPORTED: Final = "medelement"
"""The source that an imported appointment shows, where sources are shown (observed)."""


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
    def is_cancelled(self) -> bool:
        """Whether it was cancelled when last seen."""
        return self.payload.get("status") == "cancelled"

    @property
    def not_undone(self) -> str:
        """What shows that a cancel of it could not be undone, as a sentence; empty where nothing does."""
        mode = self.payload.get(MODE)
        if isinstance(mode, str | None) and mode in UNDONE:
            return ""
        return f"{MODE} is '{discreet(str(mode))}', so that a cancel could not be undone"

    @property
    def is_imported(self) -> bool | None:
        """Whether by its source it was imported, and may not be changed; nothing where no source is shown."""
        source = self.payload.get("source")
        return None if source is None else source == IMPORTED
