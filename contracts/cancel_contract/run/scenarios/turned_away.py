"""Callers who may not cancel come before the first cancel: whom a rule keeps out may depend on the appointment."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import EMPTY_OBJECT, Case, Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import FIRST_REFUSAL, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.asking import JSON
from cancel_contract.run.scenarios.foreign_bodies import multipart, parts_with
from cancel_contract.supply.variations import Variation

_NOBODY: Final = Credential(showing="none")
_WRONG: Final = Credential(showing="wrong")
_VIEWER: Final = Credential(Holder.UNPRIVILEGED)
_FOREIGNER: Final = Credential(Holder.FOREIGN)
_CALLERS: Final = (
    (_WRONG,), (_VIEWER,), (_NOBODY, _VIEWER), (_FOREIGNER,), (_WRONG, _NOBODY, _VIEWER), (_WRONG, _VIEWER, _FOREIGNER),
    (_NOBODY, _FOREIGNER), (_NOBODY, _VIEWER, _FOREIGNER), (), (_WRONG, _VIEWER),
)  # fmt: skip
"""By variation, so that each status that is not asked about elsewhere meets all of them."""
_PARTS: Final[dict[tuple[int, Credential], dict[str, Any]]] = {
    (2, _NOBODY): {"headers": (("idempotency-key", b"cancel-contract-nobody"),)},
    (4, _NOBODY): parts_with(multipart()),
    (5, _WRONG): {"headers": (("authorization", b"Bearer MTIz"),)},
    (6, _NOBODY): {"headers": JSON, "body": EMPTY_OBJECT, "chunked": True},
    (7, _NOBODY): {"headers": JSON, "body": b'{"client_phone": "+7 000 000 00 00", "reason": "contract test"}'},
}
"""By variation and caller, a body or a header: what reads bodies, knows answers by a key, or takes another scheme may
stand before what checks tokens.
"""
_TOUCHED: Final = (*ACTION.changes, "expense")
"""What a cancel changes."""


def tries(number: int) -> int:
    """How many callers come before the first cancel of a variation, by its number."""
    return len(_CALLERS[number])


def turned_away(context: Context, snapshot: Snapshot, number: int) -> list[Exchange] | None:
    """Cancel the appointment of a variation, by its number, as the callers who may not; returns the refusals, and
    nothing once one was let in.
    """
    refusals: list[Exchange] = []
    for caller in _CALLERS[number]:
        shown = caller if context.has(caller.holder) else _WRONG
        answer = _refused(context, snapshot, _case(shown, _PARTS.get((number, caller), {})))
        if _lets_in(context, snapshot, answer):
            return None
        refusals.append(answer)
    return refusals


def asked_oddly(context: Context, number: int, keys: AbstractSet[str]) -> Iterator[tuple[Credential, bool]]:
    """Yield the callers of a variation whose case is among those with these keys, and whether each asks oddly."""
    for caller in _CALLERS[number]:
        if f"{context.scenario}#{_case(caller, {}).key}" in keys:
            yield caller, (number, caller) in _PARTS


def turned_away_plainly(context: Context, snapshot: Snapshot, caller: Credential, more: str) -> None:
    """Cancel an appointment as a caller who may not, with nothing else in the request; its key ends with `more`."""
    plain = _case(caller, {})
    _lets_in(context, snapshot, _refused(context, snapshot, replace(plain, key=f"{plain.key}{more}")))


def _lets_in(context: Context, snapshot: Snapshot, answer: Exchange) -> bool:
    """Whether a caller was let in; what is cancelled by that is noted."""
    if answer.status is None or answer.status >= FIRST_REFUSAL:
        return False
    if Snapshot(snapshot.id, context.read(snapshot.id)).is_cancelled:
        context.cancelled(snapshot.id)
    return True


def _case(caller: Credential, parts: dict[str, Any]) -> Case:
    # What stands before the application may refuse a body first.
    intent = Intent.ODDLY_REFUSED if parts else Intent.REFUSED
    return Case(f"before, {caller}", intent, "", credential=caller, **parts)


def _refused(context: Context, snapshot: Snapshot, case: Case) -> Exchange:
    path = ACTION.path(context.target.account, snapshot.id)
    answer = context.send(replace(case, path=path, appointment=snapshot.id))
    topic = str(case.credential)
    context.submit(Kind.REFUSAL, (Role.BEFORE, snapshot.seen), (Role.CANCEL, answer), topic=topic)
    return answer


def look_after(
    context: Context, before: Snapshot, refusals: Sequence[Exchange], seen: Exchange | None, variation: Variation
) -> None:
    """Judge by a view that is asked for anyway what refusals, if there were any, have done.

    A target may keep other fields otherwise than they were sent, so that only what looks cancelled is judged. Each of
    several refusals is tried alone, on another appointment of the variation; and so is the one before a move, which may
    have cancelled it, too: some targets book what is moved anew.
    """
    is_anothers = seen is not None and seen.case.credential != before.seen.case.credential
    # An update between the two may take what was owed back, and another member may not be shown it.
    touched = tuple(ACTION.changes) if variation.is_moved or is_anothers else _TOUCHED
    if not refusals or seen is None or not _have_cancelled(before, seen, touched):
        return
    if len(refusals) > 1 or variation.is_moved:
        for one in refusals:
            made = context.fresh(variation)
            alone = _refused(context, made, replace(one.case, key=f"before, {one.case.credential}"))
            if _have_cancelled(made, after := context.read(made.id)):
                _submit(context, made, alone, after)
                return
    if not variation.is_moved:
        _submit(context, before, refusals[-1], seen)


def _submit(context: Context, before: Snapshot, refusal: Exchange, seen: Exchange) -> None:
    steps = ((Role.BEFORE, before.seen), (Role.CANCEL, refusal), (Role.AFTER, seen))
    context.submit(Kind.REFUSAL, *steps, topic=str(refusal.case.credential))


def _have_cancelled(before: Snapshot, seen: Exchange, touched: Sequence[str] = _TOUCHED) -> bool:
    was, now = before.payload, seen.payload or {}
    is_same = now.get("id", before.id) == before.id
    return is_same and any(_was_cancelled(name, was.get(name), now[name]) for name in touched if name in now)


def _was_cancelled(name: str, was: object, now: object) -> bool:
    """Whether a field has become what a cancel makes of it."""
    if name in ACTION.changes:
        is_done: bool = now == ACTION.changes[name]
        return is_done and was != now
    return was is not None and now is None
