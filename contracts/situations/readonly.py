"""An appointment that was imported from another system."""

from typing import Final

from contracts.case import Intent
from contracts.episode import Kind, Role
from contracts.situations.given import named, unfit
from contracts.situations.situation import Situation
from contracts.stage import Stage

IMPORTED: Final = "medelement"
"""The source that an imported appointment shows, where sources are shown (observed)."""
_SETTING: Final = "readonly_appointment_id"


def _imported(stage: Stage) -> None:
    held = named(stage, _SETTING)
    if held.payload.get("source", IMPORTED) != IMPORTED:
        raise unfit(_SETTING, f"names appointment {held.id}, which by its source was not imported")
    cancel = stage.cancel(held.id, "cancel", Intent.READONLY)
    after = stage.read(held.id)
    stage.submit(Kind.READONLY, (Role.BEFORE, held.seen), (Role.CANCEL, cancel), (Role.AFTER, after))


SITUATIONS: Final = (Situation("readonly/imported", _imported, 0, 3, (_SETTING,)),)
"""The family's situations."""
