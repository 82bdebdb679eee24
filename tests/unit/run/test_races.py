"""Races with other writers: what they cost, what they leave, and what they do where an operation is not there."""

import json
from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest

from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.ledger.row import Verdict
from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.context import Context
from cancel_contract.run.run import Run
from tests.unit.run.conftest import Memory, Named, Opened

CLAUSES = ("effect/other-writer", "effect/slot-race", "effect/deleted", "repeat/two-members")
MADE = 2
"""Appointments that are created where nothing is learned."""
OPENING = 4
"""Reads that open the connections, where no burst has done so."""
MOST_REQUESTS = 17


def _play(run: Run, named: Named) -> dict[str, Verdict]:
    """Play the races to the end; returns the verdicts of their clauses."""
    for scenario in named("repeat/beside"):
        run.play(scenario)
    run.finish()
    assert run.ledger.suite_failures == []
    return {name: run.ledger.rows[name].verdict for name in CLAUSES}


def test_an_honest_target_costs_little_and_is_left_clean(make_run: Opened, memory: Memory, named: Named) -> None:
    """All clauses hold, with some fourteen requests and two appointments, and what was deleted is not missed."""
    with make_run() as run:
        run.context.fresh()
        before = run.budget.requests
        for scenario in named("repeat/beside"):
            run.play(scenario)
        assert run.budget.requests - before <= MOST_REQUESTS + OPENING
        assert run.budget.appointments - 1 == MADE
        assert {run.ledger.rows[name].verdict for name in CLAUSES} == {Verdict.HELD}
        run.finish()
        assert run.supply.active == ()

    assert memory.provider.audit.active("cancel-contract") == ()
    assert memory.provider.audit.named == 0


@pytest.mark.parametrize("is_fixed", [False, True], ids=["prices may change", "prices are fixed"])
def test_a_price_comes_with_the_status_where_prices_may_change(
    make_run: Opened, memory: Memory, named: Named, *, is_fixed: bool
) -> None:
    """Where the first update was refused, the second one leaves out what may be why, and is done."""
    sent: list[tuple[dict[str, object], int]] = []

    def fixed(request: Request, response: httpx.Response) -> httpx.Response:
        if request.method != "PATCH":
            return response
        body = json.loads(request.body)
        refused = is_fixed and "service_amount" in body
        sent.append((body, 422 if refused else response.status_code))
        return httpx.Response(422, json={"error": "the price is fixed"}) if refused else response

    memory.after = fixed
    with make_run() as run:
        _play(run, named)

    (body, status), *_ = [it for it in sent if it[0].get("status") == "confirmed"]
    assert ("service_amount" in body, status) == (not is_fixed, 200)


@pytest.mark.parametrize(("times", "verdict"), [(1, Verdict.HELD), (9, Verdict.UNTESTED)], ids=["once", "each time"])
def test_a_race_whose_other_writer_a_gateway_answered_begins_again(
    make_run: Opened, memory: Memory, named: Named, times: int, verdict: Verdict
) -> None:
    """On another appointment, twice at most: what became of the update nobody knows."""
    left = [times]

    def gone(request: Request, response: httpx.Response) -> httpx.Response:
        if request.method == "PATCH" and left[0]:
            left[0] -= 1
            return httpx.Response(504)
        return response

    memory.after = gone
    with make_run() as run:
        verdicts = _play(run, named)
        incidents = [one.handling for one in run.connection.gateway.incidents]

    assert set(verdicts.values()) <= {Verdict.HELD, verdict}
    assert verdicts["effect/slot-race"] is verdict
    assert incidents[0] == "the scenario started again on other appointments"
    assert memory.provider.audit.active("cancel-contract") == ()


@pytest.mark.parametrize("is_done", [True, False], ids=["done", "not done"])
def test_a_race_whose_other_writer_waited_too_long_begins_again(
    make_run: Opened,
    memory: Memory,
    named: Named,
    is_done: bool,  # noqa: FBT001  a parameter
) -> None:
    """A 408 does not tell whether the update was done, and no clause is broken by either."""
    asked = list[str]()

    def late(request: Request) -> bool:
        asked.append(request.method)
        return request.method == "PATCH" and asked.count("PATCH") == 1

    if is_done:
        memory.after = lambda request, response: httpx.Response(408) if late(request) else response
    else:
        memory.before = lambda request: httpx.Response(408) if late(request) else request
    with make_run() as run:
        assert set(_play(run, named).values()) == {Verdict.HELD}


@pytest.mark.parametrize(
    ("variant", "absent"),
    [
        ("update-absent", {"effect/other-writer"}),
        ("update-not-implemented", {"effect/other-writer"}),
        ("deletion-absent", {"effect/deleted"}),
        ("changes-not-allowed", {"effect/other-writer", "effect/deleted"}),
        ("never-revived", set()),
    ],
)
def test_what_is_not_there_is_not_tested(
    make_run: Opened, memory: Memory, named: Named, variant: str, absent: set[str]
) -> None:
    """A clause about an operation that a target lacks does not apply; the others are held."""
    memory.provider.switch(variants=[variant])

    with make_run() as run:
        verdicts = _play(run, named)
        assert run.supply.active == ()

    assert {name for name, verdict in verdicts.items() if verdict is Verdict.NOT_APPLICABLE} == absent
    assert {verdict for name, verdict in verdicts.items() if name not in absent} == {Verdict.HELD}


@pytest.mark.parametrize("variant", ["deletion-marked", "deletion-marked-keyless"])
def test_what_was_deleted_and_is_still_shown_is_not_deleted_again(
    make_run: Opened, memory: Memory, named: Named, variant: str
) -> None:
    """The first race has told all: a second one would begin with what is deleted."""
    memory.provider.switch(variants=[variant])
    with make_run() as run:
        verdicts = _play(run, named)

    assert set(verdicts.values()) == {Verdict.HELD}


def test_what_is_revived_under_another_id_is_cancelled_in_the_end(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Though it bears none of the references, and the one that was asked for had been moved."""
    memory.provider.switch(variants=["revived-as-another"])
    with make_run() as run:
        for scenario in named("effect/no_show-paid-longest"):
            run.play(scenario)
        run.finish()
        store = memory.provider.store
        mine = [row for row in store.appointments.values() if row.id >= store.first_id]

    assert [row.id for row in mine if row.external_ref is None] != []
    assert [row.id for row in mine if not row.cancelled] == []


def test_a_writer_that_fails_beside_a_cancel_is_told_as_the_reason(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """What the update did nobody knows, so that nothing is known of the cancel beside it."""
    failed = httpx.Response(500, json={"error": "Internal Server Error"})
    memory.before = lambda request: failed if request.method == "PATCH" else request

    with make_run() as run:
        assert _play(run, named)["effect/other-writer"] is Verdict.UNTESTED
        (row,) = (row for row in run.ledger.finished(lambda _: False) if row.clause.id == "effect/other-writer")

    assert row.reason.endswith("beside a cancel failed (status is 500), which tells nothing of the cancel")
    assert row.reason.startswith("an update of ")


def test_without_a_second_member_the_booking_is_raced_for_all_the_same(make_run: Opened, named: Named) -> None:
    """Only the clause about two members stays untested."""
    with make_run(second_api_token=None) as run:
        verdicts = _play(run, named)

    assert [name for name, verdict in verdicts.items() if verdict is not Verdict.HELD] == ["repeat/two-members"]
    assert verdicts["repeat/two-members"] is Verdict.UNTESTED


def test_members_who_both_lose_to_the_update_meet_again(make_run: Opened, memory: Memory, named: Named) -> None:
    """Where versions are compared, the update may win over both cancels: that two members agree is still to be seen."""
    lost = iter(range(2))

    def update_wins(request: Request) -> Request | httpx.Response:
        cancels = request.path.endswith("/cancel") and request.method == "POST"
        conflict = {"error": "changed meanwhile", "code": "CONFLICT"}
        return httpx.Response(409, json=conflict) if cancels and next(lost, None) is not None else request

    memory.before = update_wins
    with make_run() as run:
        verdicts = _play(run, named)

    assert set(verdicts.values()) == {Verdict.HELD}
    assert memory.provider.audit.active("cancel-contract") == ()


def test_provided_appointments_are_neither_changed_nor_deleted(make_run: Opened, memory: Memory, named: Named) -> None:
    """What cannot be undone is not done to them; the reason says what to set."""
    given = SEED.paid_expense_appointment_ids[1:4]

    with make_run(resource_id=None, appointment_ids=given) as run:
        _play(run, named)
        excuses = set(run.ledger.excuses.values())

    assert {request.method for request in memory.asked} <= {"GET"}
    (excuse,) = excuses
    assert excuse == (
        "the appointments of ONELINK_APPOINTMENT_IDS are not changed and not deleted: "
        "set ONELINK_RESOURCE_ID instead, so that the run creates its own"
    )


@pytest.mark.parametrize("cancel_first", [True, False])
def test_an_order_that_is_unusual_is_learned_and_no_breach(
    make_run: Opened, memory: Memory, named: Named, monkeypatch: pytest.MonkeyPatch, *, cancel_first: bool
) -> None:
    """A target may derive the payment status of what is revived again, and delete what is active: the order in which
    the race has ended is played, the other one only before it.
    """

    def one_by_one(context: Context, cases: Sequence[Case], behind: int = 0) -> tuple[Exchange, ...]:
        # The cancels are the last ones, and nobody is behind who waits for the other.
        del behind
        order = cases[::-1] if cancel_first else cases
        answers = [context.send(case) for case in order]
        return tuple(answers[::-1] if cancel_first else answers)

    def deleting(request: Request) -> Request:
        row = memory.provider.store.appointments.get(int(request.path.rpartition("/")[2] if _deletes(request) else 0))
        if row is not None and not row.cancelled:
            memory.provider.store.put(replace(row, status="cancelled"))
        return request

    memory.provider.switch(variants=["revived-anew"])
    memory.before = deleting
    monkeypatch.setattr(Context, "together", one_by_one)
    with make_run() as run:
        verdicts = _play(run, named)
        made = run.budget.appointments

    assert set(verdicts.values()) == {Verdict.HELD}
    assert made == MADE + (1 if cancel_first else 2)


def _deletes(request: Request) -> bool:
    return request.method == "DELETE"


def test_what_refuses_its_clean_up_is_cancelled_by_an_update(make_run: Opened, memory: Memory) -> None:
    """Where a cancel is refused to the end, an update does the same."""
    with make_run() as run:
        made = run.context.fresh()
        memory.before = lambda request: (
            request if not request.path.endswith("/cancel") else Request("GET", "/none", "", (), b"")
        )
        run.finish()
        assert run.supply.active == ()

    update = next(request for request in memory.asked if request.method == "PATCH")
    assert (update.path.rpartition("/")[2], json.loads(update.body)) == (str(made.id), {"status": "cancelled"})
