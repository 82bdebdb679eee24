"""The record of one scenario."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Self

from cancel_contract.run.context import Context


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that no generator finds: it sends cases and hands in episodes."""

    name: str
    """family/slug."""
    play: Callable[[Context], None]
    appointments: int = 0
    """How many appointments it creates."""
    requests: int = 0
    """About how many requests it sends, including those that create appointments."""
    needs: tuple[str, ...] = ()
    """The settings without which it cannot be played."""
    group: str = ""
    """Scenarios of one group use the same appointment, connections or knowledge: one worker plays them all."""
    uses_up: tuple[str, ...] = ()
    """The settings whose appointment it tries to cancel: it is played once in a run, since that may not be undone."""

    apart: Callable[[Context, AbstractSet[str]], None] | None = None
    """Sends what cases with these keys send together one by one: which of it broke a clause shows so."""

    @property
    def family(self) -> str:
        """The clause family that it serves first."""
        return self.name.partition("/")[0]

    def parted(self, keys: AbstractSet[str]) -> Self | None:
        """Return the scenario that sends the cases with these keys part by part; nothing if it cannot."""
        if (apart := self.apart) is None:
            return None
        return replace(self, play=lambda context: apart(context, keys), apart=None)
