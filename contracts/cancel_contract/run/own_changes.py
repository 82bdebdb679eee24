"""Tells what the target does by itself from what a request has done.

Some targets confirm a booking a moment after it was made. Before a request is blamed for another change than a cancel,
a second appointment of the kind shows whether that happens to one that nobody touches, too.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from cancel_contract.errors import Afresh, Overspent, Unprepared
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.changes import changed_fields
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.connection import Connection
from cancel_contract.supply.supply import Supply

Views = tuple[Exchange, Exchange, frozenset[str]]
"""Two views of an appointment, and the fields in which they differ."""
Steps = Sequence[tuple[Role, Exchange]]

_BLAMED: Final = frozenset({Kind.REFUSAL, Kind.METHOD, Kind.PATH, Kind.PATH_WINS, Kind.NEIGHBOUR, Kind.MODEL})
"""The kinds of which a request must change nothing."""
_CANCELS: Final = frozenset({Kind.FIRST_CANCEL, Kind.LOST, Kind.BODY, Kind.RACE})
"""The kinds of which a cancel must change nothing but what cancelling means."""
_LOOKS: Final = frozenset({Kind.LATE, Kind.SAME})
"""The kinds that are judged at the end, after which nothing starts again."""
_AGAIN: Final = frozenset({Kind.SAME, Kind.REPEAT})
"""The kinds of which a repeated cancel must answer as the first one."""
_OF_A_CANCEL: Final = frozenset({*ACTION.changes, "expense"})
_PAIRS: Final = ((Role.BEFORE, Role.AFTER), (Role.OTHER_BEFORE, Role.OTHER_AFTER))
_OF_THE_SAME: Final = ((Role.CANCEL, Role.AGAIN),)
_ANSWERED: Final = ((Role.BEFORE, Role.CANCEL),)
"""The views to compare of a cancel after which nothing is read."""
_LATER: Final = 0.2
"""Seconds that the second appointment is watched for longer than the first one needed to change."""


def blamed(fragment: Fragment, kind: Kind, steps: Steps) -> Views | None:
    """Return the views of an appointment that has changed otherwise than by a cancel; nothing if none has."""
    by_role = dict(steps)
    pairs = _OF_THE_SAME if kind in _AGAIN else _PAIRS
    if kind in _CANCELS and Role.AFTER not in by_role:
        pairs = _ANSWERED
    for pair in pairs:
        views = [by_role[role] for role in pair if role in by_role]
        fields = _blamed_fields(fragment, kind, *views) if len(views) == len(pair) else frozenset()
        if fields:
            return views[0], views[1], fields
    return None


def _blamed_fields(fragment: Fragment, kind: Kind, before: Exchange, after: Exchange) -> frozenset[str]:
    if kind in _CANCELS:
        return _changed(fragment, before, after) - _OF_A_CANCEL
    if kind in _LOOKS | _AGAIN:
        return _changed_later(fragment, before, after)
    if kind is Kind.MODEL:
        return changed_while_active(fragment, before, after) | _changed_later(fragment, before, after)
    return changed_while_active(fragment, before, after) if kind in _BLAMED else frozenset()


def changed_while_active(fragment: Fragment, before: Exchange, after: Exchange) -> frozenset[str]:
    """Return the fields in which two views of an appointment differ that is not cancelled in either."""
    became = after.payload
    return frozenset() if not became or ACTION.is_done(became) else _changed(fragment, before, after)


def _changed_later(fragment: Fragment, before: Exchange, after: Exchange) -> frozenset[str]:
    """Return the fields in which two views of a cancelled appointment differ."""
    was, became = before.payload or {}, after.payload or {}
    return _between(fragment, was, became) if ACTION.is_done(was) and ACTION.is_done(became) else frozenset()


def _is_of_a_repeat(kind: Kind, before: Exchange, fields: frozenset[str]) -> bool:
    """Whether a repeated cancel may well have made a change: what was filled in before rarely changes by itself."""
    return kind is Kind.SAME and any((before.payload or {}).get(name) for name in fields)


def _changed(fragment: Fragment, before: Exchange, after: Exchange) -> frozenset[str]:
    was, became = before.payload, after.payload
    return _between(fragment, was, became) if not ACTION.is_done(was) else frozenset()


def _between(fragment: Fragment, was: Payload | None, became: Payload | None) -> frozenset[str]:
    if not was or not became:
        return frozenset()
    # A field that only one of them shows is no change: answers of several kinds may have other fields.
    return frozenset(name for name in changed_fields(fragment, was, became) if name in was and name in became)


@contextmanager
def _undisturbed(budget: Budget) -> Iterator[None]:
    """Keep the requests of all other lanes waiting."""
    with budget.alone(), budget.of_burst():
        yield


def rule_out(supply: Supply, fragment: Fragment, connection: Connection, kind: Kind, steps: Steps) -> None:
    """Raise Afresh if the target may have done by itself what a request would be blamed for."""
    if not (views := blamed(fragment, kind, steps)):
        return
    before, after, fields = views
    number, settling = after.case.appointment, supply.learned.settling
    made = supply.asked_for(number)
    # In a race another writer changes fields, too.
    is_doubtful = kind is Kind.RACE or _is_of_a_repeat(kind, before, fields)
    if made is None or (not settling.is_known and is_doubtful):
        return
    if not settling.is_known:
        age = (after.started - made.exchange.started).total_seconds()
        # Without a second appointment nothing speaks for the target, and nothing with one that other lanes may touch.
        with connection.creating, _undisturbed(connection.budget), suppress(Unprepared, Overspent):
            second = supply.fresh(made.variation)
            settling.observe(
                age + _LATER,
                connection.budget.sleep,
                lambda: changed_while_active(fragment, second.seen, supply.read(second.id)),
            )
    age = (before.started - made.exchange.started).total_seconds()
    if fields & settling.fields and settling.may_be_to_blame(age) and (kind in _LOOKS or settling.may_begin_anew()):
        raise Afresh(number, "the target changes new appointments by itself")
