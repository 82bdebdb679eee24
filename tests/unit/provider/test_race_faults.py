"""A fault of two writers shows as soon as they overlap: what comes of it fits neither order of the two."""

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from cancel_contract.provider import SEED, Fault, Provider, Variant
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.faults import effect_races, repeat, repeat_members
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.store.store import Clock
from cancel_contract.provider.variants.writers import WRITERS
from tests.unit.provider.conftest import Runner
from tests.unit.provider.scripts import Make

Outcome = tuple[Any, ...]
Order = tuple[int, ...]
Meetings = tuple[tuple[str, list[Request], list[Request]], ...]
Race = Callable[..., Outcome]
Orders = dict[str, dict[Order, Outcome]]

TWO_WAYS: tuple[Order, ...] = ((0, 1), (1, 0))

FAULTS = (*effect_races.FAULTS, *repeat_members.FAULTS)
FIRST = 5000
START = {"starts_at": "2031-03-03T05:00:00Z", "ends_at": "2031-03-03T05:30:00Z"}
BOOKED = {"resource_id": SEED.resource_id, "client_name": "Contract test", **START}
PAID = {
    **BOOKED,
    "service_amount": 9000,
    "prepaid_amount": 4000,
    "settlement_amount": 5000,
    "client_phone": "+7 000 0000001",
}
MEETING = ("row-lock", "optimistic-lock", "last-writer", "columns-only")
"""The variants that say what becomes of two writers."""
CANCEL_AND_DELETE = (("POST", f"appointments/{FIRST}/cancel"), ("DELETE", f"appointments/{FIRST}"))
PHONE = {"client_phone": "+7 000 0000002"}
DESK = {"client_name": "Corrected", "client_comment": "By phone", "service_amount": 9011, "prepaid_amount": 4011}
DOCUMENT = {"client_birth_date": "1990-01-01", "client_identifier": "TEST 8K", "appointment_type": "other"}


def pairs(make: Make) -> Iterator[tuple[str, list[Request], list[Request]]]:
    """Yield what is done before, and the two requests that overlap then."""
    cancel = make("POST", f"appointments/{FIRST}/cancel")
    yield "status", [], [cancel, make("PATCH", f"appointments/{FIRST}", data={"status": "confirmed"})]
    agreed = {"status": "confirmed", "service_amount": 9011}
    yield "status and price", [], [cancel, make("PATCH", f"appointments/{FIRST}", data=agreed)]
    yield "phone", [], [cancel, make("PATCH", f"appointments/{FIRST}", data=PHONE)]
    yield "desk", [], [cancel, make("PATCH", f"appointments/{FIRST}", data=DESK)]
    yield "document", [], [cancel, make("PATCH", f"appointments/{FIRST}", data=DOCUMENT)]
    yield "booking", [], [cancel, make("POST", "appointments", data=BOOKED)]
    yield "delete", [], [cancel, make("DELETE", f"appointments/{FIRST}")]
    yield "delete cancelled", [cancel], [cancel, make("DELETE", f"appointments/{FIRST}")]
    yield "members", [], [cancel, make("POST", f"appointments/{FIRST}/cancel", token=SEED.second_token)]


def outcome(
    runner: Runner,
    make: Make,
    clock: Clock,
    behaviour: Fault | Variant | None,
    before: list[Request],
    *turns: list[Request],
) -> Outcome:
    """Return what both requests are answered, by request, and what is there afterwards."""
    faults = [behaviour] if isinstance(behaviour, Fault) else []
    variants = [behaviour] if isinstance(behaviour, Variant) else []
    provider = Provider(faults, variants, strangers=0, clock=clock)

    async def play() -> Outcome:
        for request in (make("POST", "appointments", data=PAID), *before):
            await provider.answer(request)
        answers: dict[Request, Any] = {}
        for turn in turns:
            got = await asyncio.gather(*(provider.answer(request) for request in turn))
            answers.update(zip(turn, got, strict=True))
        there = [provider.store.appointments.get(number) for number in (FIRST, FIRST + 1)]
        return (
            *[(answers[it].status, _shown(answers[it].body)) for it in sorted(answers, key=_key)],
            *map(_row, there),
        )

    return runner.run(play())


def _key(request: Request) -> str:
    return f"{request.method} {request.path} {request.header('api_access_token')}"


def _shown(body: bytes) -> object:
    payload = json.loads(body).get("payload") if body else None
    return payload and {
        name: payload.get(name) for name in ("status", "payment_status", "client_phone", "expense", "payments")
    }


def _row(row: Appointment | None) -> object:
    return row and (
        row.status,
        row.payment_status,
        row.client_name,
        row.client_phone,
        row.client_comment,
        row.client_birth_date,
        row.appointment_type,
        row.expense,
        row.payments,
        row.service_amount,
        row.prepaid_amount,
        row.created_by_id,
        row.resource_id,
        row.starts_at,
    )


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAUSE", 0.0)


@pytest.fixture(scope="module")
def meetings(request_for: Make) -> Meetings:
    """Return the pairs of requests that meet."""
    return tuple(pairs(request_for))


@pytest.fixture(scope="module")
def race(runner: Runner, request_for: Make, clock: Clock) -> Race:
    """Return the way to play two requests against a provider that behaves in some way."""
    return partial(outcome, runner, request_for, clock)


@pytest.fixture(scope="module")
def orders(race: Race, meetings: Meetings) -> Orders:
    """Return by pair what comes of the honest provider's two orders, by the order."""

    def both_ways(before: list[Request], both: list[Request]) -> dict[Order, Outcome]:
        return {order: race(None, before, *([both[it]] for it in order)) for order in TWO_WAYS}

    return {name: both_ways(before, both) for name, before, both in meetings}


@pytest.mark.parametrize("arrivals", TWO_WAYS, ids=["cancel-first", "cancel-second"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_comes_of_an_overlap_fits_neither_order(
    fault: Fault, arrivals: Order, race: Race, meetings: Meetings, orders: Orders
) -> None:
    """Whichever request comes first, one of the pairs ends as in no order of the honest provider."""
    unfit = []
    for name, before, both in meetings:
        raced = race(fault, before, [both[it] for it in arrivals])
        unfit += [] if raced in orders[name].values() else [name]

    assert unfit != []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_one_after_the_other_nothing_is_wrong(fault: Fault, race: Race, meetings: Meetings, orders: Orders) -> None:
    """Without an overlap the server does as it should, so that no other clause can find the fault."""
    for name, before, both in meetings:
        for order in TWO_WAYS:
            turns = [[both[it]] for it in order]
            assert race(fault, before, *turns) == orders[name][order]


@pytest.mark.parametrize("fault", repeat.FAULTS, ids=lambda fault: fault.name)
def test_a_cancel_of_what_another_deletes_is_answered(fault: Fault, race: Race, request_for: Make) -> None:
    """However slow it is, it finds the appointment or it finds it gone; nothing breaks in the provider."""
    cancel, delete = (request_for(*of) for of in CANCEL_AND_DELETE)

    for before in ([], [cancel]):
        statuses = [it[0] for it in race(fault, before, [cancel, delete])[:2]]
        assert set(statuses) <= {200, 204, 404, 409, 410, 422, 500}


@pytest.mark.parametrize("name", ["row-lock", "last-writer"])
def test_slow_and_honest_writers_fit_an_order_in_all(name: str, race: Race, meetings: Meetings, orders: Orders) -> None:
    """Time alone changes nothing of what is compared, so that what fits no order is the fault's."""
    slow = next(it for it in WRITERS if it.name == name)
    for pair, before, both in meetings:
        assert race(slow, before, both) in orders[pair].values()


def _told(raced: Outcome) -> Outcome:
    """Return what a caller can see of an outcome: statuses, both words of each answer, the row without its money."""
    answers = [(status, shown and (shown["status"], shown["payment_status"])) for status, shown in raced[:2]]
    return (*answers, *(row and row[:4] for row in raced[2:]))


@pytest.mark.parametrize("variant", [it for it in WRITERS if it.name in MEETING], ids=lambda variant: variant.name)
@pytest.mark.parametrize("arrivals", TWO_WAYS, ids=["cancel-first", "cancel-second"])
def test_honest_writers_fit_an_order_or_refuse_one(
    variant: Variant, arrivals: Order, race: Race, meetings: Meetings, orders: Orders
) -> None:
    """Both are done in some order, or one is answered 409 and only the other is done."""
    for name, before, both in meetings:
        raced = race(variant, before, [both[it] for it in arrivals])
        fits = _told(raced) in map(_told, orders[name].values())
        if 409 in (lost := [status for status, _ in raced[:2]]):
            winner = sorted(both, key=_key)[1 - lost.index(409)]
            alone = race(None, before, [winner])[1:]
            assert raced[2:] == alone or fits
        else:
            assert fits
