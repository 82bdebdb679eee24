"""Says whether the answers of a race fit an order of its requests, by the usual effects of each."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import otherwise_accepted
from cancel_contract.clauses.linearizability import contradictions
from cancel_contract.clauses.writers import (
    STATES,
    State,
    Step,
    cancel,
    deletion,
    fields,
    look,
    look_at_booking,
    new_booking,
    received,
    update,
    what_came,
    with_received,
)
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Holder
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Role
from cancel_contract.exchange.exchange import OK, Exchange

NO_ROUTE: Final = frozenset({404, 405, 501})
"""Statuses that say that a route is not there, where the appointment is."""
_UNAUTHORIZED: Final = frozenset({401, 403})
_NOT_FOUND: Final = 404
WRITERS: Final = frozenset({Intent.UPDATE, Intent.CREATE, Intent.DELETE})
"""Those who write beside a cancel."""


def can_be_told(episode: Episode, beside: Collection[Intent] = WRITERS) -> bool:
    """Whether the answers of a race tell what was done: all came, and nobody was kept out or failed beside the cancel."""
    cancels = (*episode.all(Role.CANCEL), *episode.all(Role.AGAIN))
    reads = (*episode.all(Role.AFTER), *episode.all(Role.OTHER_AFTER))
    if episode.payload(Role.BEFORE) is None or not all(read.answer for read in reads):
        return False
    if any(map(otherwise_accepted, cancels)) or any(map(is_unauthorized, episode.all(Role.CANCEL))):
        return False
    return all(map(_is_certain, (*cancels, *writers_of(episode, beside))))


def writers_of(episode: Episode, beside: Collection[Intent]) -> list[Exchange]:
    """Return the requests beside the cancels of a race, of some kinds."""
    return [one for one in episode.all(Role.BESIDE) if one.case.intent in beside]


def fits_no_order(episode: Episode, beside: Collection[Intent] = WRITERS) -> tuple[Difference, ...]:
    """Return what fits none of the orders of a race by the usual effects; nothing if one fits, or none can be told.

    `beside` are the writers that count; the fields that only others write are left out.
    """
    before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if before is None or after is None or not can_be_told(episode, beside):
        return ()
    for left_out in episode.all(Role.BESIDE):
        is_update = left_out.case.intent is Intent.UPDATE and Intent.UPDATE not in beside
        # A cancel keeps what was received, whoever comes first; that an update was lost is for its own clause to tell.
        if is_update and received(after.payload or {}) != received(before):
            before = with_received(before, left_out, after)
    cancels = (*episode.all(Role.CANCEL), *episode.all(Role.AGAIN))
    others = (_writer(one, after) for one in writers_of(episode, beside))
    writers = [*(cancel(one, after) for one in cancels), *others]
    looks = [look(after, fields(beside)), *map(look_at_booking, episode.all(Role.OTHER_AFTER))]
    return contradictions(State(before), [*writers, *looks])


def is_unauthorized(exchange: Exchange) -> bool:
    """Whether a caller was kept out, which tells nothing of what anybody else did.

    A second member may be shown nothing of what others have made.
    """
    is_absent = exchange.case.credential.holder is Holder.SECOND and exchange.status == _NOT_FOUND
    return exchange.status in _UNAUTHORIZED or is_absent


def _is_certain(exchange: Exchange) -> bool:
    """Whether an answer tells what was done. A writer's own failure is not the contract's; that of a cancel is."""
    failed = exchange.status is not None and exchange.status >= 500 and exchange.status not in NO_ROUTE
    return exchange.answer is not None and (exchange.case.is_under_test or not failed)


def _writer(exchange: Exchange, after: Exchange) -> Step:
    if exchange.case.intent is Intent.CREATE:
        return new_booking(exchange)
    return deletion(exchange) if exchange.case.intent is Intent.DELETE else update(exchange, after)


def is_of_an_update(race: Episode) -> bool:
    """Whether an update was answered 200, and a race fits no order of it and the cancels: what came of it is the
    update's clause to tell.
    """
    updates = writers_of(race, {Intent.UPDATE})
    return any(one.status == OK for one in updates) and bool(fits_no_order(race, {Intent.UPDATE}))


def is_learnt(race: Episode, learned: Sequence[Episode], intent: Intent) -> bool:
    """Whether a race ended as the same two requests do one after another, in all that fits no order of their effects."""
    unfit = {one.field for one in fits_no_order(race, {intent})}
    return any(_is_alike(race, order, intent, unfit) for order in learned)


def _is_alike(race: Episode, order: Episode, intent: Intent, unfit: Collection[str]) -> bool:
    """Whether the same came of a race and of an order; what one answers without a body the other may tell."""
    updates = writers_of(race, {Intent.UPDATE}) + writers_of(order, {Intent.UPDATE})
    are_told = intent is not Intent.UPDATE or all(map(_tells_states, updates))
    one, other = (what_came(episode, intent, with_answer=are_told) for episode in (race, order))
    return one == other and (not are_told or {*unfit} <= {it.field for it in fits_no_order(order, {intent})})


def _tells_states(update: Exchange) -> bool:
    """Whether an update was refused, or its answer shows in which state it has left the appointment."""
    return update.is_refused or (update.payload or {}).keys() >= {*STATES}


def is_unexplained(episode: Episode) -> bool:
    """Whether a race, with what was learnt of it, fits no order of its requests."""
    race, *learned = parts_of(episode)
    beside = {one.case.intent for one in race.all(Role.BESIDE)}
    unfit = (one for one in beside if fits_no_order(race, {one}) and not is_learnt(race, learned, one))
    return any(unfit) or bool(race.all(Role.AGAIN) and fits_no_order(race, ()))


def parts_of(episode: Episode) -> list[Episode]:
    """The race, and each order of the same requests that was played: every one of them begins with a read before."""
    begins = [at for at, (role, _) in enumerate(episode.steps) if role is Role.BEFORE and at]
    ends = [*begins, len(episode.steps)]
    return [replace(episode, steps=episode.steps[at:end]) for at, end in zip([0, *begins], ends, strict=True)]
