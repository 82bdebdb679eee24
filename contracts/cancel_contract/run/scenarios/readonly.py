"""An appointment that was imported from another system."""

from typing import Final

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.run.context import Stage
from cancel_contract.run.scenarios.provided import READONLY, imported
from cancel_contract.run.scenarios.scenario import Situation


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
