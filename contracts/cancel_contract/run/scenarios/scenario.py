"""The record of one scenario."""

from collections.abc import Callable
from dataclasses import dataclass

from cancel_contract.run.context import Context


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something to play that no generator finds: it sends cases and hands in episodes."""

    name: str
    """family/slug."""
    play: Callable[[Context], None]
    appointments: int = 0
    """How many it makes."""
    requests: int = 0
    """About how many it sends, an appointment's making included."""
    needs: tuple[str, ...] = ()
    """The settings without which it cannot be played."""
    group: str = ""
    """Those of one group use the same appointment, connections or knowledge: of several workers one plays them all."""
    uses_up: tuple[str, ...] = ()
    """The settings whose appointment it asks to cancel: it is played once in a run, since that may not be undone."""

    @property
    def family(self) -> str:
        """The clause family that it serves first."""
        return self.name.partition("/")[0]
