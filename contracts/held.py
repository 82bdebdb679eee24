"""An appointment that a run may cancel. Lives here: what it was when last seen. May not know: where it came from."""

from dataclasses import dataclass
from typing import Any, Final

from contracts.exchange import Exchange

IMPORTED: Final = "medelement"
"""The source that an imported appointment shows, where sources are shown (observed)."""


@dataclass(frozen=True, slots=True)
class Held:
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
    def is_imported(self) -> bool | None:
        """Whether by its source it was imported, and may not be changed; nothing where no source is shown."""
        source = self.payload.get("source")
        return None if source is None else source == IMPORTED
