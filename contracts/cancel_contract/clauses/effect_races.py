"""Clauses effect/... of a cancel beside another writer: together they do what they do in some order.

What a target does with the same two requests one after another is never a breach of these, however unusual: where a
race fits no order of the usual effects, both orders are played, and the episode shows them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import (
    FIELDS,
    OPERATION,
    STATUS,
    Clause,
    Finding,
    Level,
    NotApplicable,
    Terms,
    otherwise_accepted,
)
from cancel_contract.clauses.linearizability import contradictions
from cancel_contract.clauses.money import AMOUNTS
from cancel_contract.clauses.writers import (
    STATES,
    State,
    Step,
    cancel,
    changed_by,
    deletion,
    fields,
    look,
    look_at_booking,
    new_booking,
    received,
    sent_by,
    stored_of,
    update,
    what_came,
    with_received,
)
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import READ_BACK, Payload, same_in, shown, spelled
from cancel_contract.exchange.credential import Holder
from cancel_contract.exchange.difference import Broken, Difference, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange

NO_ROUTE: Final = frozenset({404, 405, 501})
"""Statuses that say that a route is not there, where the appointment is."""
_UNAUTHORIZED: Final = frozenset({401, 403})
_NOT_FOUND: Final = 404
_KEPT_IN_TURN: Final = " (one after the other, in either order, it is kept)"
_RIGHT_IN_TURN: Final = " (one after the other, all is right)"
_SOME: Final = 3
"""Fields that are told by name where all are as before."""
_UNFIT: Final = " (neither order of the two requests explains that)"
WRITERS: Final = frozenset({Intent.UPDATE, Intent.CREATE, Intent.DELETE})
"""Those who write beside a cancel."""
_NAMES: Final = {Intent.UPDATE: "an update", Intent.CREATE: "a booking of its slot", Intent.DELETE: "a deletion"}


def can_be_told(episode: Episode, beside: Collection[Intent] = WRITERS) -> bool:
    """Whether the answers of a race tell what was done: all came, and nobody was kept out or failed beside the cancel."""
    cancels = (*episode.all(Role.CANCEL), *episode.all(Role.AGAIN))
    reads = (*episode.all(Role.AFTER), *episode.all(Role.OTHER_AFTER))
    if episode.payload(Role.BEFORE) is None or not all(read.answer for read in reads):
        return False
    if any(map(otherwise_accepted, cancels)) or any(map(is_unauthorized, episode.all(Role.CANCEL))):
        return False
    return all(map(_is_certain, (*cancels, *_writers(episode, beside))))


def _writers(episode: Episode, beside: Collection[Intent]) -> list[Exchange]:
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
    others = (_writer(one, after) for one in _writers(episode, beside))
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


def _raced(intent: Intent) -> Callable[[Episode, Terms], Iterator[Finding]]:
    def findings(episode: Episode, _: Terms) -> Iterator[Finding]:
        race, *learned = _parts(episode)
        one, after = race.one(Role.CANCEL), race.one(Role.AFTER)
        beside = next(iter(_writers(race, {intent})), None)
        if episode.kind is not Kind.RACE or not one or not beside or not after:
            return
        if reason := _absent(beside, after):
            yield NotApplicable(reason)
        elif can_be_told(race, {intent}):
            found = () if _is_learnt(race, learned, intent) else fits_no_order(race, {intent})
            if not found or not _is_of_the_update(race, beside):
                yield _broken(found, race, (one, beside), learned)

    return findings


def _is_of_the_update(race: Episode, beside: Exchange) -> bool:
    """Whether a booking was refused beside an update that was not, and the race fits no order of that one either: what
    came of it is the update's to tell.
    """
    updates = _writers(race, {Intent.UPDATE})
    is_refused = beside.case.intent is Intent.CREATE and beside.is_refused
    is_done = any(one.status == OK for one in updates)
    return is_refused and is_done and bool(fits_no_order(race, {Intent.UPDATE}))


def _is_learnt(race: Episode, learned: Sequence[Episode], intent: Intent) -> bool:
    """Whether a race ended as the same two requests do one after another, in all that fits no order of their effects."""
    unfit = {one.field for one in fits_no_order(race, {intent})}
    alike = [order for order in learned if what_came(order, intent) == what_came(race, intent)]
    return any(unfit <= {one.field for one in fits_no_order(order, {intent})} for order in alike)


def is_unexplained(episode: Episode) -> bool:
    """Whether a race, with what was learnt of it, fits no order of its requests."""
    race, *learned = _parts(episode)
    beside = {one.case.intent for one in race.all(Role.BESIDE)}
    unfit = (one for one in beside if fits_no_order(race, {one}) and not _is_learnt(race, learned, one))
    return any(unfit) or bool(race.all(Role.AGAIN) and fits_no_order(race, ()))


def _broken(
    found: Sequence[Difference], race: Episode, pair: tuple[Exchange, Exchange], learned: Sequence[Episode]
) -> Broken | None:
    """Return the breach of a race; an update of which the read shows nothing is told as lost, and one that was refused
    and that it shows as stored.
    """
    one, beside = pair
    sentence = _sentence(race, one, beside)
    before, after = (race.payload(role) or {} for role in (Role.BEFORE, Role.AFTER))
    names, written = [difference.field for difference in found], changed_by(beside)
    if found and (stored := stored_of(beside, before, after)):
        fields = ", ".join(f"{name} {spelled(after, name)}" if name in STATES else name for name in stored)
        told = f"{sentence}the update was refused, and what it sent is stored all the same: {fields}"
        return Broken(tuple(dict.fromkeys(found)), told, one)
    is_as_before = all(name in after and after[name] == before.get(name) for name in names)
    if len(names) > _SOME and is_as_before and OK in {one.status, beside.status}:
        told = f"{sentence}read back, all is as before them: {', '.join(names[:_SOME])} and {len(names) - _SOME} more"
        return Broken(tuple(dict.fromkeys(found)), f"{told}{_in_turn(learned, beside.case.intent, found)}", one)
    is_lost = all(name in written and after.get(name) == before.get(name) for name in names)
    if not found or not is_lost:
        said = _said_by(pair, after, names) if beside.case.intent is Intent.UPDATE and _is_read(found) else ""
        end = f"{said}{_in_turn(learned, beside.case.intent, found)}"
        return broken_by(told_once(found), sentence, end, one)
    more = _others(race, one, beside)
    lost = f"an update ({beside.status}) at the same moment as a cancel ({one.status}) is lost{more}: "
    is_kept = learned and all(_differs(order, names) for order in learned)
    unfit = _KEPT_IN_TURN if is_kept else _in_turn(learned, beside.case.intent, found)
    fields = ", ".join(_still(name, after, sent_by(beside)) for name in dict.fromkeys(names))
    return Broken(tuple(dict.fromkeys(found)), f"{lost}{fields}{unfit}", one)


def _said_by(pair: tuple[Exchange, Exchange], after: Payload, names: Sequence[str]) -> str:
    """Return which of a cancel and an update has answered with all that is wrong in the end, if one alone has."""
    told = {
        who: all(name in view and name in after and same_in(name, view, after) for name in names)
        for who, view in zip(("cancel", "update"), (one.payload or {} for one in pair), strict=True)
    }
    saying = [who for who, is_said in told.items() if is_said]
    return f"; the {saying[0]}'s own answer says so, too" if len(saying) == 1 and names else ""


def _is_read(found: Sequence[Difference]) -> bool:
    """Whether all that is wrong is what the read after a race shows."""
    return all(str(one).startswith(f"{READ_BACK}, ") for one in found)


def _still(name: str, after: Payload, sent: Payload) -> str:
    """Return that a field is as it was, with both amounts where they are told."""
    if name in AMOUNTS and name in sent:
        return f"{name} is still {shown(after[name], name)}, not {shown(sent[name], name)}"
    return f"{name} is as before"


def _differs(order: Episode, names: Sequence[str]) -> bool:
    """Whether fields have other values after two requests than before them."""
    before, after = (order.payload(role) or {} for role in (Role.BEFORE, Role.AFTER))
    return all(name in after and after[name] != before.get(name) for name in names)


def told_once(found: Sequence[Difference]) -> Iterator[Difference]:
    """Yield differences, with the place in which several of them in a row lie told once."""
    last = ""
    for one in found:
        place = f"{READ_BACK}, " if str(one).startswith(f"{READ_BACK}, ") else ""
        yield replace(one, told=str(one).removeprefix(place)) if place == last else one
        last = place


def _in_turn(learned: Sequence[Episode], intent: Intent, found: Sequence[Difference]) -> str:
    """Return how the same two requests were answered one after the other, and how that ended, if it was tried."""
    names = [name for name in STATES if any(one.field == name for one in found)]
    if len(learned) > 1 and not names and not any(fits_no_order(order, {intent}) for order in learned):
        return _RIGHT_IN_TURN
    told = [_told_in_turn(order, intent, names) for order in learned]
    ends = {(frozenset(asked), ended) for asked, ended in told}
    if len(told) > 1 and len(ends) == 1 and (ended := told[0][1]):
        return f" (one after the other, in either order: {ended})"
    orders = "; ".join(", then ".join(asked) + (f": {ended}" if ended else "") for asked, ended in told)
    return f" (one after the other: {orders})" if told else _UNFIT


def _told_in_turn(order: Episode, intent: Intent, names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the two requests of an order with their statuses, the first one first, and how it ended."""
    pair = filter(None, (order.one(Role.CANCEL), next(iter(_writers(order, {intent})), None)))
    asked = (
        f"{_NAMES.get(one.case.intent, 'a cancel')} ({one.status})" for one in sorted(pair, key=lambda one: one.number)
    )
    view = order.payload(Role.AFTER) or {}
    return tuple(asked), ", ".join(f"{name} {spelled(view, name)}" for name in names if name in view)


def _absent(beside: Exchange, after: Exchange) -> str:
    """Return why another writer cannot write at all; empty if it can."""
    fact = f"{beside.case.method} of an appointment answers {beside.status}"
    if beside.case.intent is Intent.CREATE or after.payload is None:
        return ""
    if is_unauthorized(beside):
        return f"{fact}: the member may not do that"
    return f"{fact}: there is no such operation" if beside.status in NO_ROUTE else ""


def _parts(episode: Episode) -> list[Episode]:
    """The race, and each order of the same requests that was played: every one of them begins with a read before."""
    begins = [at for at, (role, _) in enumerate(episode.steps) if role is Role.BEFORE and at]
    ends = [*begins, len(episode.steps)]
    return [replace(episode, steps=episode.steps[at:end]) for at, end in zip([0, *begins], ends, strict=True)]


def _sentence(race: Episode, one: Exchange, beside: Exchange) -> str:
    """Return who took part in a race, the two that are compared first."""
    more = _others(race, one, beside)
    more = f"{more}," if more else ""
    return f"a cancel ({one.status}) and {_NAMES[beside.case.intent]} ({beside.status}){more} at the same moment: "


def _others(race: Episode, one: Exchange, beside: Exchange) -> str:
    """Return who took part in a race besides two of them, as words behind these; empty where nobody did, and of several
    how many: the steps tell of each.
    """
    others = [it for it in (*race.all(Role.AGAIN), *race.all(Role.BESIDE)) if it not in (one, beside)]
    told = [f"{_NAMES.get(it.case.intent, 'a cancel by a second member')} ({it.status})" for it in others[:1]]
    told = [f"{len(others)} more requests"] if len(others) > 1 else told
    return f", beside {told[0]}" if told else ""


CLAUSES: Final = (
    Clause("effect/other-writer", Level.MUST, "policy", f"{FIELDS}/status",
           "A cancel beside an update ends as one after the other: nothing that was answered is lost",
           _raced(Intent.UPDATE), evidence=STATUS),
    Clause("effect/slot-race", Level.MUST, "policy", OPERATION,
           "A cancel beside a booking of its slot ends as one after the other: at most one has the slot",
           _raced(Intent.CREATE), evidence=STATUS),
    Clause("effect/deleted", Level.MUST, "policy", OPERATION,
           "A cancel beside a deletion ends as one after the other: what was deleted does not come back",
           _raced(Intent.DELETE), evidence=STATUS),
)  # fmt: skip
"""The family's clauses of races, in the order in which they are read."""
