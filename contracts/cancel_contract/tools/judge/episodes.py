"""Makes episodes of what was recorded of one appointment."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import changed_fields
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import IMPORTED, RECEIPT
from cancel_contract.fragment.document import Fragment
from cancel_contract.tools.judge.credentials import RIGHT
from cancel_contract.tools.judge.recorded import Recorded

Step = tuple[Role, Exchange]
_ASSIGNED: Final = frozenset({Intent.BODY, Intent.QUERY})
_OF_PROGRAMS: Final = frozenset({"custom_attributes"})
"""Fields in which programs beside the API keep what is theirs (observed)."""


def _status(view: Exchange | None) -> object:
    return view.payload.get("status") if view and view.payload else None


def refused(one: Recorded, before: Exchange | None, after: Exchange | None) -> Episode:
    """Return a refusal, and what was seen before and after it."""
    exchange = one.exchange
    source: Mapping[str, Any] = before.payload or {} if before else {}
    kind = {Intent.READONLY: Kind.READONLY, Intent.OTHER_METHOD: Kind.METHOD}.get(exchange.case.intent, Kind.REFUSAL)
    if source.get("source") == IMPORTED and one.topic == RIGHT:
        kind = Kind.READONLY
    steps = ((Role.BEFORE, before), (Role.CANCEL, exchange), (Role.AFTER, after))
    return Episode(kind, tuple((role, one) for role, one in steps if one is not None), topic=one.topic)


def burst(chain: list[Step], before: Exchange | None) -> Iterator[Episode]:
    """Yield cancels that were under way at the same time, if any of them was accepted."""
    cancels = [exchange for role, exchange in chain if role is not Role.AFTER]
    # All of a burst may have been refused for a reason that the recording does not show.
    if any(exchange.status == 200 for exchange in cancels):
        yield Episode(Kind.BURST, (*_begun(before), *((Role.AGAIN, one) for one in cancels), *_reads(chain)))


def lost_answer(chain: list[Step], before: Exchange | None) -> Episode:
    """Return the cancel that followed one whose answer did not come."""
    return Episode(Kind.LOST, (*_begun(before), (Role.AGAIN, chain[0][1]), *_reads(chain)))


def in_order(chain: list[Step], before: Exchange | None) -> Iterator[Episode]:
    """Yield what cancels tell that came one after the other: the first one, what it may not assign, the repeats."""
    first = chain[0]
    again = next((at for at, (role, _) in enumerate(chain) if role is Role.AGAIN), len(chain))
    reads = _reads(chain[:again]) or _reads(chain)
    topic = str(_status(before))
    if not ACTION.is_done(before and before.payload):
        kind = Kind.READONLY if _is_imported(before) or _is_handed_on(first[1]) else Kind.FIRST_CANCEL
        yield Episode(kind, (*_begun(before), first, *reads[:1]), topic=topic)
    if first[1].case.intent in _ASSIGNED:
        yield Episode(Kind.BODY, (*_begun(before), first, *reads[:1]), topic=topic)
    if again < len(chain):
        yield Episode(Kind.REPEAT, tuple(chain))
    reads = _reads(chain)
    if first[1].status == 200 and len(reads) > 1:
        yield Episode(Kind.LATE, (reads[-1],))


def _is_handed_on(cancel: Exchange) -> bool:
    """Whether a cancel was passed to the clinic's own system, which happens only for an imported appointment."""
    return cancel.payload is not None and RECEIPT in cancel.payload


def _is_imported(before: Exchange | None) -> bool:
    return before is not None and before.payload is not None and before.payload.get("source") == IMPORTED


def _begun(before: Exchange | None) -> tuple[Step, ...]:
    return ((Role.BEFORE, before),) if before else ()


def _reads(chain: list[Step]) -> tuple[Step, ...]:
    return tuple(step for step in chain if step[0] is Role.AFTER)


def is_of_other_programs(fragment: Fragment, episode: Episode) -> bool:
    """Whether all that has changed, where nothing ought to, is what any other program may have written meanwhile."""
    reads = {Kind.REPEAT: (Role.AFTER,), Kind.REFUSAL: (Role.BEFORE, Role.AFTER)}.get(episode.kind, ())
    views = [one.payload for role in reads for one in episode.all(role)]
    first, last = (views[0], views[-1]) if views else (None, None)
    fields = changed_fields(fragment, first, last) if first and last else frozenset[str]()
    return bool(fields) and fields <= _OF_PROGRAMS
