"""Sends cases that must change nothing side by side, and reads once for all of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import succeeded
from cancel_contract.clauses.effect_elsewhere import UNEXPLAINED
from cancel_contract.errors import Afresh
from cancel_contract.exchange.case import READS, Case, Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import FIRST_REFUSAL, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.burst import Sent
from cancel_contract.run.context import Context

Topic = tuple[str, Case]
_MOST_SUSPECTS: Final = 6
"""Requests about others that are told, each of another kind, of those that were accepted meanwhile."""
_FORBIDDEN: Final = frozenset({Intent.READONLY, Intent.DELETED, Intent.UNKNOWN_ID})
"""Cancels that are refused for the appointment that they name, not for who asks or how."""


def untouched(
    context: Context,
    kind: Kind,
    snapshot: Snapshot,
    cases: Sequence[Topic],
    again: Callable[[Snapshot, Case], Case],
) -> bool:
    """Send cases that must change nothing, then read once; if something changed, find the case that did it.

    Resend accepted cases one at a time, then the rest as a batch, and the rest one at a time if the batch changed
    something. If none of them does it again, something else has done it. `again` makes the same case over another
    appointment. Returns whether a clause was broken.
    """
    wanted = [(topic, case) for topic, case in cases if context.wants(case.key)]
    if not wanted:
        return False
    came = context.side_by_side([case for _, case in wanted])
    return look_once(context, kind, snapshot, wanted, came, again)


def look_once(  # noqa: PLR0913, PLR0917  what was sent, and all that is needed to send it again
    context: Context,
    kind: Kind,
    snapshot: Snapshot,
    wanted: Sequence[Topic],
    came: Sent,
    again: Callable[[Snapshot, Case], Case],
) -> bool:
    """Read once for cases that were sent, and go on as `untouched` does."""
    sent = [exchange for exchange in came.exchanges if exchange]
    if came.error:
        if isinstance(came.error, Afresh):
            _judge_so_far(context, kind, snapshot, wanted, came.exchanges)
        raise came.error
    after = context.read(snapshot.id)
    context.rule_out_own_changes(kind, (Role.BEFORE, snapshot.seen), (Role.AFTER, after))
    if context.was_read(snapshot, after) and len(sent) > 1:
        is_found = is_explained = False
        for group in _suspects_first(wanted, sent):
            fresh = context.victim()
            is_found |= untouched(context, kind, fresh, [(topic, again(fresh, case)) for topic, case in group], again)
            is_explained |= _is_cancelled(context, fresh)
        return is_found or (not is_explained and _unexplained(context, snapshot, after))
    return _submit_each(context, kind, snapshot, after, zip(wanted, sent, strict=True))


def _is_cancelled(context: Context, fresh: Snapshot) -> bool:
    """Whether a case that was sent again has cancelled, and has answered so: that was judged as any cancel is."""
    later = (one for one in context.exchanges if one.number > fresh.seen.number)
    return any(succeeded(one) and one.case.appointment == fresh.id for one in later)


def _unexplained(context: Context, snapshot: Snapshot, after: Exchange) -> bool:
    """Judge an appointment that has changed by nothing that was sent to it, as far as sending it again shows."""
    meanwhile = (one for one in context.exchanges if snapshot.seen.number < one.number < after.number)
    others = [one for one in meanwhile if one.case.intent not in READS and one.appointment != snapshot.id]
    # Refused cancels are many; whatever else was refused may have done it all the same, and is told first.
    suspects = [one for one in others if one.answer and not (one.is_refused and _is_common(one))]
    latest = {one.case.intent: one for one in suspects}
    told = sorted(latest.values(), key=lambda one: (_is_common(one), -one.number))[:_MOST_SUSPECTS]
    steps = [(Role.BESIDE, one) for one in sorted(told, key=lambda one: one.number)]
    seen = (Role.OTHER_BEFORE, snapshot.seen), (Role.OTHER_AFTER, after)
    return bool(context.submit(Kind.NEIGHBOUR, seen[0], *steps, seen[1], topic=UNEXPLAINED))


def _is_common(one: Exchange) -> bool:
    """Whether a request is one of many: a cancel, but for the few of a member whose appointment forbids it."""
    return one.case.is_under_test and one.case.intent not in _FORBIDDEN


def _judge_so_far(
    context: Context, kind: Kind, snapshot: Snapshot, wanted: Sequence[Topic], came: Sequence[Exchange | None]
) -> None:
    """Judge what was answered before a gateway answered, if a read shows that it changed nothing."""
    answered = [(topic, exchange) for topic, exchange in zip(wanted, came, strict=True) if exchange]
    after = context.read(snapshot.id) if answered else None
    if after and not context.has_changed(snapshot.seen, after):
        _submit_each(context, kind, snapshot, after, answered)


def _submit_each(
    context: Context, kind: Kind, snapshot: Snapshot, after: Exchange, cases: Iterable[tuple[Topic, Exchange]]
) -> bool:
    broken: set[str] = set()
    for (topic, case), exchange in cases:
        steps = ((Role.BEFORE, snapshot.seen), (Role.CANCEL, exchange), (Role.AFTER, after))
        broken |= context.submit(kind, *steps, topic=topic)
        context.answered(case.key)
    return bool(broken)


def _suspects_first(cases: Sequence[Topic], sent: Sequence[Exchange]) -> list[list[Topic]]:
    """Split cases: each accepted one alone, the others together; each alone if that does not narrow them down."""
    let_through = [exchange.status is not None and exchange.status < FIRST_REFUSAL for exchange in sent]
    suspects = [[case] for case, through in zip(cases, let_through, strict=True) if through]
    others = [case for case, through in zip(cases, let_through, strict=True) if not through]
    return [*suspects, others] if suspects and others else [[case] for case in cases]


def over(snapshot: Snapshot, case: Case) -> Case:
    """Return the same case over another appointment."""
    old, new = f"/{case.appointment}", f"/{snapshot.id}"
    return replace(case, path=case.path.replace(old, new), appointment=snapshot.id)
