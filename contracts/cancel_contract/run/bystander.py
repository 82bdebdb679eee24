"""An appointment that has as little as may be, and stays active through a run."""

from contextlib import suppress
from typing import Final

from cancel_contract.errors import Unprepared
from cancel_contract.supply.supply import Supply
from cancel_contract.supply.variations import BARE

_CLAIM: Final = "bystander"


def stand_by(supply: Supply, *, is_whole: bool) -> None:
    """Make it once in a run, where appointments are made and scenarios are played as a `whole`: a cancel that looks for
    nothing, as the one that it is about has no service, finds it. The last list shows so.
    """
    if is_whole and supply.learned.slots and supply.learned.claims.claim(_CLAIM):
        with suppress(Unprepared):
            supply.fresh(BARE)
