"""What a cancel, and what writes beside it, make of an appointment: the operations whose histories are checked.

Each is told apart by its answer. A refusal has done nothing, whoever lost: a conflict (409), a validation, or an
appointment that is gone. Only `status` and `payment_status` of an answer are judged, since some servers answer with
columns that they have read before; of a server that reads again before it answers, the later state is as good.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cancel_contract.clauses.effect import CLIENT
from cancel_contract.clauses.linearizability import Operation
from cancel_contract.clauses.money import AMOUNTS, adds_up
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import unread
from cancel_contract.exchange.compare import (
    COMMENT,
    FOUND_LATER,
    READ_BACK,
    TELLING,
    Payload,
    differences,
    expense_differs,
    payments_differ,
    same_in,
)
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Role
from cancel_contract.exchange.exchange import ACCEPTED, Exchange
from cancel_contract.exchange.strict_json import parse_json

IN_BOOKING: Final = "in the new booking"
IN_UPDATE: Final = "in the answer to the update"
"""How differences begin that are about what was booked beside a cancel, and about what an update was answered."""
STATES: Final = ("status", "payment_status")
"""The fields of an answer that are judged."""
_WRITTEN: Final = (*CLIENT, COMMENT, "appointment_type")
"""The fields that updates write beside a cancel; a server may write them in another way than they were sent."""
_RECEIVED: Final = (*AMOUNTS, "payments")
"""What an update of an amount changes; the rows are the server's, so that its answer says what they are."""
_KEPT: Final = (
    "resource_id",
    "contact_id",
    "service_id",
    "company_id",
    "conversation_id",
    "created_by_id",
    "starts_at",
    "ends_at",
    "external_ref",
    "idempotency_key",
    "prepaid_payment_method",
)
"""The fields that neither a cancel nor those who write beside it name."""
_ALL: Final = (*STATES, *_WRITTEN, *_KEPT, *AMOUNTS)
_CHANGED: Final = (*_WRITTEN, *AMOUNTS)
"""The fields that only an update changes."""
_NOT_IMPLEMENTED: Final = 501
GONE: Final = frozenset({404, 410})
"""What a request for a deleted appointment answers."""


@dataclass(frozen=True, slots=True)
class State:
    """An appointment, and who has its slot."""

    ours: Payload | None
    """Nothing once it is deleted."""
    booked: Payload | None = None
    """The new booking of its slot."""


Step = Operation[State, Difference]
Effect = Callable[[State], tuple[State, Sequence[Difference]]]


def was_refused(exchange: Exchange) -> bool:
    """Whether a request was refused, or there is nothing that would do it, so that it may have had no effect."""
    return exchange.is_refused or exchange.status == _NOT_IMPLEMENTED


def cancel(exchange: Exchange, after: Exchange) -> Step:
    """A cancel: a 200 has cancelled; what else is answered has not, and is no 404 while the appointment is there."""

    def effect(state: State) -> tuple[State, Sequence[Difference]]:
        now, is_absent = state.ours, exchange.status in GONE
        if now is None:
            return state, [] if was_refused(exchange) else [_status(exchange, "404")]
        done = ACTION.after(now)
        if exchange.status == 200:
            return replace(state, ours=done), _answered(exchange, done, after, "in the answer to the cancel")
        if was_refused(exchange):
            return state, [_status(exchange, "200")] if is_absent else []
        # What failed may have been done all the same.
        left = replace(state, ours=done) if ACTION.is_done(after.payload) else state
        return left, [_status(exchange, "200")]

    return Operation(effect)


def update(exchange: Exchange, after: Exchange) -> Step:
    """An update: what it names becomes so, and a cancelled appointment may be revived by its status."""
    sent = sent_by(exchange)

    def effect(state: State) -> tuple[State, Sequence[Difference]]:
        now = state.ours
        if now is None or was_refused(exchange):
            return state, [] if was_refused(exchange) else [_status(exchange, "404", "of the update")]
        shown = exchange.payload or {}
        done = {**now, **{name: shown.get(name, it) if name in _WRITTEN else it for name, it in sent.items()}}
        is_shown = exchange.status != ACCEPTED and shown.keys() >= sent.keys() & {*AMOUNTS}
        received = with_received(now, exchange, None if is_shown else after)
        done |= {name: received[name] for name in _RECEIVED if name in received}
        # What was only accepted is not done yet.
        found = _answered(exchange, done, after, IN_UPDATE) if exchange.status != ACCEPTED else []
        # Without a payment status nothing shows that the update knew of the cancel.
        is_told = exchange.status == ACCEPTED or "payment_status" in shown
        if ACTION.is_done(now) and not ACTION.is_done(done) and not is_told:
            found += _placed(IN_UPDATE, differences(["status"], done, now, telling=TELLING))
        return replace(state, ours=done), found

    return Operation(effect, ended=_end(exchange))


def with_received(payload: Payload, update: Exchange, after: Exchange | None = None) -> Payload:
    """Return an appointment with the money that the answer to an update shows, if it was of an amount.

    Of what its answer does not show, and is no refusal, the money may be that of the read after it; so is all of it
    where the answer's rows do not add up. Rows that added up to what was received add up to it afterwards.
    """
    if was_refused(update) or not any(name in AMOUNTS for name in sent_by(update)):
        return payload
    seen: Payload = (after and after.payload) or {}
    # What was only accepted may answer with what was before it.
    answered = (update.payload or {}) if update.status != ACCEPTED else {}
    changed = _with_money(payload, {**seen, **answered})
    if not adds_up(payload) or adds_up(changed):
        return changed
    # An answer may show amounts, and rows of its own kind or none.
    read = _with_money(payload, seen)
    return read if adds_up(read) else {**changed, "payments": payload.get("payments")}


def _with_money(payload: Payload, shown: Payload) -> Payload:
    return {**payload, **{name: shown[name] for name in _RECEIVED if name in shown}}


def deletion(exchange: Exchange) -> Step:
    """A deletion: it takes a cancelled appointment only."""

    def effect(state: State) -> tuple[State, Sequence[Difference]]:
        if state.ours is None or was_refused(exchange):
            return state, []
        is_right = ACTION.is_done(state.ours)
        return replace(state, ours=None), [] if is_right else [_status(exchange, "422", "of the deletion")]

    return Operation(effect, ended=_end(exchange))


def changed_by(exchange: Exchange) -> frozenset[str]:
    """Return the fields that a writer changes: of an update those that it sends, with the money of what was received."""
    sent = frozenset(sent_by(exchange)) if exchange.case.intent is Intent.UPDATE else frozenset[str]()
    return sent | ({"payments"} if sent & {*AMOUNTS} else set())


def stored_of(exchange: Exchange, before: Payload, after: Payload) -> tuple[str, ...]:
    """Return the fields that a read shows as an update sends them, and not as they were before."""
    sent = sent_by(exchange) if exchange.case.intent is Intent.UPDATE else {}
    return tuple(name for name in sent if same_in(name, after, sent) and not same_in(name, after, before))


def _end(exchange: Exchange) -> int:
    """The step in which a writer is done: what was only accepted may be done after the read."""
    return 1 if exchange.status == ACCEPTED else 0


def new_booking(exchange: Exchange) -> Step:
    """A booking of the slot: a new appointment without money of the old one, once the slot is free."""

    def effect(state: State) -> tuple[State, Sequence[Difference]]:
        if was_refused(exchange):
            return state, []
        made, ours = exchange.payload or {}, state.ours or {}
        is_taken = state.ours is not None and not ACTION.is_done(ours)
        found = [_status(exchange, "409", "of the booking")] if is_taken else []
        if isinstance(made.get("id"), int) and made["id"] == ours.get("id"):
            told = "the new booking of the slot is the cancelled appointment itself, not another one"
            found.append(Difference("slot", "booking", "the cancelled appointment", "another one", told))
        if inherited := _ids(made) & _ids(ours):
            got = f"{len(inherited)} payments of the cancelled one"
            found.append(Difference("slot", "booking", got, "0", f"the new booking of the slot has {got}, not 0"))
        return replace(state, booked=made), found

    return Operation(effect)


def look(read: Exchange, names: Sequence[str]) -> Step:
    """A read of the appointment after both, of which some fields are judged."""
    return Operation(lambda state: (state, _seen(read, state.ours, READ_BACK, names)), began=1, ended=1)


def fields(beside: Collection[Intent]) -> Sequence[str]:
    """Return the fields that are judged where these write beside a cancel: those of the client and the amounts where
    they are updated.
    """
    return (*STATES, *_KEPT, *(_CHANGED if Intent.UPDATE in beside else ()))


def look_at_booking(read: Exchange) -> Step:
    """A read of the new booking after both."""
    return Operation(
        lambda state: (state, _seen(read, state.booked, IN_BOOKING, _ALL) if state.booked else []),
        began=1,
        ended=1,
    )


def _answered(exchange: Exchange, done: Payload, after: Exchange, where: str) -> list[Difference]:
    found = _states(exchange.payload, done) if exchange.payload is not None else ()
    is_late = after.payload is not None and not any(_states(exchange.payload or {}, after.payload))
    return [] if is_late else _placed(where, found)


def _states(one: Payload, other: Payload) -> Iterator[Difference]:
    return differences([name for name in STATES if name in one and name in other], one, other, telling=TELLING)


def _seen(read: Exchange, expected: Payload | None, where: str, names: Sequence[str]) -> list[Difference]:
    view = read.payload
    if expected is None:
        told = f"{read.fact} when the deleted appointment is read, not 404"
        return [] if was_refused(read) else [Difference("status", "read", str(read.status), "404", told)]
    if view is None:
        whose = "appointment" if where == READ_BACK else "new booking"
        return [*unread(read, f"{read.fact} when the {whose} is read, not 200").differences]
    return _placed(where, _changes(view, expected, names))


def _placed(where: str, found: Iterable[Difference]) -> list[Difference]:
    return [replace(one, told=f"{where}, {one}") for one in found]


def _changes(view: Payload, expected: Payload, names: Sequence[str]) -> Iterator[Difference]:
    shared = [name for name in names if name in view and name in expected]
    yield from differences(shared, view, expected, telling=TELLING, found_later=FOUND_LATER | {"created_by_id"})
    if received(view) != received(expected):
        yield from payments_differ(view, expected)
    if _owed(view) != _owed(expected):
        yield from expense_differs(view, expected)


def received(view: Payload) -> list[str]:
    """The rows of money without their ids: a save may write them anew."""
    return sorted(f"{row.get('amount')} {row.get('payment_kind')}" for row in _rows(view))


def _owed(view: Payload) -> object:
    expense = view.get("expense")
    return expense.get("status") if isinstance(expense, dict) else None


def _rows(view: Payload) -> Iterable[Payload]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows := view.get("payments"), list) else []


def _ids(view: Payload) -> set[int]:
    return {row["id"] for row in _rows(view) if isinstance(row.get("id"), int)}


def sent_by(exchange: Exchange) -> Payload:
    """Return the fields that a writer sends."""
    sent, _ = parse_json(exchange.case.body or b"{}")
    return sent if isinstance(sent, dict) else {}


def _status(exchange: Exchange, wanted: str, whose: str = "of the cancel") -> Difference:
    told = f"the status {whose} is {exchange.status}, not {wanted}"
    return Difference("status", "status", str(exchange.status), wanted, told)


def what_came(episode: Episode, writer: Intent, *, with_answer: bool = True) -> tuple[object, ...]:
    """What came of a cancel beside a writer, its answer included, without what differs between appointments."""
    before, after = (episode.payload(role) or {} for role in (Role.BEFORE, Role.AFTER))
    beside = next((one for one in episode.all(Role.BESIDE) if with_answer and one.case.intent is writer), None)
    seen = episode.one(Role.OTHER_AFTER) if writer is Intent.CREATE else None
    views = [episode.one(Role.CANCEL), beside, episode.one(Role.AFTER), seen]
    words = [(one.status, *((one.payload or {}).get(name) for name in STATES)) if one else None for one in views]
    made = (beside and beside.payload) or {}
    shared = made.get("id") == before.get("id"), bool(_ids(made) & _ids(before))
    booked = _unlike((seen and seen.payload) or {}, made, _ALL)
    names = [name for name in fields({writer}) if name not in STATES]
    return words, _unlike(after, before, names), shared, received(after), _owed(after), booked


def _unlike(view: Payload, other: Payload, names: Iterable[str]) -> list[str]:
    """Return which fields have other values in one view than in another, of those that both show."""
    return [name for name in names if name in view and name in other and not same_in(name, view, other)]
