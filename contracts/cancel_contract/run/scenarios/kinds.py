"""Scenarios that cancel one appointment of each kind: what a cancel leaves as it was, whoever asks for it, and how."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import ALONE, AS_USUAL, Intent
from cancel_contract.exchange.credential import MEMBER, Credential
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import FIRST_REFUSAL, OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios import colleague, repeated
from cancel_contract.run.scenarios.afterwards import AFTERMATH, BOOKED_AFTERWARDS, TO_BE_DELETED, aftermath
from cancel_contract.run.scenarios.bundles import bisect_first
from cancel_contract.run.scenarios.colleague import SECOND
from cancel_contract.run.scenarios.corrections import corrected
from cancel_contract.run.scenarios.effect import first_cancel, list_cancelled, listed
from cancel_contract.run.scenarios.made_apart import bisect_made, made_like
from cancel_contract.run.scenarios.provided import PAID_EXPENSE, paid, unfit
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.run.scenarios.turned_away import asked_oddly, look_after, tries, turned_away, turned_away_plainly
from cancel_contract.run.scenarios.ways import CALLERS, ODDLY, Way, each
from cancel_contract.supply.variations import Variation, with_rare_values

VARIATIONS: Final = with_rare_values()[:10]
"""Variations that are cancelled one by one; the others serve other scenarios."""
_SHARED: Final = 0
"""The one that a second member sees, too, and cancels again."""
_PREPAID: Final = 4
"""One with payments that two members cancel several times."""
_REPEATS: Final = {_SHARED: 4, _PREPAID: 2}
"""By variation, how often it is cancelled again."""
_BY_SECOND: Final = frozenset({_PREPAID, 5, 9})
"""Variations that a second member cancels, if there is one who is shown them as the first is: missed, completed, and
running ones.
"""
_LOOKED_AT: Final = frozenset({6, 7, 9})
"""Those that are read between those who may not cancel and the first cancel: elsewhere a read comes anyway."""
_WATCHED: Final = next(number for number, variation in enumerate(VARIATIONS) if variation.payment == "paid")
"""The first with payments and an expense, where the most can be undone later, or be wrong in a list."""
_FOLLOWED: Final = next(
    number
    for number, variation in enumerate(VARIATIONS)
    if variation.payment == "paid" and number not in {_WATCHED, *ODDLY}
)
"""One with payments and an expense that is revived, cancelled again, and deleted."""


def _oddly(context: Context, snapshot: Snapshot, by: Credential, way: Way) -> tuple[Exchange, Exchange] | None:
    """Cancel in an odd way; returns the cancel and the read after it if that cancelled. A refusal must have done
    nothing.
    """
    intent, spelled, parts = way
    path = ACTION.path(context.target.account, spelled.format(snapshot.id))
    cancel = context.cancel(snapshot.id, f"first, {intent}", intent, path=path, credential=by, **parts)
    after = context.read(snapshot.id)
    steps = ((Role.BEFORE, snapshot.seen), (Role.CANCEL, cancel), (Role.AFTER, after))
    if intent is Intent.AGENT:
        context.submit(Kind.CALLER, *steps, topic="no User-Agent")
    if cancel.status == OK:
        if Snapshot(snapshot.id, after).is_cancelled:
            context.cancelled(snapshot.id)
        context.submit(Kind.FIRST_CANCEL, *steps, topic=str(snapshot.payload.get("status")))
        return cancel, after
    if cancel.status is not None and cancel.status >= FIRST_REFUSAL:
        context.submit(Kind.REFUSAL, *steps, topic=str(intent))
    return (cancel, after) if Snapshot(snapshot.id, after).is_cancelled else None


def _view_of_second(
    context: Context, created: Snapshot, refusals: Sequence[Exchange], snapshot: Snapshot, variation: Variation
) -> Snapshot | None:
    """What a second member is shown of an appointment; nothing if that is not what the first is shown."""
    view = colleague.look(context, snapshot)
    look_after(context, created, refusals, view.seen if view else None, variation)
    return view if view and colleague.is_alike(context, view, snapshot) else None


def _kept(
    context: Context, number: int, variation: Variation, created: Snapshot, refusals: Sequence[Exchange] = ()
) -> Snapshot:
    """An appointment of a variation, as the target keeps it after refusals: corrected, if it is to be moved; another,
    if it is cancelled by now.
    """
    if variation.is_moved:
        kept = corrected(context, created)
    else:
        kept = Snapshot(created.id, context.read(created.id)) if _is_read(number, variation) else created
    look_after(context, created, refusals, kept.seen, variation)
    if kept.is_cancelled:
        # A move may book another and end this one.
        return context.as_read(context.fresh(replace(variation, is_moved=False)))
    return kept


def _is_read(number: int, variation: Variation) -> bool:
    """Whether an appointment of a variation is read before its cancel."""
    return variation.is_rewritten or number in _LOOKED_AT


def _variation(number: int, variation: Variation) -> Scenario:
    times, is_watched = _REPEATS.get(number, 0), number == _WATCHED
    is_followed, is_shared, is_others = number == _FOLLOWED, number == _SHARED, number in _BY_SECOND

    def play(context: Context) -> None:
        created = context.fresh(variation)
        refusals = [] if is_shared else turned_away(context, created, number)
        if refusals is None:
            return
        snapshot = _kept(context, number, variation, created, refusals)
        is_seen = is_shared or is_others
        view = _view_of_second(context, created, refusals, snapshot, variation) if is_seen else None
        by = SECOND if is_others and view else MEMBER
        done = _oddly(context, snapshot, by, ODDLY[number]) if number in ODDLY else None
        caller, parts = CALLERS.get(number, ("", {}))
        shown = view if is_shared else None
        if is_others and view:
            parts = {**parts, "credential": SECOND}
        if is_watched and list_cancelled(context, snapshot):
            look_after(context, created, refusals, context.read(snapshot.id), variation)
        cancel, after = done or first_cancel(context, snapshot, "first", caller, **parts)
        if shown:
            colleague.look_again(context, shown, cancel)
        if times:
            callers = [MEMBER, SECOND if view else MEMBER, MEMBER, MEMBER]
            repeated.repeat(context, cancel, after, callers[:times])
        if is_watched and cancel.status == OK:
            context.keep_for_late_look(after)
            listed(context, cancel, snapshot.payload)
        seen = Snapshot(snapshot.id, after)
        if is_followed and cancel.status == OK and seen.is_cancelled:
            aftermath(context, snapshot.payload, cancel, seen)

    made = 1 + BOOKED_AFTERWARDS * is_followed
    looks = _is_read(number, variation) + variation.is_moved + 2 * is_watched + colleague.LOOKS * is_shared + is_others
    repeats = (times + 1) * bool(times)
    requests = 3 + (0 if is_shared else tries(number)) + looks + repeats + AFTERMATH * is_followed
    return Scenario(f"effect/{variation}", play, made, requests, apart=_apart(number, variation))


def _apart(number: int, variation: Variation) -> Callable[[Context, AbstractSet[str]], None]:
    """Return what cancels a variation as usual and, if that breaks nothing, with one part of its odd request a time; if
    it breaks a clause, it looks for the property of the variation that does.

    Where its first cancel held, it finds out which parameter breaks a clause in a later one with a query.
    """

    def play(context: Context, keys: AbstractSet[str]) -> None:
        if f"{context.scenario}#first" not in keys:
            bisect_first(context, keys, TO_BE_DELETED)
        broken = [name for name, broke in context.ledger.broke.items() if not broke.isdisjoint(keys)]
        rows = (context.ledger.rows[name] for name in broken)
        # Where nothing held, nothing sets apart what broke.
        clauses = [row.clause.id for row in rows if row.held and not row.signs.in_common]
        if not clauses:
            return
        for caller, is_odd in asked_oddly(context, number, keys):
            _refused_apart(context, variation, clauses, caller, is_odd=is_odd)
        if any(key.startswith(f"{context.scenario}#first") for key in keys):
            _cancelled_apart(context, number, variation, clauses)

    return play


def _refused_apart(
    context: Context, variation: Variation, clauses: Sequence[str], caller: Credential, *, is_odd: bool
) -> None:
    """Find out whether it is the odd request of a caller that breaks clauses, or which property of the appointment."""
    if is_odd:
        turned_away_plainly(context, made_like(context, variation), caller, AS_USUAL)
    if not is_odd or context.judged.breaches:
        bisect_made(context, variation, clauses, caller)


def _cancelled_apart(context: Context, number: int, variation: Variation, clauses: Sequence[str]) -> None:
    """Find out the same of the first cancel of a variation."""
    if is_odd := number in {*CALLERS, *ODDLY, *_BY_SECOND}:
        first_cancel(context, made_like(context, variation), f"first{AS_USUAL}")
    if not is_odd or context.judged.breaches:
        bisect_made(context, variation, clauses)
        return
    for name, part in each(CALLERS.get(number, ("", {}))[1]):
        first_cancel(context, made_like(context, variation), f"first, {name}{ALONE}", **part)


def _plain(context: Context) -> None:
    """Cancel what most people cancel, as most callers do: no other request is beside it, or part of it."""
    first_cancel(context, context.as_read(context.fresh()))


def _paid_expense(context: Context) -> None:
    snapshot = paid(context)
    if snapshot.is_cancelled:
        snapshot = context.revived(snapshot)
    if snapshot.is_cancelled:
        raise unfit(
            PAID_EXPENSE, f"names appointment {snapshot.id}, which is cancelled and is not made scheduled again"
        )
    cancel, after = first_cancel(context, snapshot)
    if Snapshot(snapshot.id, after).is_cancelled:
        # What is paid once must not become owed again, neither by a second cancel nor later.
        again = context.cancel(snapshot.id, "cancel 2", Intent.REPEAT)
        context.keep_for_late_look(repeated.look_after(context, cancel, after, [again]))


SCENARIOS: Final = (
    Scenario("effect/plain", _plain, 1, 3),
    *(_variation(number, variation) for number, variation in enumerate(VARIATIONS)),
    Scenario("effect/paid-expense", _paid_expense, 0, 5, (PAID_EXPENSE,), uses_up=(PAID_EXPENSE,)),
)
"""The family's scenarios."""
