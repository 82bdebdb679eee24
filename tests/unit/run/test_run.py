"""How scenarios are played: what is retried, and what is said of scenarios that cannot be played."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.clauses.clause import under_test
from cancel_contract.errors import Refused, Unprepared
from cancel_contract.exchange.case import Intent
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Verdict
from cancel_contract.provider.store.seed import SEED
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.share import Share
from tests.unit.run.conftest import PLAIN, code

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from cancel_contract.run.context import Context
    from tests.unit.run.conftest import Memory, Named, Opened


def test_what_broke_is_asked_again_on_fresh_appointments(make_run: Opened, memory: Memory, named: Named) -> None:
    """A scenario that broke a clause is played twice, the second time over an appointment of its own."""
    memory.provider.switch(["created-201"])
    (scenario,) = named("effect/completed-paid-other")

    with make_run() as run:
        broken = run.play(scenario).broken
        cancelled = [one.case.appointment for one in run.exchanges if one.case.intent is Intent.FIRST]
        row = run.ledger.rows["answer/status-200"]

    assert "answer/status-200" in broken
    assert len(set(cancelled)) == len(cancelled) == 2
    assert (row.held, row.broken) == (0, 2)


def test_a_clause_is_asked_again_once(make_run: Opened, memory: Memory, named: Named) -> None:
    """The next scenario that breaks the same clauses is played once only."""
    memory.provider.switch(["typed-as-html"])
    first, second = named(PLAIN, "effect/completed-paid-other")

    with make_run() as run:
        run.play(first)
        before = run.budget.requests
        assert "answer/content-type" in run.play(second).broken
        # What it has that the first had not is read once more.
        assert run.budget.requests - before == second.requests + 1


RETRIED = {
    "malformed-account-fails": ("input/malformed-ids", {"account Nabc"}),
    "foreign-body-fails": ("input/odd-bodies", {"merge-patch", "form", "multipart"}),
    "capitals-fail": ("input/path-spellings", {"id/Cancel", "id/./cancel"}),
    "past-64-bits-fails": ("input/boundary-ids", {"2^64+N", "2^63"}),
}


@pytest.mark.parametrize("fault", RETRIED)
def test_cases_beside_one_that_broke_a_clause_are_not_asked_again(
    make_run: Opened, memory: Memory, named: Named, fault: str
) -> None:
    """Of many that stand side by side those are asked a second time that broke a clause."""
    name, again = RETRIED[fault]
    memory.provider.switch([fault])
    scenario = next(one for one in named(name) if one.name == name)

    with make_run() as run:
        assert run.play(scenario).broken
        keys = Counter(one.case.key.partition("#")[2] for one in run.exchanges if under_test(one))

    assert {key for key, times in keys.items() if times > 1 and not key.startswith("supply/")} == again


def test_of_many_credentials_the_one_that_was_let_in_is_asked_again(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """The second time it takes an appointment that is made and read, the cancel, and a look."""
    memory.provider.switch(["case-ignored"])
    (scenario,) = named("access/showings")

    with make_run() as run:
        run.play(scenario)
        asked = [one.case.key.partition("#")[2] or one.case.key for one in run.exchanges][-4:]
        row = run.ledger.rows["access/token-case"]

    assert asked == ["supply/scheduled-deposit-cyrillic-30-service-contact-birth_date-comment", "read", "case", "read"]
    assert (row.held, row.broken) == (0, 2)


def test_what_shows_now_and_then_is_told_with_the_count(make_run: Opened, memory: Memory, named: Named) -> None:
    """A breach that does not show a second time is one of several, and still closes the gate."""
    cancels: list[Request] = []

    def fail_first(request: Request) -> Request | httpx.Response:
        if request.path.endswith("/cancel") and request.header("api_access_token") == SEED.member_token:
            cancels.append(request)
        return httpx.Response(500, json={"error": "busy"}) if len(cancels) == 1 and request is cancels[0] else request

    memory.before = fail_first
    (scenario,) = named(PLAIN)

    with make_run() as run:
        assert "answer/status-200" in run.play(scenario).broken
        run.finish()
        row = run.ledger.rows["answer/status-200"]

    assert (row.held, row.broken, row.verdict) == (2, 1, Verdict.BROKEN)
    assert code(run) is Exit.BROKEN


def test_without_budget_to_ask_again_the_breach_stands(make_run: Opened, memory: Memory, named: Named) -> None:
    """Where the slice that is kept does not suffice, the reason is told beside the scenario, and the run goes on."""
    memory.provider.switch(["created-201"])
    (scenario,) = named(PLAIN)

    with make_run(max_requests=7) as run:
        assert "answer/status-200" in run.play(scenario).broken

        assert not run.lost
        assert run.ledger.excuses == {
            PLAIN: "7 of 7 requests are spent: set ONELINK_MAX_REQUESTS higher",
        }


def _raising(error: Exception) -> Scenario:
    def play(_: Context) -> None:
        raise error

    return Scenario("effect/raising", play)


@pytest.mark.parametrize(
    ("error", "excuses", "suite_failures"),
    [
        (Unprepared("none left"), {"effect/raising": "none left"}, []),
        (Refused("GET / was not sent: no"), {}, ["effect/raising: GET / was not sent: no"]),
        (
            ValueError("'Ivan Petrov' is no date"),
            {},
            ["effect/raising: ValueError: '<string 4> <string 6>' is no date"],
        ),
    ],
    ids=["unprepared", "refused", "bug"],
)
def test_what_a_scenario_raises_says_nothing_about_the_contract(
    make_run: Opened, error: Exception, excuses: dict[str, str], suite_failures: list[str]
) -> None:
    """What could not be prepared is an excuse; what the suite did wrong is reported as its own fault, without data."""
    with make_run() as run:
        assert run.play(_raising(error)).broken == ()

        assert (run.ledger.excuses, run.ledger.suite_failures) == (excuses, suite_failures)
        assert not run.lost


def test_the_settings_that_a_scenario_needs_are_named(make_run: Opened, named: Named) -> None:
    """A scenario without its settings is not played."""
    (scenario,) = named("access/foreign-appointment")

    with make_run(foreign_account_id=None, foreign_appointment_id=None) as run:
        assert run.unset(scenario) == "ONELINK_FOREIGN_ACCOUNT_ID and ONELINK_FOREIGN_APPOINTMENT_ID are not set"
        assert run.play(scenario).broken == ()
        assert run.budget.requests == 0


def test_what_the_target_does_not_have_is_not_asked_for(make_run: Opened, named: Named) -> None:
    """The reason is the setting that says so; its clauses are waived, and what is unset by chance is not."""
    settings = {"foreign_account_id": "none", "foreign_api_token": "none", "foreign_appointment_id": None}
    with make_run(**settings) as run:
        reasons = {one.name: run.unset(one) for one in named("access/foreign")}
        given = run.target.settings
        rows = {row.clause.id: row for row in run.ledger.finished(given.is_missing, given.declined)}

    assert set(reasons.values()) == {
        "ONELINK_FOREIGN_ACCOUNT_ID=none: the target has no such thing",
        "ONELINK_FOREIGN_API_TOKEN=none: the target has no such thing",
    }
    assert rows["access/foreign-token"].waived_by == "ONELINK_FOREIGN_API_TOKEN"
    assert rows["access/foreign-appointment"].waived_by == ""
    assert rows["access/foreign-appointment"].reason == "ONELINK_FOREIGN_APPOINTMENT_ID is not set"


def test_a_workers_share_is_a_part_of_each_budget(make_run: Opened) -> None:
    """Two workers together spend no more than one alone."""
    with make_run(Share("abcd", 1, 2), max_requests=101, max_appointments=9, max_parallel=3) as run:
        limits = run.budget.limits

    assert (limits.requests, limits.appointments, limits.parallel, limits.rate) == (50, 4, 2, None)


@pytest.mark.parametrize(("of", "looks"), [(1, [2]), (2, [1, 1]), (4, [0, 0, 1, 1])])
def test_late_looks_are_shared_out(make_run: Opened, of: int, looks: list[int]) -> None:
    """All workers together look as often as one alone."""
    shared = []
    for number in range(of):
        with make_run(Share("abcd", number, of)) as run:
            shared.append(run.late_looks)

    assert shared == looks
