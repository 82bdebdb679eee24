"""What the target does by itself is not held against a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.errors import Afresh
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.supply.settling import Settling

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

REFUSED = "access/refused-untouched"
NAMES = ("access/showings", "effect/neighbour", "effect/slot", "repeat/lost", "stateful/")


class Worker:
    """A target's worker: it confirms a booking between the first look at it and the second one."""

    def __init__(self, memory: Memory) -> None:
        self.memory, self.seen = memory, dict[int, int]()

    def __call__(self, request: Request) -> Request:
        """Do its work before a request is answered."""
        appointments = self.memory.provider.store.appointments
        number = request.path.rsplit("/", 1)[-1]
        if request.method == "GET" and number.isdigit():
            self.seen[int(number)] = self.seen.get(int(number), 0) + 1
        for made, times in self.seen.items():
            row = appointments.get(made)
            if times >= 2 and row and row.status == "scheduled" and row.external_ref:
                appointments[made] = replace(row, status="confirmed")
        return request


def test_bookings_that_a_worker_confirms_raise_no_alarm(make_run: Opened, named: Named, memory: Memory) -> None:
    """An appointment that nobody touches is confirmed, too."""
    memory.before = Worker(memory)
    with make_run() as run:
        for scenario in named(*NAMES):
            run.play(scenario)
        run.finish()
    assert not [row.clause.id for row in run.ledger.rows.values() if row.broken]
    assert run.ledger.rows[REFUSED].held
    assert list(run.statistics.own_changes) == ["status"]


def test_what_a_refused_caller_has_confirmed_is_held_against_it(make_run: Opened, named: Named, memory: Memory) -> None:
    """The second appointment, which nobody touches, stays as it is."""

    def confirming(request: Request) -> Request:
        number = request.path.split("/")[-2]
        if request.method == "POST" and number.isdigit() and not dict(request.headers).get("api_access_token"):
            rows = memory.provider.store.appointments
            rows[int(number)] = replace(rows[int(number)], status="confirmed")
        return request

    memory.before = confirming
    with make_run() as run:
        for scenario in named("access/showings"):
            run.play(scenario)
        run.finish()
    broken = run.ledger.rows[REFUSED].breach
    assert broken is not None
    assert "status is 'confirmed', not 'scheduled'" in broken.message
    assert run.statistics.own_changes == {}


def test_a_new_appointment_is_left_alone_for_twice_as_long_as_one_took_to_change() -> None:
    """The looks are further and further apart."""
    settling, waits = Settling(), list[float]()
    settling.observe(10.0, waits.append, lambda: frozenset({"status"} if sum(waits) > 1 else ()))
    assert waits == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8])
    assert settling.seconds == pytest.approx(3.1)
    assert settling == Settling(settling.seconds, frozenset({"status"}), is_known=True)


def test_one_that_stays_as_it_is_is_watched_for_as_long_as_the_other_one_took() -> None:
    """Nothing is waited for afterwards."""
    settling, waits = Settling(), list[float]()
    settling.observe(1.0, waits.append, frozenset)
    assert sum(waits) == pytest.approx(1.0)
    assert settling == Settling(is_known=True)


def test_scenarios_do_not_start_again_for_ever() -> None:
    """A clock that stands still must not keep a run busy."""
    settling = Settling(5.0, frozenset({"status"}), is_known=True)
    assert [settling.may_begin_anew() for _ in range(21)] == [*[True] * 20, False]
    assert (settling.may_be_to_blame(0.0), settling.may_be_to_blame(6.0)) == (True, False)


def test_looks_at_the_end_are_excused_however_often_scenarios_have_started_again(
    make_run: Opened, memory: Memory
) -> None:
    """Nothing starts again after them; a repeat is blamed for what was filled in, unless a twin has changed alike."""
    with make_run() as run:
        context, number = run.context, run.context.fresh().id
        first = context.cancel(number, "first", Intent.FIRST)
        rows = memory.provider.store.appointments
        rows[number] = replace(rows[number], client_phone="+77000000000")
        again, after = context.cancel(number, "cancel 2", Intent.REPEAT), context.read(number)
        seen = (Kind.LATE, (Role.BEFORE, first), (Role.AFTER, after))
        repeat = (Kind.SAME, (Role.CANCEL, first), (Role.AGAIN, again))

        made, settling = run.budget.appointments, run.supply.learned.settling
        context.rule_out_own_changes(*repeat)
        assert (run.budget.appointments, settling.is_known) == (made, False)

        settling.is_known, settling.seconds, settling.fields = True, 30.0, frozenset({"client_phone"})
        assert [settling.may_begin_anew() for _ in range(21)][-1] is False
        for look in (seen, repeat):
            with pytest.raises(Afresh):
                context.rule_out_own_changes(*look)


def test_repeats_races_and_answers_start_again_where_the_target_itself_may_have_done_it(
    make_run: Opened, memory: Memory
) -> None:
    """A race is watched by nobody: another writer changes fields, too."""
    with make_run() as run:
        context, settling = run.context, run.supply.learned.settling
        before = context.fresh()
        rows = memory.provider.store.appointments
        rows[before.id] = replace(rows[before.id], company_id=61)
        cancel = context.cancel(before.id, "first", Intent.FIRST)
        rows[before.id] = replace(rows[before.id], company_id=None)
        again, after = context.cancel(before.id, "cancel 2", Intent.REPEAT), context.read(before.id)
        begun = (Role.BEFORE, before.seen)
        race = (Kind.RACE, begun, (Role.CANCEL, cancel), (Role.AFTER, replace(after, answer=cancel.answer)))

        made = run.budget.appointments
        context.rule_out_own_changes(*race)
        assert (run.budget.appointments, settling.is_known) == (made, False)

        settling.is_known, settling.seconds, settling.fields = True, 30.0, frozenset({"company_id"})
        cancelled = (Role.BEFORE, cancel)
        for seen in (
            race,
            (Kind.BODY, begun, (Role.CANCEL, cancel)),
            (Kind.REPEAT, (Role.CANCEL, cancel), (Role.AGAIN, again)),
            (Kind.MODEL, cancelled, (Role.AFTER, after)),
        ):
            with pytest.raises(Afresh):
                context.rule_out_own_changes(*seen)
