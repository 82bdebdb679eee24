"""How appointments are made, taken, revived and cleared away."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from contracts.budget import Limits
from contracts.errors import Overspent, Unprepared
from contracts.mark import Mark
from contracts.shapes import FULL, PLAIN, pairwise

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


def test_an_appointment_is_made_with_a_mark(bench: Bench, shop: Shop) -> None:
    """An appointment of ours bears a mark, is owned from then on, and stands until it is seen cancelled."""
    held = bench.supply.fresh()

    body = sent(shop.creates)
    mark = Mark.read(body["external_ref"])
    assert mark
    assert (mark.run, mark.number, body["idempotency_key"]) == ("0000000a", 1, str(mark))
    assert (held.id, held.payload["client_name"], held.is_cancelled) == (6001, "Contract Test", False)
    assert (body["resource_id"], body["duration_min"], body["client_phone"]) == (9, 30, "+7 000 000 00 00")
    start, end = (datetime.fromisoformat(body[name]) for name in ("starts_at", "ends_at"))
    assert ((end - start).total_seconds(), start.tzinfo, start > datetime.now(UTC)) == (1800, UTC, True)
    assert 6001 in bench.ownership.appointments
    assert bench.supply.standing == (6001,)
    assert bench.budget.appointments == 1


def test_the_journal_is_written_first(bench: Bench, shop: Shop) -> None:
    """When the create arrives, its mark is on disk already; its id follows when it is known."""
    seen: list[str] = []
    create = shop.create
    path = bench.journal.path
    assert path
    shop.creates.mock(side_effect=lambda request: (seen.append(path.read_text()), create(request))[1])

    bench.supply.fresh()

    assert [json.loads(line)["event"] for line in seen[0].splitlines()] == ["asked"]
    assert json.loads(seen[0])["mark"] == sent(shop.creates)["external_ref"]
    assert json.loads(path.read_text().splitlines()[1])["appointment"] == 6001


def test_slots_come_from_the_calendar(bench: Bench, shop: Shop) -> None:
    """A free slot of the calendar is where the appointment goes."""
    slot = {"resource_id": 9, "starts_at": "2031-01-01T10:00:00+05:00", "ends_at": "2031-01-01T10:30:00+05:00"}
    shop.calendar = httpx.Response(200, json={"payload": {"slots": [slot]}})

    bench.supply.fresh()

    assert (sent(shop.creates)["starts_at"], sent(shop.creates)["ends_at"]) == (
        "2031-01-01T05:00:00Z",
        "2031-01-01T05:30:00Z",
    )


def test_a_taken_slot_moves_on(bench: Bench, shop: Shop) -> None:
    """A 409 means: try further on, with another mark; what was not made is not counted."""
    shop.first = [httpx.Response(409, json={"code": "SLOT_CONFLICT"}), httpx.Response(409)]

    assert bench.supply.fresh().id == 6001
    assert len({sent(shop.creates, number)["starts_at"] for number in range(3)}) == 3
    assert len({sent(shop.creates, number)["external_ref"] for number in range(3)}) == 3
    assert bench.budget.appointments == 1
    assert not shop.lists.called


def test_too_many_taken_slots_end_it(bench: Bench, shop: Shop) -> None:
    """Where slot after slot is taken, it is given up with a remedy."""
    shop.creates.mock(return_value=httpx.Response(409))

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == ("12 slots in a row were taken: set ONELINK_RESOURCE_ID to one with free working hours")


def test_a_refused_shape_is_left_out(bench: Bench, shop: Shop) -> None:
    """A 422 is about the shape: it is not tried again, others are."""
    shop.first = [httpx.Response(422, json={"error": "x", "code": "INVALID_IIN"})]
    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh(FULL)
    with pytest.raises(Unprepared) as again:
        bench.supply.fresh(FULL)

    assert str(caught.value) == (
        "no appointment can be made: status is 422 INVALID_IIN; "
        "see what the target's log says, or set ONELINK_APPOINTMENT_IDS"
    )
    assert str(again.value) == (
        "the target refuses appointments such as confirmed-paid-cyrillic-30-birth_date-comment: 422 INVALID_IIN"
    )
    assert bench.supply.left_out == {"confirmed-paid-cyrillic-30-birth_date-comment": "422 INVALID_IIN"}
    assert bench.supply.fresh(PLAIN).id == 6001


LOOK = "see what the target's log says, or set ONELINK_APPOINTMENT_IDS"
TOKEN = "set it to the token of a member who may cancel, from the profile page"
NAME = "the member may not make appointments; name one who may, or set ONELINK_APPOINTMENT_IDS"
BELONG = "see that ONELINK_ACCOUNT_ID and ONELINK_RESOURCE_ID are of this target and belong together"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(401, json={"error": "x"}), f"status is 401; ONELINK_API_TOKEN is not taken here; {TOKEN}"),
        (httpx.Response(403, json={"code": "FEATURE_DISABLED"}), f"status is 403 FEATURE_DISABLED; {NAME}"),
        (httpx.Response(404, html="<p>"), f"status is 404; {BELONG}"),
        (httpx.Response(500), f"status is 500; {LOOK}"),
        (httpx.Response(200, html="<p>Welcome"), f"status is 200; {LOOK}"),
        (httpx.Response(422, json=["x"]), f"status is 422; {LOOK}"),
    ],
)
def test_other_answers_are_the_reason(bench: Bench, shop: Shop, answer: httpx.Response, told: str) -> None:
    """Where no appointment can be made, answer and remedy are told, and it is no breach."""
    shop.first = [answer]

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == f"no appointment can be made: {told}"
    assert (bench.supply.standing, bench.supply.unsure) == ((), ())


@pytest.mark.parametrize(
    "payload",
    [
        {"id": 12, "external_ref": "somebody-elses"},
        {"id": 12, "account_id": 2},
        {"id": 5001},
        {"id": True},
        {"id": "12"},
        {"id": -12},
        {},
    ],
)
def test_strange_answers_make_nothing_ours(bench: Bench, shop: Shop, payload: dict[str, Any]) -> None:
    """An answer that shows somebody else's appointment, or none, does not make it ours."""
    shop.first = [httpx.Response(201, json={"payload": payload})]

    with pytest.raises(Unprepared, match="no appointment can be made: status is 201"):
        bench.supply.fresh()

    assert bench.ownership.appointments == {5001, 5002}


def test_who_sees_no_marks_has_appointments_all_the_same(bench: Bench, shop: Shop) -> None:
    """A target that gives null for the mark has made what was asked for."""
    shop.first = [httpx.Response(201, json={"payload": {"id": 7001, "external_ref": None, "account_id": 1}})]

    assert bench.supply.fresh().id == 7001


@pytest.mark.parametrize("trouble", [httpcore.ReadTimeout("slow"), httpcore.ReadError("reset")])
def test_a_lost_create_is_sent_again_with_its_key(bench: Bench, shop: Shop, trouble: Exception) -> None:
    """A create whose answer was lost is sent again with the same key, and shows what the first one made."""
    shop.after_making = [trouble]

    assert bench.supply.fresh().id == 6001
    assert sent(shop.creates, 0) == sent(shop.creates, 1)
    assert list(shop.rows) == [6001]
    assert bench.budget.appointments == 1


def test_a_lost_create_without_keys_is_found_in_the_list(bench: Bench, shop: Shop) -> None:
    """Where the target knows no keys, the second create finds the slot taken by the first: the list shows it."""
    shop.after_making = [httpcore.ReadError("reset")]
    shop.keyless = True

    assert bench.supply.fresh().id == 6001
    assert bench.supply.standing == (6001,)
    assert dict(shop.lists.calls.last.request.url.params) == {
        "from": sent(shop.creates)["starts_at"],
        "to": sent(shop.creates)["ends_at"],
        "resource_ids": "9",
    }


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(201, html="<p>"), httpx.Response(201)])
def test_a_create_that_answers_badly_is_found_too(bench: Bench, shop: Shop, answer: httpx.Response) -> None:
    """What was made although the answer does not tell is found by its mark, so that it is cleared away."""
    shop.after_making = [answer]

    assert bench.supply.fresh().id == 6001
    assert bench.supply.clean() == ()
    assert shop.rows[6001]["status"] == "cancelled"


def test_a_create_that_made_nothing_moves_on(bench: Bench, shop: Shop) -> None:
    """Where the list does not show what was lost, nothing was made, and the next slot is tried."""
    shop.first = [httpcore.ReadError("reset"), httpx.Response(409)]

    assert bench.supply.fresh().id == 6001
    assert shop.lists.call_count == 1
    assert bench.supply.unsure == ()


def test_what_may_stand_is_told(bench: Bench, shop: Shop) -> None:
    """Where neither create nor list answer in a way that tells, the mark is told."""
    shop.creates.mock(side_effect=httpcore.ReadError("reset"))
    shop.lists.mock(return_value=httpx.Response(500))

    with pytest.raises(Unprepared, match=r"no appointment can be made: no answer came \(lost: reset\)"):
        bench.supply.fresh()

    assert (shop.creates.call_count, bench.budget.appointments) == (3, 1)
    assert bench.supply.unsure == (sent(shop.creates)["external_ref"],)


def test_budgets_end_the_making(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Past the budget nothing is asked for."""
    bench = make_bench(limits=Limits(100, 1, 8, None))
    bench.supply.fresh()

    with pytest.raises(Overspent, match="1 of 1 appointments are spent: set ONELINK_MAX_APPOINTMENTS higher"):
        bench.supply.fresh()

    assert shop.creates.call_count == 1


def test_every_shape_may_be_made(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Every shape passes the guard and arrives with the fields that make it up."""
    bench = make_bench(service_id=3, contact_id=4)
    for shape in (PLAIN, FULL, *pairwise()):
        bench.supply.fresh(shape)
        body = sent(shop.creates)
        assert body["status"] == shape.status
        assert ("service_id" in body, "contact_id" in body) == (shape.service, shape.contact)
        assert (
            "test" in body["client_name"].lower()
            or "Проверка" in body["client_name"]
            or "テスト" in body["client_name"]
        )
    assert len({str(shape) for shape in pairwise()}) == len(pairwise())
