"""Writes the steps of an episode: what a reader needs to see what went before."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.described import states
from cancel_contract.exchange.episode import Episode, Evidence, Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.spoken import ASKED, AT_ONCE, as_step
from cancel_contract.ledger.memory import Memory

MOST: Final = 8
"""Steps that are told."""
SCENARIO: Final = re.compile(r"[^#]+/[^#]+#")
"""How the key of a case begins that a scenario has sent."""
NO_EFFECT: Final = "; the cancel answered 200 and 'cancelled', and the read shows nothing of it"
"""What the sentence of such a breach ends with."""
_MOST_ENDS: Final = 3
"""Ids of like requests that are told; of more the first and the last."""
_LONG: Final = 0.9
"""Seconds between two steps that are told."""
_UNHEARD: Final = "its answer was not waited for, as by a caller whose connection breaks"
_SENT_AGAIN: Final = "a booking with the key of an earlier one"
_REVIVED: Final = "a cancel of what was cancelled before and is active again"
OF_A_RUN: Final = frozenset({Kind.WHOLE, Kind.SEEN, Kind.MADE, Kind.REFUSALS, Kind.GATEWAY})
"""The kinds whose steps are no story: they lie anywhere in a run."""


def steps(evidence: Evidence, shown: Exchange, memory: Memory) -> tuple[str, ...]:
    """Return what was asked and answered in an episode, in order, a line each; nothing where it is one request.

    `shown` is the one that is shown whole. Only words of the API and numbers are told.
    """
    every = {one.number: one for one in _besides(evidence, shown, memory) if one} | {shown.number: shown}
    if len(every) == 1:
        return ()
    several = len({one.appointment for one in every.values()} - {None}) > 1
    told = _window(tuple(_grouped([one for _, one in sorted(every.items())], shown, memory, several=several)))
    return (*told, *_learnt(evidence))


def _learnt(evidence: Evidence) -> Iterator[str]:
    """Yield a line for the orders of a race's requests that were played one after the other, if they were."""
    if not isinstance(evidence, Exchange) and (more := evidence.steps[len(_own(evidence)) :]):
        orders = sum(role is Role.BEFORE for role, _ in more)
        how = "in either order" if orders > 1 else "in one order"
        ends = [_end_of_id(one) for _, one in more if one.request_id]
        log = f" ({ends[0]} to {ends[-1]})" if ends else ""
        yield f"to compare, the same one after the other, {how}, on other appointments{log}"


def _own(episode: Episode) -> tuple[tuple[Role, Exchange], ...]:
    """Return the steps of an episode; of a race without those that play its requests one after the other."""
    begins = [place for place, (role, _) in enumerate(episode.steps) if role is Role.BEFORE]
    return episode.steps[: begins[1]] if episode.kind is Kind.RACE and len(begins) > 1 else episode.steps


def _end_of_id(one: Exchange) -> str:
    return f"…-{one.request_id.rpartition('-')[2]}"


def _besides(evidence: Evidence, shown: Exchange, memory: Memory) -> Iterable[Exchange | None]:
    """Return the requests that a reader needs to see beside the one that is shown."""
    if isinstance(evidence, Exchange):
        found = [*memory.before(shown).changes, *memory.beside(shown)]
        # That it was booked is told by what it was before.
        return found if any(one.case.intent is not Intent.CREATE and one is not shown for one in found) else ()
    if evidence.kind in OF_A_RUN:
        return ()
    changes = _changes(evidence, memory)
    between = _life(changes) if evidence.kind is Kind.LATE else _between(evidence, changes)
    if evidence.kind is Kind.SPREAD:
        # Of the others it matters what they asked for at the same moment.
        return (one for _, one in evidence.steps if one.case.at_once or one.appointment == shown.appointment)
    updates = (*evidence.changes, *_cancelled_before(evidence.changes, changes))
    return *(one for _, one in _own(evidence)), evidence.latest, *updates, *between


def _changes(episode: Episode, memory: Memory) -> tuple[Exchange, ...]:
    """Return what may have changed the appointment of an episode before its last step, which may be a booking."""
    last = last_of(episode)
    if known := memory.before(last).changes:
        return known
    cancel = episode.one(Role.CANCEL)
    return memory.changes(cancel.appointment if cancel else None, last.number)


def _cancelled_before(updates: Iterable[Exchange], changes: Iterable[Exchange]) -> Iterator[Exchange]:
    """Yield the cancel before each update of what was cancelled: it would seem to be the update's doing."""
    cancels = [one for one in changes if one.case.is_under_test]
    for one in updates:
        earlier = (cancel for cancel in reversed(cancels) if cancel.number < one.number)
        yield from (cancel for cancel in islice(earlier, 1) if cancel.appointment == one.appointment)


def _life(changes: Sequence[Exchange]) -> Iterator[Exchange]:
    """Yield what was done to an appointment before a late look, which may be about anything of it: of the cancels the
    first and the last.
    """
    cancels = [one for one in changes if one.case.is_under_test]
    yield from (one for one in changes if one not in cancels[1:-1])


def last_of(episode: Episode) -> Exchange:
    """Return the last request of an episode."""
    return max((one for _, one in episode.steps), key=lambda one: one.number)


def _between(episode: Episode, requests: Iterable[Exchange]) -> Iterator[Exchange]:
    """Yield those requests before the last step of an episode that came after its first, and are none of its own."""
    own = {one.number for _, one in episode.steps}
    yield from (one for one in requests if one.number > min(own) and one.number not in own)


def _window(told: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    """Return the steps to tell: of many those around the one that is shown."""
    if len(told) <= MOST:
        return tuple(line for line, _ in told)
    place = next(place for place, (_, is_shown) in enumerate(told) if is_shown)
    begin = min(max(place - MOST + 4, 0), len(told) - MOST + 1)
    # Each line that counts the others takes the room of one.
    end = len(told) if begin == len(told) - MOST + 1 else begin + MOST - (2 if begin else 1)
    lines = [line for line, _ in told[begin:end]]
    before, after = [f"{begin} before these"] * bool(begin), [f"and {len(told) - end} more"] * (end < len(told))
    return (*before, *lines, *after)


def earlier(evidence: Evidence, shown: Exchange, memory: Memory, *, is_its_status: bool = False) -> tuple[str, ...]:
    """Return the ids that requests bore which may be why an episode broke; nothing after the one that is shown where
    it broke by that one's status.

    They are those of its steps before the one that is shown, and of what was asked about the same appointment between
    its first step and its last; of a request at the end of a run, which no scenario has sent, of all before it, and
    of another one of what had to be refused and was not.
    """
    if isinstance(evidence, Exchange):
        requests = memory.before(evidence).requests
        past = [one for one in requests if one.case.intent is Intent.REFUSED and not one.is_refused]
        past = past if SCENARIO.match(evidence.case.key) else [*requests]
        return tuple(one.request_id for one in past if one.request_id)
    if evidence.kind in OF_A_RUN:
        return ()
    own = (one for _, one in evidence.steps if one.number < shown.number)
    between = _between(evidence, memory.before(last_of(evidence)).requests)
    before = (one for one in between if not is_its_status or one.number < shown.number)
    return tuple(one.request_id for one in (*own, *before) if one.request_id)


def _grouped(
    exchanges: Sequence[Exchange], shown: Exchange, memory: Memory, *, several: bool
) -> Iterator[tuple[str, bool]]:
    """Yield each step, and whether it is the one that is shown; what left at the same moment and is alike is one."""
    groups: dict[tuple[int, str], list[Exchange]] = {}
    begun, end = 0, -1
    for place, one in enumerate(exchanges):
        later = _later(exchanges[place - 1], one) if place else ""
        # What leaves at the same moment is numbered in a row.
        begun, end = (begun, end) if one.number <= end else (one.number, one.number + one.case.at_once)
        groups.setdefault((begun, f"{later}{_step(one, memory, several=several)}"), []).append(one)
    bursts = Counter(begun for begun, _ in groups)
    last = 0
    for (begun, step), group in groups.items():
        is_of_several = bursts[begun] > 1
        if is_of_several and begun != last:
            yield f"{AT_ONCE.removesuffix(' as')}, in an order that nobody knows:", False
        last = begun
        told = f"- {step.replace(f', {AT_ONCE} {group[0].case.at_once} more', '', 1)}" if is_of_several else step
        yield f"{told}{_marked(group, shown)}", shown in group


def _marked(group: Sequence[Exchange], shown: Exchange) -> str:
    """Return how many requests a line stands for, the ends of their ids, and whether one of them is shown."""
    ends = [_end_of_id(one) for one in group if one.request_id]
    count = f", {len(group)} times" if len(group) > 1 else ""
    log = f" ({', '.join(ends) if len(ends) <= _MOST_ENDS else f'{ends[0]} to {ends[-1]}'})" if ends else ""
    below = f", {'one of them ' if count else ''}shown below" if shown in group else ""
    return f"{count}{log}{below}"


def _later(last: Exchange, one: Exchange) -> str:
    """Return how much later than the last step one began, if that is long."""
    seconds = (one.started - last.started).total_seconds()
    return f"{seconds:.1f} s later " if seconds >= _LONG else ""


def _step(one: Exchange, memory: Memory, *, several: bool) -> str:
    """Return one step; with the id of its appointment if the steps are about several, or the path has another one."""
    payload = one.payload or {}
    number = payload.get("id", one.case.appointment)
    is_named = type(number) is int and one.case.intent is not Intent.DELETE
    is_named = is_named and (several or str(number) not in one.case.path)
    facts = (f"id {number}" if is_named else "", *states(payload))
    unheard = _UNHEARD if one.case.abandoned else one.fact
    came = str(one.status) if one.answer else unheard
    return f"{asked_in(one, memory)}: {', '.join(filter(None, (came, *facts)))}"


def asked_in(one: Exchange, memory: Memory) -> str:
    """Return what a request asks for; a cancel of what was cancelled and is active again is no first one."""
    past = memory.before(one)
    if one.case.intent is Intent.CREATE and ACTION.is_done(one.payload):
        return _SENT_AGAIN
    is_revived = one.case.intent is Intent.FIRST and past.cancels and past.status not in {"", ACTION.done}
    return as_step(one.case).replace(ASKED[Intent.FIRST], _REVIVED, 1) if is_revived else as_step(one.case)


def is_without_effect(evidence: Evidence) -> bool:
    """Whether an accepted cancel has changed neither status nor payment status, as the read after it shows."""
    if isinstance(evidence, Exchange):
        return False
    cancel, before, after = evidence.one(Role.CANCEL), evidence.payload(Role.BEFORE), evidence.payload(Role.AFTER)
    is_accepted = cancel is not None and cancel.status == OK and ACTION.is_done(cancel.payload)
    if not is_accepted or before is None or after is None or ACTION.is_done(before):
        return False
    return all(after.get(name) == value for name, value in before.items() if name in ACTION.changes)
