"""Tells what the target does by itself from what a request has done.

Some targets confirm a booking a moment after it was made. Before a request is blamed for another change than a cancel,
a second appointment of the kind shows whether that happens to one that nobody touches, too.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from cancel_contract.errors import Afresh, Overspent, Unprepared
from cancel_contract.exchange.compare import drift
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment
from cancel_contract.supply.supply import Supply

Views = tuple[Exchange, Exchange]
Steps = Sequence[tuple[Role, Exchange]]

_BLAMED: Final = frozenset({Kind.REFUSAL, Kind.METHOD, Kind.PATH, Kind.PATH_WINS, Kind.NEIGHBOUR, Kind.MODEL})
"""The kinds of which a request must change nothing."""
_PAIRS: Final = ((Role.BEFORE, Role.AFTER), (Role.OTHER_BEFORE, Role.OTHER_AFTER))
_LATER: Final = 0.2
"""Seconds that the second appointment is watched for longer than the first one needed to change."""


def blamed(fragment: Fragment, kind: Kind, steps: Steps) -> Views | None:
    """Return the views of an appointment that has changed and is no more cancelled than before; nothing if none has."""
    if kind not in _BLAMED:
        return None
    by_role = dict(steps)
    pairs = ((by_role[one], by_role[other]) for one, other in _PAIRS if one in by_role and other in by_role)
    return next((views for views in pairs if drift(fragment, *views)), None)


def rule_out(supply: Supply, fragment: Fragment, wait: Callable[[float], None], kind: Kind, steps: Steps) -> None:
    """Raise Afresh if the target may have done by itself what a request would be blamed for."""
    if not (views := blamed(fragment, kind, steps)):
        return
    before, after = views
    number, settling = after.case.appointment, supply.learned.settling
    made = supply.asked_for(number)
    if made is None:
        return
    if not settling.is_known:
        age = (after.started - made.exchange.started).total_seconds()
        # Without a second appointment nothing speaks for the target.
        with suppress(Unprepared, Overspent):
            second = supply.fresh(made.variation)
            settling.observe(age + _LATER, wait, lambda: drift(fragment, second.seen, supply.read(second.id)))
    if settling.may_be_to_blame((before.started - made.exchange.started).total_seconds()):
        raise Afresh(number, "the target changes new appointments by itself")
