"""Tells what the target does by itself from what a request has done.

Some targets confirm a booking a moment after it was made. Before a request is blamed for another change than a cancel,
a second appointment of the kind shows whether that happens to one that nobody touches, too.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from cancel_contract.errors import Afresh, Overspent, Unprepared
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import changes, drift
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment
from cancel_contract.supply.supply import Supply

Views = tuple[Exchange, Exchange, frozenset[str]]
"""Two views of an appointment, and the fields in which they differ."""
Steps = Sequence[tuple[Role, Exchange]]

_BLAMED: Final = frozenset({Kind.REFUSAL, Kind.METHOD, Kind.PATH, Kind.PATH_WINS, Kind.NEIGHBOUR, Kind.MODEL})
"""The kinds of which a request must change nothing."""
_CANCELS: Final = frozenset({Kind.FIRST_CANCEL, Kind.LOST, Kind.BODY})
"""The kinds of which a cancel must change nothing but what cancelling means."""
_OF_A_CANCEL: Final = frozenset({*ACTION.changes, "expense", "updated_at"})
_PAIRS: Final = ((Role.BEFORE, Role.AFTER), (Role.OTHER_BEFORE, Role.OTHER_AFTER))
_LATER: Final = 0.2
"""Seconds that the second appointment is watched for longer than the first one needed to change."""


def blamed(fragment: Fragment, kind: Kind, steps: Steps) -> Views | None:
    """Return the views of an appointment that has changed otherwise than by a cancel; nothing if none has."""
    by_role = dict(steps)
    for pair in _PAIRS:
        views = [by_role[role] for role in pair if role in by_role]
        if len(views) == len(pair) and (fields := _changed(fragment, kind, *views)):
            return views[0], views[1], fields
    return None


def _changed(fragment: Fragment, kind: Kind, before: Exchange, after: Exchange) -> frozenset[str]:
    if kind in _BLAMED:
        return drift(fragment, before, after)
    was, became = before.payload, after.payload
    if kind not in _CANCELS or not was or not became or ACTION.is_done(was):
        return frozenset()
    return frozenset(found.where.split("/")[1] for found in changes(fragment, was, became)) - _OF_A_CANCEL


def rule_out(supply: Supply, fragment: Fragment, wait: Callable[[float], None], kind: Kind, steps: Steps) -> None:
    """Raise Afresh if the target may have done by itself what a request would be blamed for."""
    if not (views := blamed(fragment, kind, steps)):
        return
    before, after, fields = views
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
    if fields & settling.fields and settling.may_be_to_blame((before.started - made.exchange.started).total_seconds()):
        raise Afresh(number, "the target changes new appointments by itself")
