"""An appointment between two others: its cancel must change neither of them."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import AS_USUAL, Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.asking import CHUNKED, SWITCHES, asked
from cancel_contract.run.scenarios.bundles import bisect
from cancel_contract.run.scenarios.effect import first_cancel, first_cancel_with
from cancel_contract.run.scenarios.foreign_bodies import multipart, parts_with
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.supply.variations import FULL, KIN

_OWED_KIN: Final = replace(KIN, payment="cash-ahead")
"""One of the same kind, all paid ahead, with an unpaid expense if the resource has a compensation."""
_CONFIRMED: Final = replace(FULL, contact=True, payment="unpaid", behind=KIN.room + _OWED_KIN.room)
"""A confirmed one of the same contact that nobody has paid for, with another client's name and without a service."""
_TWO_IDS: Final = "two ids"


def _neighbour(context: Context) -> None:
    """Cancel an appointment between two others, as usual and with the id of the later one beside its own."""
    for after, what in zip(_between(context, _TWO_IDS), (CHUNKED, SWITCHES), strict=True):
        asked(context, after, what)


def _between(context: Context, besides: str = "") -> tuple[Snapshot, ...]:
    """Create one appointment before and one after the one that is cancelled: a careless query may hit either. Returns
    them, as they are read after that.

    Both have the same contact, the later one an expense and the same service, name, telephone and identifier, too.
    Where there is room, none has a gap to the next.
    """
    earlier = context.fresh(_CONFIRMED)
    between = context.fresh(KIN, follows=earlier)
    later = context.fresh(_OWED_KIN, follows=between)
    neighbours = [Snapshot(made.id, context.read(made.id)) for made in (earlier, later)]
    if besides:
        names = f"id={later.id}&appointment_id={later.id}"
        cancel = first_cancel_with(context, between, "between", {**parts_with(multipart(later.id)), "query": names})
    else:
        cancel, _ = first_cancel(context, between, f"between{AS_USUAL}")
    cancels = [(Role.CANCEL, cancel)]
    if besides:
        # A server that reads a list here cancels an appointment of ours; an invented number could be a stranger's.
        both = f"{between.id},{later.id}"
        if not context.ownership.foreign_in_path(both):
            path = ACTION.path(context.target.account, both)
            cancels.append((Role.AGAIN, context.cancel(between.id, besides, Intent.MALFORMED_ID, path=path)))
    looks = tuple(Snapshot(neighbour.id, context.read(neighbour.id)) for neighbour in neighbours)
    for before, after in zip(neighbours, looks, strict=True):
        steps = ((Role.OTHER_BEFORE, before.seen), *cancels, (Role.OTHER_AFTER, after.seen))
        context.submit(Kind.NEIGHBOUR, *steps)
    return looks


def _neighbour_apart(context: Context, keys: AbstractSet[str]) -> None:
    """Leave out the cancel with two ids, if a neighbour has changed, and find out which switch has broken a clause."""
    if f"{context.scenario}#{_TWO_IDS}" in keys:
        _between(context)
    if f"{context.scenario}#{SWITCHES[0]}" in keys:
        bisect(context, SWITCHES)


SCENARIOS: Final = (Scenario("effect/neighbour", _neighbour, 3, 14, apart=_neighbour_apart),)
"""The scenario of the neighbours."""
