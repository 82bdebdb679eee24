"""An appointment that was imported from another system."""

from typing import Final

from contracts.case import Intent
from contracts.episode import Kind, Role
from contracts.situations.given import READONLY, imported
from contracts.situations.situation import Situation
from contracts.stage import Stage


def _imported(stage: Stage) -> None:
    held = imported(stage)
    if held.not_undone:
        stage.submit(Kind.READONLY, (Role.BEFORE, held.seen))
        return
    cancel = stage.cancel(held.id, "cancel", Intent.READONLY)
    after = stage.read(held.id)
    stage.submit(Kind.READONLY, (Role.BEFORE, held.seen), (Role.CANCEL, cancel), (Role.AFTER, after))


SITUATIONS: Final = (Situation("readonly/imported", _imported, 0, 3, (READONLY,), uses_up=(READONLY,)),)
"""The family's situations."""
