"""The scenarios: what they need, and how they go where the target surprises them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.provider import SEED
from cancel_contract.run.play_order import OPENING
from cancel_contract.run.profiles import (
    Profile,
    new_seed,
    scenarios,
)
from cancel_contract.run.scenarios import SCENARIOS
from cancel_contract.run.scenarios.model import Model, Step
from cancel_contract.target.settings import Settings

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened


def test_names_are_unique_and_begin_with_a_family() -> None:
    """Each profile has the same hand-written scenarios, in families that the clauses have."""
    families = {clause.family for clause in CATALOGUE} | {"generated", "stateful"}

    for profile in Profile:
        names = [one.name for one in scenarios(profile, load(), 1)]
        assert len(set(names)) == len(names)
        assert {name.partition("/")[0] for name in names} <= families
        assert {one.name for one in SCENARIOS} < set(names)


@pytest.mark.parametrize("profile", Profile)
def test_the_opening_comes_first(profile: Profile) -> None:
    """Each profile begins with what shows the most for the fewest requests; then a family follows the other."""
    names = [one.name for one in scenarios(profile, load(), 1)]
    rest = [name.partition("/")[0] for name in names[len(OPENING) :]]

    assert tuple(names[: len(OPENING)]) == OPENING
    assert rest == sorted(rest, key=list(dict.fromkeys(rest)).index)


def test_what_they_need_are_settings() -> None:
    """A setting that a scenario waits for exists."""
    needed = {name for one in SCENARIOS for name in one.needs}

    assert needed <= set(Settings.model_fields)


def test_seeds_differ() -> None:
    """Each thorough run has a seed of its own."""
    assert new_seed() != new_seed()


def test_cancels_are_asked_for_as_other_callers_ask(make_run: Opened, named: Named, memory: Memory) -> None:
    """Curl, of the documentation's example, and a browser with its language and somebody's cookie, are among them."""
    with make_run() as run:
        for scenario in named("effect/"):
            run.play(scenario)

    sent = {pair for one in memory.asked if one.path.endswith("/cancel") for pair in one.headers}
    assert {name for name, value in sent if value.startswith(("curl/", "ru-RU"))} == {"user-agent", "accept-language"}
    assert ("cookie", "theme=dark") in sent


def test_a_paid_expense_that_is_spent_is_revived(make_run: Opened, named: Named, memory: Memory) -> None:
    """A second run finds the appointment cancelled, and makes it scheduled again."""
    (scenario,) = named("effect/paid-expense")
    for _ in range(2):
        with make_run() as run:
            run.play(scenario)
            row = run.ledger.rows["effect/paid-expense-kept"]

    assert row.broken == 0
    assert [one.method for one in memory.asked].count("PATCH") == 1


def test_without_the_other_accounts_token_its_appointment_is_not_read(make_run: Opened, named: Named) -> None:
    """The refusal is judged by its answer alone."""
    with make_run(foreign_api_token=None) as run:
        for scenario in named("access/foreign-account", "access/foreign-appointment"):
            assert run.play(scenario).broken == ()

        assert run.ledger.rows["access/foreign-account"].held == 2
        assert run.ledger.rows["access/foreign-appointment"].held == 2


def test_without_the_other_accounts_appointment_ones_own_is_named(
    make_run: Opened, named: Named, memory: Memory
) -> None:
    """In the foreign account an appointment of one's own is asked for."""
    with make_run(foreign_appointment_id=None) as run:
        run.play(named("access/foreign-account")[0])

        assert run.ledger.rows["access/foreign-account"].held == 2
        paths = [request.path for request in memory.asked[-2:]]
        for account in (f"{SEED.foreign_account_id}", f"{SEED.foreign_account_id}abc"):
            assert f"/api/v1/accounts/{account}/scheduling/appointments/5000/cancel" in paths


def test_a_slot_that_stays_taken_leaves_nothing_to_cancel(make_run: Opened, named: Named, memory: Memory) -> None:
    """Where the slot cannot be booked again, the clause says so, and no more is played."""
    creates: list[Request] = []

    def refuse_two(request: Request) -> Request | httpx.Response:
        if request.method == "POST" and request.path.endswith("/appointments"):
            creates.append(request)
            if len(creates) in {2, 3, 4}:
                return httpx.Response(409, json={"error": "taken", "code": "APPOINTMENT_CONFLICT"})
        return request

    memory.before = refuse_two
    with make_run() as run:
        assert "effect/slot-free" in run.play(named("effect/slot")[0]).broken


def test_whoever_has_the_slot_by_now_keeps_it(make_run: Opened, named: Named, memory: Memory) -> None:
    """A second cancel of the one that was there before is sent while the slot has a new appointment, which is read."""
    with make_run() as run:
        assert run.play(named("effect/slot")[0]).broken == ()

    asked = [(one.method, one.path.partition("/appointments/")[2]) for one in memory.asked]
    old, new = (asked.index(("POST", f"{number}/cancel")) for number in (5000, 5001))
    again = asked.index(("POST", "5000/cancel"), old + 1)
    assert old < again < asked.index(("GET", "5001"), again) < new


def test_among_parallel_cancels_one_shows_no_token(make_run: Opened, named: Named) -> None:
    """It is judged as a refusal, and the others as a burst; where few may be under way, each appointment has one."""
    with make_run() as run:
        assert run.play(named("repeat/spread")[0]).broken == ()

        assert run.ledger.rows["access/no-token"].held == 1
        assert run.ledger.rows["repeat/parallel-answers"].held == run.target.settings.max_parallel - 1
    with make_run(max_parallel=4) as run:
        assert run.play(named("repeat/spread")[0]).broken == ()

        assert run.ledger.rows["access/no-token"].held == 0
        assert run.ledger.rows["repeat/parallel-answers"].held == 4


def test_an_account_that_seems_to_be_there_is_left_alone(make_run: Opened, named: Named, memory: Memory) -> None:
    """Where a server answers for whatever account, no cancel names one that may be a stranger's."""
    high = str(2**62 + 2**40)
    memory.before = lambda request: (
        httpx.Response(200, json={"payload": {}}) if f"/accounts/{high}/" in request.path else request
    )
    with make_run() as run:
        run.play(named("input/unknown-accounts")[0])

    assert [one for one in memory.asked if high in one.path and one.method != "GET"] == []


@pytest.mark.parametrize("arrives", [True, False])
def test_a_cancel_whose_answer_is_lost_is_no_breach(make_run: Opened, memory: Memory, *, arrives: bool) -> None:
    """Where a connection ends before the answer, a read tells whether the cancel had arrived; the model follows it."""

    def lose(request: Request, response: httpx.Response) -> httpx.Response:
        if request.path.endswith("/cancel"):
            raise httpx.ReadError("reset")
        return response

    with make_run() as run:
        model = Model(run.context)
        if arrives:
            memory.after = lose
        else:
            memory.before = lambda request: httpx.ReadError("reset") if request.path.endswith("/cancel") else request
        model.step(Step.CANCEL, 0)
        model.end()
        row = run.ledger.rows["effect/any-order"]

    assert (row.held, row.broken) == (2, 0)


ODD = ("effect/confirmed-small-other", "effect/scheduled-transferred-other")
"""Whose first cancel asks for XML, and has an id with letters behind it."""


@pytest.mark.parametrize(
    ("behaviour", "clause"),
    [("unacceptable-and-done", "access/refused-untouched"), ("cast-id-unsaved", "effect/read-back")],
)
def test_an_odd_first_cancel_is_judged_by_what_it_does(
    make_run: Opened, memory: Memory, behaviour: str, clause: str
) -> None:
    """What was refused has done nothing, and what was done is the same as by any other request."""
    memory.provider.switch([behaviour])
    with make_run() as run:
        broken = {name for it in SCENARIOS if it.name.startswith(ODD) for name in run.play(it).broken}

    assert clause in broken


def test_an_odd_first_cancel_that_is_refused_is_asked_again_plainly(make_run: Opened, memory: Memory) -> None:
    """A server that refuses it keeps its promise, and the appointment is cancelled as it is meant."""
    memory.provider.switch(variants=["spring-boot"])
    with make_run() as run:
        for scenario in SCENARIOS:
            if scenario.name.startswith(ODD):
                # Its refusals of other callers have no code, which is a SHOULD.
                assert set(run.play(scenario).broken) <= {"input/error-keys"}

        assert (
            run.ledger.rows["access/refused-untouched"].held,
            run.ledger.rows["answer/status-200"].held,
        ) == (2, 2)


@pytest.mark.parametrize("variant", ["first-token-counts", "last-token-counts"])
def test_a_right_token_beside_a_wrong_one_cancels_as_any(make_run: Opened, memory: Memory, variant: str) -> None:
    """Where one of two tokens counts, the cancel is judged as a first one, and the next is made on another."""
    memory.provider.switch(variants=[variant])
    with make_run() as run:
        victim = run.context.victim().id
        assert run.context.ledger.rows["effect/status-cancelled"].held == 0
        run.play(next(it for it in SCENARIOS if it.name == "access/showings"))

        assert run.ledger.rows["effect/status-cancelled"].held == 2
        assert run.ledger.rows["access/two-tokens"].broken == 0
        assert run.context.victim().id != victim


@pytest.mark.parametrize(("status", "asks"), [(422, True), (400, True), (200, False), (500, False)])
def test_an_unknown_id_is_asked_for_once_it_was_seen_absent(
    make_run: Opened, named: Named, memory: Memory, status: int, *, asks: bool
) -> None:
    """A read that refuses the number shows it absent; where none does, the reason is told, and nothing is aborted."""
    high = str(2**62 + 2**40)
    memory.before = lambda request: (
        httpx.Response(status, json={"error": "no", "code": "NO"}) if request.path.endswith(f"/{high}") else request
    )
    with make_run() as run:
        for scenario in named("input/unknown-id", "access/foreign-appointment"):
            run.play(scenario)

    assert any(request.path.endswith(f"/{high}/cancel") for request in memory.asked) is asks
    assert run.ledger.suite_failures == []
    told = f"no read shows that there is no appointment {high}, so that it is not asked for"
    assert run.ledger.excuses == (
        {} if asks else dict.fromkeys(["input/unknown-id", "access/foreign-appointment"], told)
    )


def test_high_ids_that_seem_to_be_there_are_left_alone(make_run: Opened, named: Named, memory: Memory) -> None:
    """Where a server answers for whatever id, no cancel names one that may be a stranger's."""
    memory.before = lambda request: (
        httpx.Response(200, json={"payload": {}}) if request.path.endswith(str(2**31)) else request
    )
    with make_run() as run:
        run.play(named("input/boundary-ids")[0])

    assert [one for one in memory.asked if f"/{2**31}/cancel" in one.path] == []


def test_a_body_that_revives_is_found_out(make_run: Opened, named: Named, memory: Memory) -> None:
    """A cancel whose body sets the status back breaks the clause, and what is active is cancelled at the end."""
    memory.provider.switch(["body-assigned"])
    with make_run() as run:
        broken = run.play(named("input/assigned-fields")[0]).broken
        run.finish()

    assert "input/body-ignored" in broken
