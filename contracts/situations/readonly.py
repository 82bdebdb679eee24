"""An appointment that was imported from another system."""

from typing import Final

from contracts.case import Intent
from contracts.episode import Kind, Role
from contracts.situations.situation import Situation
from contracts.stage import Stage
from contracts.supply import Held


def _imported(stage: Stage) -> None:
    number = stage.target.settings.readonly_appointment_id or 0
    held = Held(number, stage.read(number))
    cancel = stage.cancel(held.id, "cancel", Intent.READONLY)
    after = stage.read(number)
    stage.submit(Kind.READONLY, (Role.BEFORE, held.seen), (Role.CANCEL, cancel), (Role.AFTER, after))


SITUATIONS: Final = (Situation("readonly/imported", _imported, 0, 3, ("readonly_appointment_id",)),)
"""The family's situations."""
