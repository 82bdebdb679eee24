"""What a doctor says of each appointment that the settings hand over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.provider import SEED
from cancel_contract.run.finding import Finding
from cancel_contract.run.preflight import examine
from cancel_contract.tools.doctor.provided import MOST_READ, looked_at
from tests.unit.run.conftest import Examined, Memory, Opened

QUESTION = "what do the settings provide?"
OWN = SEED.paid_expense_appointment_ids[1:4]
ABSENT = 999_999
OPENS = "ONELINK_FOREIGN_API_TOKEN does not open"
NONE = {
    "readonly_appointment_id": None,
    "paid_expense_appointment_id": None,
    "foreign_account_id": None,
    "foreign_appointment_id": None,
    "service_id": None,
    "contact_id": None,
}
Looked = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def looked(make_run: Opened, memory: Memory) -> Looked:
    """Examine a target as the doctor does; gives what it says beyond what a gate asks. Nothing is ever written."""

    def look(**settings: Any) -> tuple[Finding, ...]:  # noqa: ANN401 - values of any setting
        with make_run(**settings) as run:
            findings = (*examine(run.context, looked_at),)
        assert {request.method for request in memory.asked} == {"GET"}
        return findings[5:]

    return look


UNSEEN = Finding(
    QUESTION,
    "ONELINK_SERVICE_ID and ONELINK_CONTACT_ID: no read shows whether they exist; a run shows which of them the "
    "target refuses",
)


def _read(memory: Memory) -> list[tuple[str, str | None]]:
    """Return which appointments were read, each with the token that was shown."""
    reads = [one for one in memory.asked if one.path.rpartition("/")[2].isdigit()]
    return [(one.path.rpartition("/")[2], one.header("api_access_token")) for one in reads]


def test_each_is_told_and_read_once_by_the_member_who_sees_it(looked: Looked, memory: Memory) -> None:
    """The other account's by its own member alone."""
    assert looked() == (
        Finding(QUESTION, "ONELINK_READONLY_APPOINTMENT_ID names appointment 4001, which is scheduled, and imported"),
        Finding(
            QUESTION,
            "ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 4011, which is completed, with a paid expense",
        ),
        Finding(
            QUESTION,
            "ONELINK_FOREIGN_APPOINTMENT_ID names appointment 4002 of account 4, which is scheduled",
        ),
        UNSEEN,
    )
    member, foreign = SEED.member_token, SEED.foreign_token
    assert _read(memory) == [("4001", member), ("4011", member), ("4002", foreign)]


def test_where_nothing_is_handed_over_nothing_is_read(looked: Looked, memory: Memory) -> None:
    """Without provided appointments nothing is read, and nothing reported."""
    assert (looked(**NONE), _read(memory)) == ((), [])


def test_a_gate_reads_none_of_them(examined: Examined, memory: Memory) -> None:
    """A gate does not read them in its preflight; scenarios do when they need them."""
    examined()

    assert _read(memory) == []


@pytest.mark.parametrize(
    ("settings", "fact", "remedy"),
    [
        (
            {"readonly_appointment_id": ABSENT},
            "ONELINK_READONLY_APPOINTMENT_ID names appointment 999999, and when it is read status is 404",
            "set it to an imported (read-only) appointment of the account",
        ),
        (
            {"readonly_appointment_id": OWN[0]},
            f"ONELINK_READONLY_APPOINTMENT_ID names appointment {OWN[0]}, which by its source was not imported",
            "set it to an imported (read-only) appointment of the account",
        ),
        (
            {"paid_expense_appointment_id": SEED.readonly_appointment_id},
            "ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 4001, which was imported and cannot be cancelled",
            "set it to an appointment with a paid expense",
        ),
        (
            {"foreign_account_id": 4, "foreign_appointment_id": OWN[0]},
            f"{OPENS} ONELINK_FOREIGN_APPOINTMENT_ID={OWN[0]} in ONELINK_FOREIGN_ACCOUNT_ID=4 (status is 404)",
            "set it to the token of a member of the second account only, and see that both numbers are of that account",
        ),
        (
            {"foreign_account_id": 99},
            f"{OPENS} ONELINK_FOREIGN_ACCOUNT_ID=99 (status is 404)",
            "set it to the token of a member of the second account only, and see that the number is of that account",
        ),
        (
            {"foreign_account_id": 4, "foreign_appointment_id": 4002, "foreign_api_token": "NobodysTokenJ5m2kX83w6R"},
            f"{OPENS} ONELINK_FOREIGN_APPOINTMENT_ID=4002 in ONELINK_FOREIGN_ACCOUNT_ID=4 (status is 401)",
            "set it to the token of a member of the second account only",
        ),
        (
            {"foreign_account_id": 4, "foreign_appointment_id": 4002, "foreign_api_token": None},
            "ONELINK_FOREIGN_APPOINTMENT_ID names appointment 4002 of account 4, which only its own member may read",
            "set ONELINK_FOREIGN_API_TOKEN to the token of a member of the second account only",
        ),
    ],
)
def test_one_that_is_not_what_its_setting_says_is_told(
    looked: Looked, settings: dict[str, Any], fact: str, remedy: str
) -> None:
    """A gate would leave its clauses untested; only what nobody can look at is no failure yet."""
    is_unseen = settings.get("foreign_api_token", "") is None
    assert looked(**NONE | settings) == (Finding(QUESTION, fact, remedy, stops=not is_unseen),)


def test_an_appointment_without_an_expense_warns(looked: Looked, memory: Memory) -> None:
    """A target that makes none shows so when a run asks for one."""
    store = memory.provider.store
    number = next(number for number, row in store.appointments.items() if row.account_id == 3 and not row.expense)

    (finding,) = looked(**NONE | {"paid_expense_appointment_id": number})

    assert finding.fact == f"ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment {number}, which has no paid expense"
    assert (finding.remedy, finding.stops) == ("set it to an appointment with a paid expense", False)


def test_an_account_without_a_member_of_ones_own_is_not_looked_into(looked: Looked) -> None:
    """Without a member of the other account, which the settings decline, it is not looked into."""
    settings = {"foreign_account_id": 4, "foreign_appointment_id": 4002, "foreign_api_token": "none"}

    assert looked(**NONE | settings) == (
        Finding(
            QUESTION,
            "ONELINK_FOREIGN_APPOINTMENT_ID names appointment 4002 of account 4, which is not looked into: "
            "ONELINK_FOREIGN_API_TOKEN=none",
        ),
    )


def test_an_opened_account_is_told(looked: Looked) -> None:
    """Where no appointment of it is named, one look at its list shows that its member gets in."""
    assert looked(**NONE | {"foreign_account_id": 4}) == (
        Finding(QUESTION, "ONELINK_FOREIGN_ACCOUNT_ID names account 4, which ONELINK_FOREIGN_API_TOKEN opens"),
    )


def test_each_of_ones_own_is_told(looked: Looked, memory: Memory) -> None:
    """What is spent serves again, what is imported or not there does not; some that serve are enough."""
    store = memory.provider.store
    store.put(replace(store.appointments[OWN[1]], status="cancelled"))
    ids = (OWN[0], OWN[1], SEED.readonly_appointment_id, ABSENT)
    named = "ONELINK_APPOINTMENT_IDS names appointment"

    assert looked(**NONE, resource_id=None, appointment_ids=ids) == (
        Finding(QUESTION, f"{named} {OWN[0]}, which is completed"),
        Finding(QUESTION, f"{named} {OWN[1]}, which is cancelled: a run has it scheduled again, if the target does so"),
        Finding(QUESTION, f"{named} 4001, which was imported and cannot be cancelled", "name another", stops=False),
        Finding(QUESTION, f"{named} 999999, and when it is read status is 404", "name another", stops=False),
    )


def test_a_paid_expense_that_is_spent_serves_again(looked: Looked, memory: Memory) -> None:
    """A paid expense that an earlier gate used serves again."""
    store = memory.provider.store
    store.put(replace(store.appointments[4011], status="cancelled"))

    assert looked(**NONE | {"paid_expense_appointment_id": 4011}) == (
        Finding(
            QUESTION,
            "ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 4011, which is cancelled, with a paid expense: a "
            "run has it scheduled again, if the target does so",
        ),
    )


def test_where_none_of_ones_own_can_be_used_the_target_is_not_fit(looked: Looked) -> None:
    """A target without a usable appointment of one's own is not fit."""
    assert looked(**NONE, appointment_ids=(ABSENT, ABSENT + 1))[-1] == Finding(
        "can appointments be created?", "none of ONELINK_APPOINTMENT_IDS can be used", "name others"
    )


def test_of_many_only_the_first_are_read(looked: Looked, memory: Memory) -> None:
    """Of many provided appointments the first are read, and the report says that the others were not."""
    *_, last = looked(**NONE, appointment_ids=tuple(range(ABSENT, ABSENT + MOST_READ + 3)))

    assert last == Finding(QUESTION, f"3 more of ONELINK_APPOINTMENT_IDS are not read: the first {MOST_READ} are")
    assert len(_read(memory)) == MOST_READ


def test_a_status_is_told_without_what_may_be_a_persons(looked: Looked, memory: Memory) -> None:
    """A target that errs may put anything there."""
    store = memory.provider.store
    store.put(replace(store.appointments[4001], status="Anna Petrova"))

    assert [one.fact for one in looked(**NONE | {"readonly_appointment_id": 4001})] == [
        "ONELINK_READONLY_APPOINTMENT_ID names appointment 4001, which is <string 4> <string 7>, and imported"
    ]


def test_a_budget_that_ends_meanwhile_is_told_as_such(looked: Looked) -> None:
    """A budget that ends during these reads is reported as such."""
    assert looked(max_requests=5)[-1].remedy == "set ONELINK_MAX_REQUESTS higher"
