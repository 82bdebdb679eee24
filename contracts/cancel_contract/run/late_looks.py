"""Reads appointments again after the last scenario, and judges what is decided only then."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from cancel_contract.clauses.answer_losses import losses_of
from cancel_contract.clauses.clause import succeeded
from cancel_contract.errors import Afresh
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import PERMITTED, Intent
from cancel_contract.exchange.compare import Payload, documented_differences
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.fragment.document import Fragment
from cancel_contract.guard.gateway import Gateway
from cancel_contract.guard.gateway_counts import OTHERS
from cancel_contract.run.context import Context

_NOBODY: Final = frozenset(Credential(showing=name) for name in ("none", "empty", "wrong"))
_REFUSED: Final = frozenset({401, 403, 404})
_CHANGES: Final = frozenset({Intent.UPDATE, Intent.REVIVE, Intent.DELETE})
_DONE_OR_ACCEPTED: Final = range(200, 300)

_VIEWS: Final = {
    Intent.LIST: Role.LISTED,
    Intent.CALENDAR: Role.CALENDAR,
    **dict.fromkeys((Intent.READ, Intent.CREATE, Intent.UPDATE), Role.BEFORE),
}
"""By intent, the part of an exchange that shows who has an appointment."""


def look_back(context: Context, exchanges: Sequence[Exchange]) -> None:
    """Judge the run's cancels as a whole, and each repeated cancel together with the first."""
    whole = Episode(Kind.WHOLE, tuple(_of_whole(exchanges)))
    if whole.all(Role.CANCEL):
        context.judge(whole)
        if (losses := losses_of(whole)).is_doubtful:
            context.ledger.doubt(f"{losses}: see what the server's log says of them, then run the gate again")
        shown = [*_beside_lists(exchanges)]
        context.submit(Kind.SEEN, *shown)
        made = (
            one for one in shown if one[1].case.intent is Intent.CREATE or (one[0] is Role.CANCEL and succeeded(one[1]))
        )
        context.submit(Kind.MADE, *made)
    for first, later in _again_and_again(context.ledger.terms.fragment, exchanges):
        submit_late(context, (Role.CANCEL, first), (Role.AGAIN, later), kind=Kind.SAME)
    _compare_refusals(context, exchanges)


def _beside_lists(exchanges: Sequence[Exchange]) -> Iterator[tuple[Role, Exchange]]:
    """Yield all that was answered to cancels, and all that shows who has which appointment."""
    for one in exchanges:
        role = Role.CANCEL if one.case.is_under_test else _VIEWS.get(one.case.intent)
        if role and one.answer and not one.is_of_gateway and not one.is_unread:
            yield role, one


def _compare_refusals(context: Context, exchanges: Sequence[Exchange]) -> None:
    """Judge refusals without a good token: those of the appointment that has most beside those of each other one."""
    refused: dict[int, list[Exchange]] = {}
    for one in exchanges:
        number = one.case.appointment
        if number is not None and one.status in _REFUSED and _is_by_nobody(one, context.target.account):
            refused.setdefault(number, []).append(one)
    if not refused:
        return
    most = max(refused, key=lambda number: len(refused[number]))
    mine = [(Role.CANCEL, one) for one in refused[most]]
    for number in sorted(refused.keys() - {most}):
        seen = [_seen_before(exchanges, refused[at][0], at) for at in (most, number)]
        views = zip((Role.BEFORE, Role.OTHER_BEFORE), seen, strict=True)
        steps = [(role, view) for role, view in views if view]
        context.submit(Kind.REFUSALS, *steps, *mine, *((Role.AGAIN, one) for one in refused[number]))


def _is_by_nobody(one: Exchange, account: int) -> bool:
    """Whether a cancel, spelled as usual, shows no good token."""
    case = one.case
    return (
        case.is_under_test and case.credential in _NOBODY and case.path == ACTION.path(account, case.appointment or 0)
    )


def _seen_before(exchanges: Sequence[Exchange], refusal: Exchange, appointment: int) -> Exchange | None:
    """Return the last exchange before a refusal that shows its appointment."""
    shown = (one for one in exchanges if one.number < refusal.number and one.case.appointment in {None, appointment})
    mine = [one for one in shown if one.payload and one.payload.get("id") == appointment]
    return mine[-1] if mine else None


def look_again(context: Context, exchanges: Sequence[Exchange], most: int) -> None:
    """Read cancelled appointments again: those that are watched, and others up to `most`; once in a run, cancel the
    oldest again.
    """
    succeeded_for = {one.case.appointment: one for one in reversed(exchanges) if succeeded(one)}
    watched = [early for early in context.made.watched.values() if early.case.appointment in succeeded_for]
    for early in watched:
        submit_late(context, (Role.BEFORE, early), (Role.AFTER, context.read(early.case.appointment or 0)))
    # One worker's shows what another's would.
    for early in watched[:1] if context.supply.learned.claims.claim("cancel at the end") else ():
        number = early.case.appointment or 0
        again = context.cancel(number, "cancel at the end", Intent.REPEAT)
        submit_late(context, (Role.CANCEL, succeeded_for[number]), (Role.AGAIN, again), kind=Kind.REPEAT)
    seen = {early.case.appointment for early in watched} | context.made.deleted
    cancelled = [
        exchange.case.appointment
        for exchange in exchanges
        if exchange.status == 200 and exchange.case.intent is Intent.FIRST and exchange.case.appointment
    ]
    others = [appointment for appointment in dict.fromkeys(cancelled) if appointment not in seen]
    for appointment in others[: max(0, most - len(watched))]:
        submit_late(context, (Role.AFTER, context.read(appointment)))


def submit_late(context: Context, *steps: tuple[Role, Exchange], kind: Kind = Kind.LATE) -> None:
    """Judge a look at the end of the run, unless the target may have done by itself what it shows."""
    with suppress(Afresh):
        context.submit(kind, *steps)


def weigh(context: Context, gateway: Gateway) -> None:
    """Judge what a gateway answered in the application's place, now that all answers are known."""
    for topic, exchanges in gateway.guilty():
        steps = ((Role.AGAIN if number else Role.CANCEL, one) for number, one in enumerate(exchanges))
        context.submit(Kind.GATEWAY, *steps, topic=topic)
    context.ledger.doubt(*filter(None, (gateway.doubt(str(context.target.url)),)))


def _of_whole(exchanges: Sequence[Exchange]) -> Iterator[tuple[Role, Exchange]]:
    """Yield the cancels that succeeded or were lost, and the requests beside them."""
    for one in exchanges:
        if one.is_of_gateway or one.case.abandoned:
            continue
        if one.case.intent in OTHERS:
            yield Role.BEFORE, one
        elif one.case.intent in PERMITTED or succeeded(one) or one.trouble is Trouble.LOST:
            yield Role.CANCEL, one


def _again_and_again(fragment: Fragment, exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Exchange]]:
    """Yield each cancel of a cancelled appointment, with the first success that may be held against it."""
    measures = _Measures(fragment)
    # Another writer has changed what a cancel beside it was answered.
    raced = {one.case.appointment for one in exchanges if one.case.intent is Intent.RACED}
    for one in exchanges:
        measures.saw(one)
        appointment, answered = one.case.appointment, succeeded(one) and one.payload is not None
        if appointment is None or appointment in raced:
            continue
        if one.case.intent in _CHANGES and one.status in _DONE_OR_ACCEPTED:
            # What comes after a change is no repeat of what came before it; after a deletion the id may be another's.
            measures.forget(appointment)
        first = measures.of(one)
        # One that is known to be active, perhaps revived, counts as new.
        if answered and (first is None or one.case.intent is Intent.FIRST):
            measures.keep(one)
        elif first and (answered or one.case.intent is Intent.REPEAT):
            yield first, one


class _Measures:
    """The first successes of cancels: what a member is shown may depend on its rights, so that one member's answer is
    held against another's where both were shown the same of the appointment before.
    """

    def __init__(self, fragment: Fragment) -> None:
        self._fragment = fragment
        self._first: dict[int, Exchange] = {}
        self._own: dict[tuple[int, Credential], Exchange] = {}
        self._active: dict[tuple[int, Holder], Payload] = {}
        """By appointment and member, how that member was last shown it before its cancel."""

    def saw(self, one: Exchange) -> None:
        """Remember what a member is shown of an active appointment, by whatever is no cancel."""
        shown = None if one.case.is_under_test or ACTION.is_done(one.payload) else one.payload
        if shown and one.appointment is not None:
            self._active[one.appointment, one.case.credential.holder] = shown

    def of(self, one: Exchange) -> Exchange | None:
        """Return the first success that a cancel may be compared with."""
        number = one.case.appointment or 0
        first, own = self._first.get(number), self._own.get((number, one.case.credential))
        return first if first and self._are_shown_alike(number, first, one) else own

    def _are_shown_alike(self, number: int, *both: Exchange) -> bool:
        one, other = (self._active.get((number, each.case.credential.holder)) for each in both)
        is_known = one is not None and other is not None
        return is_known and not any(documented_differences(self._fragment, one or {}, other or {}))

    def keep(self, one: Exchange) -> None:
        """Take a success as the first one of its caller and, after a first cancel, of all."""
        number = one.case.appointment or 0
        self._own[number, one.case.credential] = one
        if number not in self._first or one.case.intent is Intent.FIRST:
            self._first[number] = one

    def forget(self, number: int) -> None:
        """Begin anew with an appointment."""
        self._first.pop(number, None)
        self._own = {key: kept for key, kept in self._own.items() if key[0] != number}
