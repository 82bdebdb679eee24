"""A cancel beside another writer: an update, a booking of its slot, a deletion, a second member's cancel.

One chain of races shares two appointments: each race begins with what the read after the one before has shown.
A cancel is sent last: of those who wait for one another the last to come is the first to leave. In the second race,
and in the third, the other writer leaves a moment later.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.race_orders import NO_ROUTE, fits_no_order, is_unexplained
from cancel_contract.clauses.repeat_members import LET_IN_ALONE
from cancel_contract.clauses.writers import was_refused
from cancel_contract.errors import Unprepared
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import MEMBER, Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import FIRST_FAILURE, OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.spoken import as_step
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.colleague import SECOND, is_kept_out
from cancel_contract.run.scenarios.corrections import dearer, rewritten
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.supply.requests import deleting, updating
from cancel_contract.supply.variations import FULL, PLAIN, Variation
from cancel_contract.target.settings import variable

_STATUS: Final = {
    "status": "confirmed",
    "client_name": "Contract Test, agreed",
    "client_phone": "+7 000 222 22 22",
    "client_gender": "female",
    "client_comment": "Confirmed by contract tests beside a cancel",
}
_CLIENT: Final = {
    "client_name": "Contract Test, corrected",
    "client_phone": "+7 000 000 00 01",
    "client_gender": "male",
    "client_comment": "Written by contract tests beside a cancel",
}
"""What updates send; nobody has these numbers."""
_DELETED: Final = frozenset({200, 204})
_READS: Final = (Role.AFTER, Role.OTHER_AFTER)
_GROUP: Final = "parallel"

Step = tuple[Role, Exchange]
Alone = Callable[[Snapshot], Exchange]
"""Sends what another writer sends, when no cancel is under way."""


def _cancel(
    context: Context, appointment: int, credential: Credential = MEMBER, beside: tuple[Intent, ...] = ()
) -> Case:
    key = "cancel by a second member" if credential.holder is Holder.SECOND else "cancel"
    path = ACTION.path(context.target.account, appointment)
    return Case(key, Intent.RACED, path, credential=credential, appointment=appointment, beside=beside)


def _judge(context: Context, race: Episode, variation: Variation, *alone: Alone) -> None:
    """Judge a race as `_judged` does and, where two members took part in it, what they were answered."""
    others = race.all(Role.AGAIN)
    # Who may cancel nothing of the kind, or is not shown it, takes no part in a race.
    is_of_all = not any(map(is_kept_out, others))
    steps = tuple(step for step in race.steps if is_of_all or step[0] is not Role.AGAIN)
    if (judged := _judged(context, replace(race, steps=steps), variation, *alone)) and others:
        steps = judged[: len(steps)] if is_of_all else race.steps
        context.judge(replace(race, kind=Kind.MEMBERS, steps=steps, topic=_of_members(context, others[0])))


def _judged(context: Context, race: Episode, variation: Variation, *alone: Alone) -> tuple[Step, ...]:
    """Judge a race; if it fits no order of the usual effects, by what the target does one after another, too.

    What was read is read once more then: a copy that lags may have answered. Where nobody knows what became of the
    other writer's request nothing is judged; raises Afresh if the scenario starts again. Returns what was judged.
    """
    context.rule_out_own_changes(Kind.RACE, *race.steps)
    if left_open := [one for one in race.all(Role.BESIDE) if one.is_of_gateway]:
        context.left_open(left_open[0])
        return ()
    learned: list[Step] = []
    if any(fits_no_order(race, {one.case.intent}) for one in race.all(Role.BESIDE)):
        was_cancelled = ACTION.is_done(race.payload(Role.BEFORE))
        for cancel_first in (True, False):
            fresh = context.fresh(variation)
            if was_cancelled:
                context.send(_cancel(context, fresh.id))
                fresh = Snapshot(fresh.id, context.read(fresh.id))
            learned += _one_after_another(context, fresh, alone, cancel_first=cancel_first)
            if not is_unexplained(replace(race, steps=(*race.steps, *learned))):
                # It ended as one order does: the other one could say no more.
                break
    every = (*race.steps, *learned)
    if is_unexplained(replace(race, steps=every)):
        every = tuple((role, _later(context, role, one)) for role, one in every)
    context.judge(replace(race, steps=every))
    for one in race.all(Role.BESIDE):
        if one.status and one.status >= FIRST_FAILURE and one.status not in NO_ROUTE:
            told = f"{as_step(one.case)} beside a cancel failed ({one.fact}), which tells nothing of the cancel"
            context.ledger.excuse(context.scenario, told)
    return every


def _of_members(context: Context, second: Exchange) -> str:
    """Return whether a second member who was kept out of a race is let in alone, as the topic of cancels by two."""
    if not is_kept_out(second):
        return ""
    alone = context.cancel(second.case.appointment or 0, "second member, alone", Intent.REPEAT, credential=SECOND)
    return LET_IN_ALONE if alone.status == OK else ""


def _later(context: Context, role: Role, exchange: Exchange) -> Exchange:
    number = exchange.case.appointment
    return context.read(number) if role in _READS and number in context.ownership.appointments else exchange


def _let_go(context: Context, ours: Snapshot, writer: Exchange, after: Exchange) -> None:
    """Disown an appointment that another writer has deleted: whatever is made from here on may have its id."""
    if writer.case.intent is Intent.DELETE and writer.status in _DELETED and not after.payload:
        context.ownership.disown(ours.id)


def _one_after_another(
    context: Context, fresh: Snapshot, alone: Sequence[Alone], *, cancel_first: bool
) -> Iterator[Step]:
    def cancel(_: Snapshot) -> Exchange:
        return context.send(_cancel(context, fresh.id))

    yield Role.BEFORE, fresh.seen
    booked, others = None, list[Exchange]()
    for send in (cancel, *alone) if cancel_first else (*alone, cancel):
        one = send(fresh)
        yield Role.CANCEL if send is cancel else Role.BESIDE, one
        booked = _booked_by(one) or booked
        others.append(one)
    yield Role.AFTER, (after := context.read(fresh.id))
    for one in others:
        _let_go(context, fresh, one, after)
    if booked and booked.id in context.supply.active:
        yield Role.OTHER_AFTER, context.read(booked.id)


def _booked_by(one: Exchange) -> Snapshot | None:
    number = one.payload.get("id") if one.case.intent is Intent.CREATE and one.payload else None
    return Snapshot(number, one) if isinstance(number, int) else None


def _beside(context: Context, before: Snapshot, writer: Callable[[Snapshot], Case]) -> tuple[Exchange, Snapshot]:
    """Race a cancel with a request about the same appointment; returns that request, and the appointment after both."""
    # Of those that arrive at once either may be read first: this time the cancel is.
    other = writer(before)
    beside, cancelled = context.together([other, _cancel(context, before.id, beside=(other.intent,))], behind=1)
    after = context.read(before.id)
    _let_go(context, before, beside, after)
    steps = ((Role.BEFORE, before.seen), (Role.CANCEL, cancelled), (Role.BESIDE, beside), (Role.AFTER, after))
    _judge(context, Episode(Kind.RACE, steps), PLAIN, lambda fresh: context.send(writer(fresh)))
    is_first = before.payload.get("id") == before.id and not before.is_cancelled
    if is_first and other.intent is Intent.DELETE and cancelled.status == OK:
        # A deletion changes nothing of what a cancel shows.
        topic = str(before.payload.get("status"))
        context.submit(Kind.FIRST_CANCEL, (Role.BEFORE, before.seen), (Role.CANCEL, cancelled), topic=topic)
    return beside, Snapshot(before.id, after)


def _beside_two(context: Context, ours: Snapshot) -> tuple[Snapshot, Snapshot | None, Exchange]:
    """Race cancels by one or two members with a booking of the slot and an update of the client, which have nothing to
    do with one another; returns both appointments after that, and the update.
    """
    case, sought = context.supply.rebooking(ours)
    members = [*([SECOND] if context.has(Holder.SECOND) else []), MEMBER]
    others = [case, _of_client(context, ours)]
    beside = tuple(other.intent for other in others)
    cases = [*others, *(_cancel(context, ours.id, one, beside) for one in members)]
    booking, update, *second, cancel = context.together(cases)
    made = context.took(sought, booking)
    learned = context.supply.learned
    context.wait(max(learned.verification.lag, learned.settling.seconds) if made else 0)
    after = context.read(ours.id)
    booked = made and Snapshot(made.id, context.read(made.id))
    steps = (
        (Role.BEFORE, ours.seen),
        (Role.CANCEL, cancel),
        *((Role.AGAIN, one) for one in second),
        (Role.BESIDE, booking),
        (Role.BESIDE, update),
        (Role.AFTER, after),
        *(((Role.OTHER_AFTER, booked.seen),) if booked else ()),
    )
    _judge(
        context, Episode(Kind.RACE, steps), FULL, context.rebook,
        lambda fresh: context.send(_of_client(context, fresh)),
    )  # fmt: skip
    left = Snapshot(ours.id, after)
    if second and not any(one.status == OK for one in (cancel, *second)) and not left.is_cancelled:
        # Both have lost to the update, and the second member has not met the first.
        left = _two_members(context, left)
    return left, booked, update


def _two_members(context: Context, ours: Snapshot) -> Snapshot:
    """Race cancels by two members, with nobody beside them; returns the appointment after both."""
    both = [_cancel(context, ours.id, one) for one in (SECOND, MEMBER)]
    second, cancel = context.together(both)
    after = context.read(ours.id)
    answers = ((Role.CANCEL, cancel), (Role.AGAIN, second))
    topic = _of_members(context, second)
    context.submit(Kind.MEMBERS, (Role.BEFORE, ours.seen), *answers, (Role.AFTER, after), topic=topic)
    return Snapshot(ours.id, after)


def _of_client(context: Context, ours: Snapshot) -> Case:
    """An update of the client and of the visit, and of price and deposit, which leaves paid what is paid."""
    fields = {**rewritten(ours.payload), **_CLIENT, **dearer(ours.payload)}
    return updating(context.target.account, ours.id, "update the client", fields)


def _of_status(context: Context, ours: Snapshot, *, is_priced: bool) -> Case:
    """An update of the status and of the client, and of the price, where prices may be changed."""
    price = dearer(ours.payload, ("service_amount",)) if is_priced else {}
    return updating(context.target.account, ours.id, "update the status", {**_STATUS, **price})


def _rebooked(context: Context, ours: Snapshot) -> Snapshot | None:
    """The new booking of a slot that nobody had taken in the race."""
    booked = _booked_by(context.rebook(ours))
    return context.as_read(booked) if booked and booked.id != ours.id else None


def _active(context: Context, raced: Snapshot, update: Exchange) -> Snapshot:
    """An appointment that is active: the one that was raced for, revived if need be, or another one."""
    if raced.is_cancelled and update.status not in NO_ROUTE:
        raced = Snapshot(raced.id, context.send(updating(context.target.account, raced.id, "revive", ACTION.undo)))
    return context.fresh() if raced.is_cancelled or not raced.payload else context.as_read(raced)


def _chain(context: Context) -> None:
    _refuse_provided(context)
    account = context.target.account
    ours, booked, first = _beside_two(context, context.fresh(FULL))
    if booked is None and ours.is_cancelled:
        booked = _rebooked(context, ours)
    if booked is None or booked.is_cancelled or not booked.payload:
        booked = context.fresh()
    is_priced = not was_refused(first)
    update, raced = _beside(context, booked, lambda it: _of_status(context, it, is_priced=is_priced))
    raced = _active(context, raced, update)
    deletion, raced = _beside(context, raced, lambda it: deleting(account, it.id, "delete"))
    if raced.is_cancelled and deletion.is_refused and deletion.status not in NO_ROUTE:
        # It came before the cancel. What was deleted may still be shown, and is not deleted a second time.
        _beside(context, raced, lambda it: deleting(account, it.id, "delete a cancelled one"))


def _refuse_provided(context: Context) -> None:
    if context.target.settings.appointment_ids:
        raise Unprepared(
            f"the appointments of {variable('appointment_ids')} are not changed and not deleted: "
            f"set {variable('resource_id')} instead, so that the run creates its own"
        )


SCENARIOS: Final = (
    # After the widest burst, which opens the connections.
    Scenario("repeat/beside-writers", _chain, 2, 16, group=_GROUP),
)
"""The scenarios of races with other writers."""
