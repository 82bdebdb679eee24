"""Appointments that are handed over, and what is left of any at the end."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.budget import Limits
from contracts.case import Case, Intent, cancel_path
from contracts.errors import Overspent, Unprepared
from contracts.exchange import Answer, Exchange
from contracts.supply import Held

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from tests.unit.conftest import Bench

BASE = "/api/v1/accounts/1/scheduling/appointments"


class Shop:
    """A server that makes, shows, lists and cancels appointments; what a test says comes first."""

    def __init__(self, router: respx.MockRouter) -> None:
        self.rows: dict[int, dict[str, Any]] = {}
        self.first: list[httpx.Response | Exception] = []
        self.after_making: list[httpx.Response | Exception] = []
        self.keyless = False
        self.calendar = httpx.Response(404)
        router.get("/api/v1/accounts/1/scheduling/calendar").mock(side_effect=lambda _: self.calendar)
        self.creates = router.post(BASE).mock(side_effect=self.create)
        self.lists = router.get(BASE).mock(side_effect=self.listed)
        self.reads = router.get(path__regex=BASE + r"/(?P<number>\d+)").mock(side_effect=self.read)
        self.patches = router.patch(path__regex=BASE + r"/(?P<number>\d+)").mock(side_effect=self.patch)
        self.cancels = router.post(path__regex=BASE + r"/(?P<number>\d+)/cancel").mock(side_effect=self.cancel)
        self.on_cancel: httpx.Response | None = None

    def create(self, request: httpx.Request) -> httpx.Response:
        """Make an appointment; the same key again shows the first, or finds its slot taken where keys are not known."""
        if self.first:
            return _given(self.first.pop(0))
        body = json.loads(request.content)
        for row in self.rows.values():
            if row["idempotency_key"] == body["idempotency_key"]:
                return httpx.Response(409) if self.keyless else httpx.Response(200, json={"payload": row})
        number = 6001 + len(self.rows)
        self.rows[number] = {"id": number, "account_id": 1, "status": "scheduled", **body}
        if self.after_making:
            return _given(self.after_making.pop(0))
        return httpx.Response(201, json={"payload": self.rows[number]})

    def listed(self, _: httpx.Request) -> httpx.Response:
        """Show all that there is."""
        return httpx.Response(200, json={"payload": [7, *self.rows.values()]})

    def read(self, _: httpx.Request, number: str) -> httpx.Response:
        """Show one."""
        row = self.rows.get(int(number))
        return httpx.Response(200, json={"payload": row}) if row else httpx.Response(404, json={"error": "none"})

    def patch(self, request: httpx.Request, number: str) -> httpx.Response:
        """Change one."""
        self.rows[int(number)] |= json.loads(request.content)
        return self.read(request, number)

    def cancel(self, request: httpx.Request, number: str) -> httpx.Response:
        """Cancel one, unless a test says otherwise."""
        if self.on_cancel:
            return self.on_cancel
        self.rows[int(number)]["status"] = "cancelled"
        return self.read(request, number)


def _given(answer: httpx.Response | Exception) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture
def shop(server: respx.MockRouter) -> Shop:
    """Give a server that works."""
    return Shop(server)


def sent(route: respx.Route, number: int = -1) -> dict[str, Any]:
    """Give the body of a request that arrived."""
    body: dict[str, Any] = json.loads(route.calls[number].request.content)
    return body


def test_given_appointments_are_taken_in_turn(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Appointments of the settings are taken one by one; none is made, and at the end there is a remedy."""
    bench = make_bench(appointment_ids="5001,5002")
    shop.rows = {number: {"id": number, "status": "scheduled"} for number in (5001, 5002)}

    assert [bench.supply.fresh().id, bench.supply.fresh().id] == [5001, 5002]
    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == "the 2 appointments of ONELINK_APPOINTMENT_IDS are used up: name more"
    assert not shop.creates.called
    assert bench.supply.standing == ()


def test_a_spent_one_is_revived(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """A given appointment that is cancelled is scheduled again by PATCH; one that is not there is passed over."""
    bench = make_bench(appointment_ids="5002,5001")
    shop.rows = {5001: {"id": 5001, "status": "cancelled"}}

    held = bench.supply.fresh()

    assert (held.id, held.is_cancelled) == (5001, False)
    assert sent(shop.patches) == {"status": "scheduled", "payment_status": "awaiting_payment"}


def test_one_that_stays_spent_is_passed_over(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Where the target does not revive, a spent appointment is of no use."""
    bench = make_bench(appointment_ids="5001")
    shop.rows = {5001: {"id": 5001, "status": "cancelled"}}
    shop.patches.mock(return_value=httpx.Response(403))

    with pytest.raises(Unprepared, match="the 1 appointments of ONELINK_APPOINTMENT_IDS are used up: name more"):
        bench.supply.fresh()


def test_without_any_source_there_is_a_remedy(make_bench: Callable[..., Bench]) -> None:
    """Without resource and ids, the settings that would help are named."""
    with pytest.raises(Unprepared) as caught:
        make_bench(resource_id=None).supply.fresh()

    assert str(caught.value) == (
        "no appointment can be had: set ONELINK_RESOURCE_ID to make them, or ONELINK_APPOINTMENT_IDS"
    )


def test_a_slot_is_booked_again(bench: Bench, shop: Shop) -> None:
    """The slot of a cancelled appointment is asked for again, and what is made in it is ours."""
    held = bench.supply.fresh()

    assert bench.supply.rebook(held).status == 201
    assert sent(shop.creates, 0)["starts_at"] == sent(shop.creates, 1)["starts_at"]
    assert bench.supply.standing == (6001, 6002)


@pytest.mark.parametrize("payload", [None, {}, {"starts_at": None}, {"starts_at": "soon"}])
def test_a_slot_that_is_not_known_is_not_booked(
    bench: Bench, exchanged: Callable[..., Exchange], payload: object
) -> None:
    """An appointment that does not say when it starts has no slot to book again."""
    with pytest.raises(Unprepared) as caught:
        bench.supply.rebook(Held(5001, exchanged(200, {"payload": payload})))

    assert str(caught.value) == "appointment 5001 does not say when it starts: its slot is not known"


def test_cleaning_leaves_nothing_standing(bench: Bench, shop: Shop) -> None:
    """What was made is cancelled and looked at; what was handed over is left alone."""
    bench.supply.fresh()
    bench.supply.cancelled(bench.supply.fresh().id)

    assert bench.supply.clean() == ()
    assert [str(call.request.url.path) for call in shop.cancels.calls] == [cancel_path(1, 6001)]
    assert {exchange.case.intent for exchange in bench.exchanges[-2:]} == {Intent.CLEAN, Intent.READ}
    path = bench.journal.path
    assert path
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert [event["appointment"] for event in events if event["event"] == "cancelled"] == [6002, 6001]


def test_what_cannot_be_cancelled_is_told(bench: Bench, shop: Shop) -> None:
    """A cancel that is refused, or that lies, leaves its appointment in the list of what still stands."""
    bench.supply.fresh()
    shop.on_cancel = httpx.Response(200, json={"payload": {"id": 6001, "status": "cancelled"}})

    assert bench.supply.clean() == (6001,)


def test_a_read_is_believed_rather_than_a_cancel(bench: Bench, shop: Shop) -> None:
    """An appointment of ours that a read shows standing stands, though its cancel was answered 200."""
    held = bench.supply.fresh()
    bench.supply.cancelled(held.id)
    assert bench.supply.standing == ()

    bench.supply.read(held.id)
    assert bench.supply.standing == (6001,)

    shop.rows[6001]["status"] = "cancelled"
    bench.supply.read(held.id)
    bench.supply.read(held.id)
    assert bench.supply.standing == ()


def test_reads_of_others_change_nothing(bench: Bench, shop: Shop) -> None:
    """What was handed over by name does not stand because it is read; an answer about another id tells nothing."""
    shop.rows = {5001: {"id": 5001, "status": "scheduled"}, 5002: {"id": 5001, "status": "cancelled"}}
    bench.supply.read(5001)
    bench.supply.read(5002)

    assert bench.supply.standing == ()


@pytest.mark.usefixtures("shop")
def test_cleaning_uses_what_is_kept(make_bench: Callable[..., Bench]) -> None:
    """When the budget is used up but for what is kept, what was made is cleared away all the same."""
    bench = make_bench(limits=Limits(10, 10, 8, None))
    held = bench.supply.fresh()
    for _ in range(6):
        bench.supply.read(held.id)
    with pytest.raises(Overspent, match="8 of 10 requests are spent, and 2 are kept for the end of the run"):
        bench.supply.read(held.id)

    assert bench.supply.clean() == ()
    assert bench.budget.requests == 10


def test_held_shows_what_was_seen() -> None:
    """An appointment without an answer has no payload, and is not known to be cancelled."""
    exchange = Exchange(1, Case("x", Intent.READ, "/"), "", (), b"", datetime.now(UTC), 0.1, Answer(404, (), b""))

    assert Held(1, exchange).payload == {}
    assert not Held(1, exchange).is_cancelled
