"""Tells what came of a race: which two took part, what is wrong in the end, and how they end one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.money import AMOUNTS
from cancel_contract.clauses.race_orders import fits_no_order, writers_of
from cancel_contract.clauses.writers import IN_BOOKING, STATES, changed_by, sent_by, stored_of, was_refused
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import READ_BACK, Payload, same_in, shown, spelled
from cancel_contract.exchange.difference import Broken, Difference, broken_by
from cancel_contract.exchange.episode import Episode, Role
from cancel_contract.exchange.exchange import OK, Exchange

_KEPT_IN_TURN: Final = " (one after the other, in either order, it is kept)"
_RIGHT_IN_TURN: Final = " (one after the other, all is right)"
_SOME: Final = 3
"""Fields that are told by name where all are as before."""
_UNFIT: Final = " (neither order of the two requests explains that)"
_NAMES: Final = {Intent.UPDATE: "an update", Intent.CREATE: "a booking of its slot", Intent.DELETE: "a deletion"}


def told_of(
    found: Sequence[Difference], race: Episode, pair: tuple[Exchange, Exchange], learned: Sequence[Episode]
) -> Broken | None:
    """Return the breach of a race; an update of which the read shows nothing is told as lost, and one that was refused
    and that it shows as stored.
    """
    one, beside = pair
    sentence = _sentence(race, one, beside)
    before, after = (race.payload(role) or {} for role in (Role.BEFORE, Role.AFTER))
    names, written = [difference.field for difference in found], changed_by(beside)
    stored = stored_of(beside, before, after)
    if found and stored and was_refused(beside):
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
        # What the update has asked for may well be right.
        return broken_by(told_once(sorted(found, key=lambda it: it.field in stored)), sentence, end, one)
    more = _others(race, one, beside)
    kept = _kept([name for name in stored if name not in STATES])
    part = "partly " if kept else ""
    lost = f"an update ({beside.status}) at the same moment as a cancel ({one.status}) is {part}lost{more}: "
    is_kept = learned and all(_differs(order, names) for order in learned)
    unfit = _KEPT_IN_TURN if is_kept else _in_turn(learned, beside.case.intent, found)
    fields = ", ".join(_still(name, after, sent_by(beside)) for name in dict.fromkeys(names))
    return Broken(tuple(dict.fromkeys(found)), f"{lost}{fields}{kept}{unfit}", one)


def _kept(names: Sequence[str]) -> str:
    """Return which fields of an update are there in the end, as the end of its sentence; empty where none is."""
    more = f" and {len(names) - _SOME} more" if len(names) > _SOME else ""
    return f"; kept: {', '.join(names[:_SOME])}{more}" if names else ""


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
    mine = [one.field for one in found if not str(one).startswith(IN_BOOKING)]
    names = [name for name in STATES if name in mine]
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
    pair = filter(None, (order.one(Role.CANCEL), next(iter(writers_of(order, {intent})), None)))
    asked = (
        f"{_NAMES.get(one.case.intent, 'a cancel')} ({one.status})" for one in sorted(pair, key=lambda one: one.number)
    )
    view = order.payload(Role.AFTER) or {}
    return tuple(asked), ", ".join(f"{name} {spelled(view, name)}" for name in names if name in view)


def _sentence(race: Episode, one: Exchange, beside: Exchange) -> str:
    """Return who took part in a race, the two that are compared first."""
    more = _others(race, one, beside)
    more = f"{more}," if more else ""
    return f"a cancel ({one.status}) and {_NAMES[beside.case.intent]} ({beside.status}){more} at the same moment: "


def _others(race: Episode, one: Exchange, beside: Exchange) -> str:
    """Return who took part in a race besides two of them, as words behind these; empty where nobody did."""
    others = [it for it in (*race.all(Role.AGAIN), *race.all(Role.BESIDE)) if it not in (one, beside)]
    told = [f"{_NAMES.get(it.case.intent, 'a cancel by a second member')} ({it.status})" for it in others]
    return f", beside {' and '.join(told)}" if told else ""
