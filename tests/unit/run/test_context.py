"""What a scenario may do: take appointments, send cases, and check that nothing changed."""

from dataclasses import replace
from threading import Barrier

import httpx
import pytest

from cancel_contract.errors import Overspent
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Kind
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.probes import probe, probe_account
from cancel_contract.run.run import Run
from cancel_contract.run.untouched import untouched
from tests.unit.run.conftest import Memory, Opened

HIGH = 2**62 + 2**40


class Meeting(Barrier):
    """Where cancels that leave together wait for each other."""

    is_called_off = False

    def abort(self) -> None:
        """Have those that wait go on at once."""
        self.is_called_off = True
        super().abort()


def _refused(run: Run, snapshot: Snapshot, name: str) -> tuple[str, Case]:
    path = ACTION.path(run.target.account, snapshot.id)
    shown = Credential(showing=name)
    return name, Case(name, Intent.REFUSED, path, credential=shown, appointment=snapshot.id)


def _again(snapshot: Snapshot, case: Case) -> Case:
    return replace(case, path=ACTION.path(3, snapshot.id), appointment=snapshot.id)


WITH_THE_BARE_ONE = 2
"""Appointments once there is a victim: the first one of a run comes with one that has as little as may be."""


def test_a_victim_is_kept_for_the_next_asker(make_run: Opened) -> None:
    """One appointment serves every question that leaves it alone."""
    with make_run() as run:
        assert run.context.victim() is run.context.victim()
        assert run.budget.appointments == WITH_THE_BARE_ONE


def test_a_spent_appointment_is_used_again(make_run: Opened) -> None:
    """Whatever was cancelled serves where no more is asked."""
    with make_run() as run:
        first = run.context.cancelled_appointment()
        assert run.context.cancelled_appointment() == first

        made = run.context.fresh().id
        run.context.cancel(made, "cancel", Intent.FIRST)

        assert run.context.cancelled_appointment() == made
        assert run.supply.active == ()


def test_a_victim_serves_as_a_spent_one_where_there_is_none(make_run: Opened) -> None:
    """No other appointment is made for it; whoever asks for a victim afterwards gets another."""
    with make_run() as run:
        victim = run.context.victim().id

        assert run.context.cancelled_appointment() == victim
        assert run.budget.appointments == WITH_THE_BARE_ONE
        assert run.context.victim().id != victim


def test_a_read_is_named_after_its_scenario(make_run: Opened) -> None:
    """Whatever breaks a clause, a read included, is seen again by playing the scenario that is named."""
    with make_run() as run:
        run.context.scenario = "effect/plain"

        assert run.context.read(run.context.cancelled_appointment()).case.key == "effect/plain#read"


def test_what_is_given_up_is_made_anew(make_run: Opened) -> None:
    """After forgetting, the next asker has appointments of its own."""
    with make_run() as run:
        victim, spent = run.context.victim().id, run.context.cancelled_appointment()
        run.context.forget()

        assert victim != run.context.victim().id
        assert spent != run.context.cancelled_appointment()


def test_a_victim_that_was_touched_is_given_up(make_run: Opened) -> None:
    """A read that shows another payload ends a victim's use; one that shows the same does not."""
    with make_run() as run:
        victim = run.context.victim()
        run.context.forget_if_touched(run.context.read(victim.id))
        assert run.context.victim() is victim

        run.context.forget_if_touched(run.context.read(run.context.cancelled_appointment()))
        assert run.context.victim() is not victim


def test_cases_that_change_nothing_share_one_look(make_run: Opened) -> None:
    """Two refusals take one read, and the victim stays."""
    with make_run() as run:
        victim = run.context.victim()
        before = run.budget.requests
        cases = [_refused(run, victim, "none"), _refused(run, victim, "wrong")]
        untouched(run.context, Kind.REFUSAL, victim, cases, _again)

        assert run.budget.requests - before == 3
        assert run.context.victim().id == victim.id
        assert run.ledger.rows["access/refused-untouched"].held == 2


def _letting_in(request: Request) -> Request:
    """Take the wrong token, and no other, for the right one."""
    token, near = request.header("api_access_token"), "TestMemberQ7f3cA91e7Bb2D4860"
    if token == near or token is None or token == "TestForeignZ4k8mP27w5Xx9L1353":
        return request
    headers = tuple(("api_access_token", near) if name == "api_access_token" else (name, value)
                    for name, value in request.headers)  # fmt: skip
    return replace(request, headers=headers)


def test_of_cases_that_changed_something_each_is_asked_alone(make_run: Opened, memory: Memory) -> None:
    """Only the case that changed something breaks the clause: each has an appointment of its own."""
    memory.before = _letting_in
    with make_run() as run:
        victim = run.context.victim()
        cases = [_refused(run, victim, "none"), _refused(run, victim, "wrong")]
        untouched(run.context, Kind.REFUSAL, victim, cases, _again)
        rows = run.ledger.rows

        assert (rows["access/no-token"].held, rows["access/no-token"].broken) == (1, 0)
        assert (rows["access/wrong-token"].held, rows["access/wrong-token"].broken) == (0, 1)
        assert run.context.victim().id != victim.id


def test_those_that_were_let_through_are_asked_before_the_others(make_run: Opened, memory: Memory) -> None:
    """Each of them by itself; the others together, as long as these change nothing."""
    memory.before = _letting_in
    with make_run() as run:
        victim = run.context.victim()
        names = ("none", "wrong", "empty", "prefix")
        before = run.budget.appointments
        untouched(run.context, Kind.REFUSAL, victim, [_refused(run, victim, name) for name in names], _again)
        sent = [one.case.key.partition("#")[2] for one in run.exchanges if one.case.intent is Intent.REFUSED]

        assert sent[4:] == ["wrong", "empty", "prefix", "none"]
        assert run.budget.appointments - before == 4


def test_those_that_are_refused_and_change_something_are_each_asked_alone(make_run: Opened, memory: Memory) -> None:
    """Where no answer tells which it was, each case has an appointment of its own."""
    memory.provider.switch(["unsigned-and-done"])
    with make_run() as run:
        victim = run.context.victim()
        names = ("none", "wrong")
        before = run.budget.appointments
        untouched(run.context, Kind.REFUSAL, victim, [_refused(run, victim, name) for name in names], _again)

        assert run.budget.appointments - before == 2
        assert run.ledger.rows["access/refused-untouched"].broken


@pytest.mark.parametrize(("status", "harmless"), [(404, True), (403, True), (200, False), (500, False)])
def test_a_high_id_is_harmless_once_it_is_absent(
    make_run: Opened, memory: Memory, status: int, *, harmless: bool
) -> None:
    """It is asked for once; an answer other than a refusal leaves it a stranger's."""
    memory.before = lambda _: httpx.Response(status, json={"error": "no"})
    with make_run() as run:
        probe(run.context, str(HIGH))
        probe(run.context, str(HIGH))

        assert (not run.context.ownership.foreign(str(HIGH))) is harmless
        assert run.budget.requests == (1 if harmless else 2)


def test_an_absent_account_is_no_absent_appointment(make_run: Opened) -> None:
    """What is learnt of an account's id holds for accounts alone."""
    with make_run() as run:
        probe_account(run.context, HIGH)

        assert not run.context.ownership.foreign_account(str(HIGH))
        assert run.context.ownership.foreign(str(HIGH)) == {HIGH}


def test_an_account_that_is_there_stays_a_strangers(make_run: Opened, memory: Memory) -> None:
    """An answer other than a refusal makes an account no harmless one."""
    with make_run() as run:
        run.context.victim()
        memory.before = lambda _: httpx.Response(200, json={"payload": {}})
        probe_account(run.context, HIGH)

        assert run.context.ownership.foreign_account(str(HIGH)) == {HIGH}


def test_cancels_at_once_do_not_wait_for_one_that_cannot_be_sent(
    make_run: Opened, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What keeps one from being sent is shown as it is, at once, and nothing else is sent."""
    monkeypatch.setattr(memory, "idle", lambda: 0)
    met = Meeting(3)
    monkeypatch.setattr("cancel_contract.run.burst.Barrier", lambda _: met)
    with make_run() as run:
        snapshot = run.context.fresh()
        case = Case("burst", Intent.REPEAT, ACTION.path(3, snapshot.id), appointment=snapshot.id)
        spent = run.budget.requests
        run.budget.limits = replace(run.budget.limits, requests=spent + run.budget.limits.kept + 1)

        with pytest.raises(Overspent):
            run.context.together([case, case, case])

        assert met.is_called_off
        assert run.budget.requests == spent + 1


@pytest.mark.parametrize(("parallel", "reads"), [(8, 3), (2, 2)])
def test_cancels_at_once_open_connections_first(
    make_run: Opened, memory: Memory, monkeypatch: pytest.MonkeyPatch, parallel: int, reads: int
) -> None:
    """Where too few connections stand open, as many reads go ahead, and no more than may be under way at once."""
    monkeypatch.setattr(memory, "idle", lambda: 0)
    with make_run(max_parallel=parallel) as run:
        made = run.context.fresh()
        case = Case("parallel", Intent.REPEAT, ACTION.path(3, made.id), appointment=made.id)
        answers = run.context.together([case, case, case])

    assert [answer.status for answer in answers] == [200] * 3
    assert [one.method for one in memory.asked[-3 - reads :]].count("GET") == reads


def test_cancels_at_once_leave_together_whatever_the_rate(make_run: Opened, memory: Memory) -> None:
    """Their turns are waited for beforehand: one after another they would be no race."""
    happened: list[str] = []

    def seen(request: Request) -> Request:
        happened.append(request.method)
        return request

    with make_run(max_rate=1) as run:
        run.budget.sleep = lambda _: happened.append("wait")
        made = run.context.fresh()
        case = Case("parallel", Intent.REPEAT, ACTION.path(3, made.id), appointment=made.id)
        memory.before = seen
        happened.clear()
        run.context.together([case, case, case])

    assert happened == ["wait"] * 3 + ["POST"] * 3


def test_keys_begin_with_the_scenario(make_run: Opened) -> None:
    """A case that is reported names the scenario that plays it again."""
    with make_run() as run:
        run.context.scenario = "effect/some"
        made = run.context.fresh()

        assert run.context.cancel(made.id, "first", Intent.FIRST).case.key == "effect/some#first"


def test_holders_without_a_token_are_known(make_run: Opened) -> None:
    """A context tells whose tokens the settings name."""
    with make_run(foreign_api_token=None) as run:
        assert [holder for holder in Holder if run.context.has(holder)] == [
            Holder.MEMBER, Holder.UNPRIVILEGED, Holder.SECOND,
        ]  # fmt: skip


def test_waiting_takes_the_budgets_time(make_run: Opened) -> None:
    """A pause is the budget's, so that tests need not wait."""
    with make_run() as run:
        run.context.wait(0.0)

        assert run.budget.requests == 0


@pytest.mark.parametrize(("losses", "status", "sent"), [(1, 401, 2), (2, None, 2)])
def test_what_changes_nothing_is_sent_once_more_where_a_connection_ends(
    make_run: Opened, memory: Memory, losses: int, status: int | None, sent: int
) -> None:
    """An idle connection may have been closed under it; a target that ends both has given no answer."""
    left = [httpx.ReadError("closed")] * losses
    with make_run() as run:
        victim = run.context.victim()
        memory.before = lambda request: left.pop() if left else request
        (exchange,) = run.context.side_by_side([_refused(run, victim, "none")[1]]).exchanges

    assert exchange
    assert exchange.status == status
    assert sum(one.case.key.endswith("#none") for one in run.exchanges) == sent
