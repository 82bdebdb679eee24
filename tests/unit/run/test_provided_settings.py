"""A setting that names something wrong is neither a breach nor a kept promise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.provider import SEED
from cancel_contract.run.scenarios.model import Model, Step

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

OWN = SEED.paid_expense_appointment_ids[1]
NOBODYS = "NobodysTokenJ5m2kX83w6Rr1C9"
ABSENT = 999_999


def _row(make_run: Opened, named: Named, played: str, clause: str, settings: dict[str, Any]) -> Row:
    with make_run(**settings) as run:
        assert run.play(named(played)[0]).broken == ()
        assert run.ledger.suite_failures == []
        return next(row for row in run.ledger.finished(lambda _: False) if row.clause.id == clause)


@pytest.mark.parametrize(
    ("clause", "played", "settings", "fact"),
    [
        (
            "readonly/refused", "readonly/imported", {"readonly_appointment_id": ABSENT},
            "ONELINK_READONLY_APPOINTMENT_ID names appointment 999999, and when it is read status is 404",
        ),
        (
            "readonly/untouched", "readonly/imported", {"readonly_appointment_id": OWN},
            f"ONELINK_READONLY_APPOINTMENT_ID names appointment {OWN}, which by its source was not imported",
        ),
        (
            "effect/paid-expense-kept", "effect/paid-expense", {"paid_expense_appointment_id": ABSENT},
            "ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 999999, and when it is read status is 404",
        ),
        (
            "effect/paid-expense-kept", "effect/paid-expense",
            {"paid_expense_appointment_id": SEED.readonly_appointment_id, "readonly_appointment_id": None},
            f"names appointment {SEED.readonly_appointment_id}, which was imported and cannot be cancelled",
        ),
        (
            "access/foreign-token", "access/foreign-token", {"foreign_api_token": NOBODYS},
            "FOREIGN_API_TOKEN does not open ONELINK_FOREIGN_APPOINTMENT_ID=4002 in ONELINK_FOREIGN_ACCOUNT_ID=4",
        ),
        (
            "access/foreign-token", "access/foreign-token",
            {"foreign_api_token": NOBODYS, "foreign_account_id": None, "foreign_appointment_id": None},
            "ONELINK_FOREIGN_API_TOKEN is answered as a token that nobody has",
        ),
        (
            "access/foreign-account", "access/foreign-account", {"foreign_account_id": 99},
            "does not open ONELINK_FOREIGN_APPOINTMENT_ID=4002 in ONELINK_FOREIGN_ACCOUNT_ID=99 (status is 404)",
        ),
        (
            "access/foreign-account", "access/foreign-account",
            {
                "foreign_account_id": SEED.disabled_account_id,
                "foreign_appointment_id": None,
                "disabled_account_id": None,
            },
            f"does not open ONELINK_FOREIGN_ACCOUNT_ID={SEED.disabled_account_id} (status is 401)",
        ),
        (
            "access/feature-off", "access/feature-off",
            {
                "disabled_account_id": SEED.foreign_account_id,
                "foreign_account_id": None,
                "foreign_appointment_id": None,
            },
            "ONELINK_DISABLED_ACCOUNT_ID is 4, of which the token's member is none (status is 401)",
        ),
        (
            "access/second-member", "access/second-member", {"second_api_token": NOBODYS},
            "ONELINK_SECOND_API_TOKEN does not open an appointment of the account (status is 401)",
        ),
        (
            "access/foreign-account", "access/foreign-account",
            {"foreign_account_id": 99, "foreign_api_token": None, "foreign_appointment_id": None},
            "ONELINK_FOREIGN_ACCOUNT_ID is answered as an account that is not there",
        ),
        (
            "access/foreign-appointment", "access/foreign-appointment", {"foreign_appointment_id": ABSENT},
            "does not open ONELINK_FOREIGN_APPOINTMENT_ID=999999 in ONELINK_FOREIGN_ACCOUNT_ID=4 (status is 404)",
        ),
        (
            "access/foreign-appointment", "access/foreign-appointment",
            {"foreign_appointment_id": OWN, "foreign_api_token": None},
            f"ONELINK_FOREIGN_APPOINTMENT_ID names appointment {OWN}, which the account itself has",
        ),
        (
            "access/unprivileged", "access/unprivileged", {"unprivileged_api_token": NOBODYS},
            "ONELINK_UNPRIVILEGED_API_TOKEN is answered as a token that nobody has",
        ),
    ],
)  # fmt: skip
def test_a_setting_that_is_not_what_it_says_leaves_its_clause_untested(  # noqa: PLR0913, PLR0917  two fixtures, one row
    make_run: Opened, named: Named, clause: str, played: str, settings: dict[str, Any], fact: str
) -> None:
    """Nothing is broken, nothing held, and the reason names the setting, what is wrong with it and what to do."""
    row = _row(make_run, named, played, clause, settings)

    assert row.verdict is Verdict.UNTESTED
    assert fact in row.reason
    assert ": set it to " in row.reason


@pytest.mark.parametrize(
    ("played", "settings"),
    [
        ("access/unprivileged", {"unprivileged_api_token": NOBODYS}),
        ("access/foreign-token",
         {"foreign_api_token": NOBODYS, "foreign_account_id": None, "foreign_appointment_id": None}),
    ],
    ids=["unprivileged", "foreign"],
)  # fmt: skip
def test_a_token_of_nobody_is_found_out_beside_numbers_of_requests(
    make_run: Opened, named: Named, memory: Memory, played: str, settings: dict[str, Any]
) -> None:
    """Refusals that differ by the number of their request only are the same: such a token shows nothing."""
    memory.provider.switch(variants=["errors-numbered"])

    row = _row(make_run, named, played, played, settings)

    assert row.verdict is Verdict.UNTESTED
    assert "is answered as a token that nobody has" in row.reason


def test_a_paid_expense_that_is_none_leaves_its_clause_untested(make_run: Opened, named: Named, memory: Memory) -> None:
    """An appointment whose expense is missing, or not yet paid, shows nothing of paid ones."""
    store = memory.provider.store
    paid = store.appointments[OWN].expense
    assert paid
    for expense in (None, replace(paid, status="unpaid")):
        store.put(replace(store.appointments[OWN], expense=expense))
        settings = {"paid_expense_appointment_id": OWN}
        row = _row(make_run, named, "effect/paid-expense", "effect/paid-expense-kept", settings)

        assert row.verdict is Verdict.UNTESTED
        assert f"names appointment {OWN}, which has no paid expense: set it to" in row.reason


@pytest.mark.parametrize(
    ("played", "settings"),
    [
        ("readonly/imported", {"readonly_appointment_id": OWN}),
        ("effect/paid-expense", {"paid_expense_appointment_id": SEED.readonly_appointment_id,
                                 "readonly_appointment_id": None}),
        ("access/foreign-appointment", {"foreign_appointment_id": OWN}),
        ("access/foreign-appointment", {"foreign_appointment_id": OWN, "foreign_api_token": None}),
    ],
)  # fmt: skip
def test_what_a_wrong_setting_names_is_not_cancelled(
    make_run: Opened, named: Named, memory: Memory, played: str, settings: dict[str, Any]
) -> None:
    """Somebody's appointment that was named by mistake is read at the most."""
    with make_run(**settings) as run:
        run.play(named(played)[0])

    (wrong,) = {settings[name] for name in settings if name.endswith("appointment_id")} - {None}
    assert [one.method for one in memory.asked if f"/{wrong}/cancel" in one.path] == []


def test_a_spent_paid_expense_that_stays_spent_is_not_cancelled_again(
    make_run: Opened, named: Named, memory: Memory
) -> None:
    """Where the target does not take it back, its second cancel is not judged as a first one."""
    refused = httpx.Response(403, json={"error": "no"})

    def refuse_patch(request: Request) -> Request | httpx.Response:
        return refused if request.method == "PATCH" else request

    memory.before = refuse_patch
    with make_run() as first:
        first.play(named("effect/paid-expense")[0])
    with make_run() as run:
        run.play(named("effect/paid-expense")[0])

        assert first.ledger.rows["effect/paid-expense-kept"].held > 0
        assert run.ledger.rows["effect/paid-expense-kept"].held == 0
        assert "which is cancelled and is not made scheduled again" in run.ledger.excuses["effect/paid-expense"]


def test_each_clause_tells_of_its_own_setting(make_run: Opened, named: Named) -> None:
    """Of two wrong settings in one family, a clause names the one that it needs."""
    settings = {"foreign_api_token": NOBODYS, "unprivileged_api_token": f"{NOBODYS}x"}
    with make_run(**settings) as run:
        for scenario in named("access/foreign-token", "access/unprivileged"):
            run.play(scenario)
        reasons = {row.clause.id: row.reason for row in run.ledger.finished(lambda _: False)}

    assert reasons["access/foreign-token"].startswith("ONELINK_FOREIGN_API_TOKEN")
    assert reasons["access/unprivileged"].startswith("ONELINK_UNPRIVILEGED_API_TOKEN")


@pytest.mark.parametrize(
    ("action", "setting", "clause"),
    [
        (Step.UNPRIVILEGED, "unprivileged_api_token", "access/unprivileged"),
        (Step.FOREIGN, "foreign_api_token", "access/foreign-token"),
    ],
)
def test_a_step_with_a_token_that_nobody_has_shows_nothing(
    make_run: Opened, action: Step, setting: str, clause: str
) -> None:
    """Any server refuses it; the clause is not held by that."""
    for token, held in ((NOBODYS, 0), (None, 1)):
        with make_run(**({setting: token} if token else {})) as run:
            Model(run.context).step(action, 0)

            assert run.ledger.rows[clause].held == held


def test_whether_somebody_has_a_token_is_asked_once(make_run: Opened, named: Named, memory: Memory) -> None:
    """By two reads, whoever asks for it later."""
    with make_run() as run:
        for scenario in named("access/unprivileged", "stateful/any-order"):
            assert run.play(scenario).broken == ()

    reads = [one for one in memory.asked if one.method == "GET"]
    assert sum(one.header("api_access_token") == SEED.unprivileged_token for one in reads) == 1


def test_the_other_accounts_appointment_is_read_once_for_all(make_run: Opened, named: Named, memory: Memory) -> None:
    """What its member saw after one scenario is what it was before the next."""
    with make_run() as run:
        for scenario in named("access/foreign"):
            assert run.play(scenario).broken == ()

    path = f"/accounts/{SEED.foreign_account_id}/scheduling/appointments/{SEED.foreign_appointment_id}"
    assert sum(one.path.endswith(path) for one in memory.asked) == 3
