"""The data of a fresh provider: documented constants, and the rows made from them.

Tokens, names and phone numbers are made up; nobody can be reached through them.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from cancel_contract.provider.api.money import settled
from cancel_contract.provider.store.records import (
    IMPORTED,
    STATUSES,
    Account,
    Appointment,
    Expense,
    Holiday,
    Resource,
    Service,
    User,
)
from cancel_contract.provider.store.store import Clock, Directory, Store

MAX_STRANGERS: Final = 3900
"""More strangers than this would reach the seeded ids."""

SLOT_MINUTES: Final = 30


@dataclass(frozen=True, slots=True)
class Seed:
    """The ids and tokens that a caller needs; the same in every provider."""

    account_id: int = 3
    foreign_account_id: int = 4
    suspended_account_id: int = 5
    disabled_account_id: int = 6
    member_token: str = field(default="TestMemberQ7f3cA91e7Bb2D4860", repr=False)
    foreign_token: str = field(default="TestForeignZ4k8mP27w5Xx9L1353", repr=False)
    unprivileged_token: str = field(default="TestViewerH6r2tV84s1Nn5J7702", repr=False)
    second_token: str = field(default="TestColleagueK5d9yM63u8Gg4T", repr=False)
    member_id: int = 101
    foreign_member_id: int = 102
    unprivileged_id: int = 103
    second_member_id: int = 104
    resource_id: int = 11
    other_resource_id: int = 12
    foreign_resource_id: int = 21
    service_id: int = 31
    foreign_service_id: int = 41
    contact_id: int = 51
    company_id: int = 61
    conversation_id: int = 71
    time_zone: str = "Asia/Almaty"
    readonly_appointment_id: int = 4001
    foreign_appointment_id: int = 4002
    paid_expense_appointment_ids: tuple[int, ...] = tuple(range(4011, 4023))


SEED: Final = Seed()
"""The one seed; each provider starts from it."""

HOLIDAY: Final = date(2030, 1, 1)
"""A day on which nobody works."""


def directory() -> Directory:
    """Make the tables that do not change."""
    here, there = SEED.account_id, SEED.foreign_account_id
    both = frozenset({here, SEED.suspended_account_id, SEED.disabled_account_id})
    return Directory(
        accounts=(
            Account(here),
            Account(there),
            Account(SEED.suspended_account_id, suspended=True),
            Account(SEED.disabled_account_id, scheduling=False),
        ),
        users=(
            User(SEED.member_id, SEED.member_token, both),
            User(SEED.foreign_member_id, SEED.foreign_token, frozenset({there})),
            User(SEED.unprivileged_id, SEED.unprivileged_token, frozenset({here}), privileged=False),
            User(SEED.second_member_id, SEED.second_token, frozenset({here})),
        ),
        resources=(
            # Open around the clock, so that a visit can be under way whenever a test runs.
            replace(_resource(SEED.resource_id, here, "Test room 1"), opens_minute=0, closes_minute=24 * 60),
            _resource(SEED.other_resource_id, here, "Test room 2"),
            _resource(SEED.foreign_resource_id, there, "Foreign room"),
        ),
        services=(
            Service(SEED.service_id, here, "Test consultation", "consultation", 30, 8000),
            Service(SEED.foreign_service_id, there, "Foreign consultation", "consultation", 30, 9000),
        ),
        contacts=frozenset({(here, SEED.contact_id)}),
        companies=frozenset({(here, SEED.company_id)}),
        conversations=frozenset({(here, SEED.conversation_id)}),
        holidays=(Holiday(1, here, HOLIDAY, "New Year"),),
    )


def seeded(strangers: int, first_id: int, seed: int, clock: Clock) -> Store:
    """Make the store of a fresh provider. Raises ValueError for more strangers than there is room for."""
    if not 0 <= strangers <= MAX_STRANGERS:
        raise ValueError(f"strangers is {strangers}; give a number from 0 to {MAX_STRANGERS}")
    now = clock().astimezone(UTC).replace(microsecond=0)
    return _of_second(strangers, first_id, seed, now).copied(clock)


@lru_cache(maxsize=8)
def _of_second(strangers: int, first_id: int, seed: int, now: datetime) -> Store:
    """Make the store that the providers of one second begin with a copy of: its rows are frozen."""
    store = Store(directory(), first_id)
    random = Random(seed)  # noqa: S311 - it makes test data, no secrets
    for number in range(1, strangers + 1):
        store.put(_stranger(store, number, random, now))
    for number in (SEED.readonly_appointment_id, SEED.foreign_appointment_id, *SEED.paid_expense_appointment_ids):
        store.put(_special(store, number, now))
    return store


def _resource(number: int, account: int, name: str) -> Resource:
    return Resource(number, account, name, SEED.time_zone, 8 * 60, 20 * 60, SLOT_MINUTES, 40)


def _slot(now: datetime, place: int, per_day: int) -> datetime:
    """Return the start of a slot at the head of an hour, so that the half hours after it stay free."""
    day = now.astimezone(ZoneInfo(SEED.time_zone)).date() + timedelta(days=1 + place // per_day)
    opens = datetime.combine(day, time(8), ZoneInfo(SEED.time_zone))
    return (opens + timedelta(hours=place % per_day)).astimezone(UTC)


def _stranger(store: Store, number: int, random: Random, now: datetime) -> Appointment:
    amount = random.choice((0, 4000, 8000, 15000))
    starts_at = _slot(now, (number - 1) // 2, 12)
    # It was booked long before anything that a run cancels.
    now -= timedelta(days=7)
    row = Appointment(
        id=number,
        account_id=SEED.account_id,
        resource_id=(SEED.resource_id, SEED.other_resource_id)[number % 2],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=SLOT_MINUTES),
        client_name=f"Клиент {number}",
        created_at=now,
        updated_at=now,
        created_by_id=SEED.member_id,
        status=random.choice([status for status in STATUSES if status != "cancelled"]),
        client_phone=f"+7 000 {number:07}",
        service_amount=amount,
        prepaid_amount=random.choice((0, amount // 2)),
        prepaid_payment_method="card",
        external_ref=f"crm-{number}",
        compensation_percent_snapshot=40,
    )
    return settled(store, row, SEED.member_id, now)


def _special(store: Store, number: int, now: datetime) -> Appointment:
    foreign = number == SEED.foreign_appointment_id
    # It was made, and changed last, before it took place: what follows changes by their time can tell.
    now -= timedelta(days=400)
    starts_at = _slot(now, number - SEED.readonly_appointment_id, 12)
    row = Appointment(
        id=number,
        account_id=SEED.foreign_account_id if foreign else SEED.account_id,
        resource_id=SEED.foreign_resource_id if foreign else SEED.resource_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=SLOT_MINUTES),
        client_name=f"Contract test {number}",
        created_at=now,
        updated_at=now,
        created_by_id=SEED.foreign_member_id if foreign else SEED.member_id,
        client_phone="+7 000 000 00 00",
        source=IMPORTED if number == SEED.readonly_appointment_id else "api",
        service_amount=5000,
        compensation_percent_snapshot=40,
    )
    return _with_paid_expense(store, row, now) if number in SEED.paid_expense_appointment_ids else row


def _with_paid_expense(store: Store, row: Appointment, now: datetime) -> Appointment:
    received = replace(row, status="completed", settlement_amount=5000, settlement_payment_method="card")
    paid = settled(store, received, SEED.member_id, now)
    expense = Expense(
        store.next_row_id(), 2000, "paid", row.resource_id, now, now, paid_at=now, paid_by_id=SEED.member_id
    )
    return replace(paid, expense=expense)
