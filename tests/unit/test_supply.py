"""How appointments are made, taken, revived and cleared away."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from contracts.budget import Limits
from contracts.case import Case, Intent, cancel_path
from contracts.errors import Overspent, Unprepared
from contracts.exchange import Answer, Exchange
from contracts.mark import Mark
from contracts.shapes import FULL, PLAIN, pairwise
from contracts.supply import Held

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
        self.hidden: dict[str, Any] = {}
        self.numbered: int | None = None
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
        shown = self.rows[number] | self.hidden | ({"id": self.numbered} if self.numbered else {})
        return httpx.Response(201, json={"payload": shown})

    def listed(self, _: httpx.Request) -> httpx.Response:
        """Show all that there is."""
        return httpx.Response(200, json={"payload": [7, *self.rows.values()]})

    def read(self, _: httpx.Request, number: str) -> httpx.Response:
        """Show one."""
        row = self.rows.get(int(number))
        if row is None:
            return httpx.Response(404, json={"error": "none"})
        return httpx.Response(200, json={"payload": row | self.hidden})

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


def test_without_a_journal_nothing_is_made_or_counted(bench: Bench, shop: Shop, tmp_path: Path) -> None:
    """In a folder that cannot be written to nothing could be swept up; no appointment is spent on finding that out."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    bench.journal.folder = tmp_path / "file"

    with pytest.raises(Unprepared, match="without it nothing is made"):
        bench.supply.fresh()

    assert (bench.budget.appointments, shop.creates.called) == (0, False)


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


def test_where_nothing_is_free_it_is_not_tried_for_ever(bench: Bench, shop: Shop) -> None:
    """After three appointments in a row for which no slot was found no more are tried."""
    shop.creates.mock(return_value=httpx.Response(409))
    for _ in range(3):
        with pytest.raises(Unprepared, match="12 slots in a row"):
            bench.supply.fresh()

    with pytest.raises(Unprepared, match="36 slots in a row were taken: set ONELINK_RESOURCE_ID"):
        bench.supply.fresh()

    assert shop.creates.call_count == 36


def test_a_refused_shape_is_asked_for_otherwise(bench: Bench, shop: Shop) -> None:
    """A 422 is about the shape: what comes near to it is made instead, from then on without asking."""
    shop.first = [httpx.Response(422, json={"error": "x", "code": "INVALID_IIN"})]

    assert [bench.supply.fresh(FULL).id, bench.supply.fresh(FULL).id] == [6001, 6002]

    assert [("client_identifier" in sent(shop.creates, number)) for number in range(3)] == [True, False, False]
    assert [sent(shop.creates, number)["prepaid_amount"] for number in range(3)] == [2519] * 3
    assert bench.supply.left_out == {"confirmed-paid-cyrillic-30-birth_date-comment": "422 INVALID_IIN"}
    assert bench.budget.appointments == 2


def test_a_shape_with_nothing_in_its_place_is_left_out(bench: Bench, shop: Shop) -> None:
    """Where nothing is taken the reason is told, and the shape is not tried again."""
    shop.creates.mock(return_value=httpx.Response(422, json={"error": "x", "code": "VALIDATION_ERROR"}))
    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh(PLAIN)
    asked = shop.creates.call_count
    with pytest.raises(Unprepared) as again:
        bench.supply.fresh(PLAIN)

    assert str(caught.value) == (
        "no appointment can be made: status is 422 VALIDATION_ERROR; "
        "see what the target's log says, or set ONELINK_APPOINTMENT_IDS"
    )
    assert str(again.value) == "the target refuses appointments such as scheduled-unpaid-latin-30: 422 VALIDATION_ERROR"
    assert shop.creates.call_count == asked == 4
    assert bench.budget.appointments == 0


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
        (httpx.Response(400, json=["x"]), f"status is 400; {LOOK}"),
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
    """A target that gives null for the mark has made what was asked for: slot and name tell."""
    shop.hidden = {"external_ref": None, "idempotency_key": None}

    assert [bench.supply.fresh().id, bench.supply.fresh().id] == [6001, 6002]


STRANGER: dict[str, Any] = {"id": 12, "account_id": 1, "status": "scheduled", "client_name": "Somebody"}
"""An appointment that somebody made by hand: it bears no reference."""


@pytest.mark.parametrize("hidden", [{"external_ref": None}, {}])
def test_a_strangers_appointment_without_a_reference_is_not_taken(
    bench: Bench, shop: Shop, hidden: dict[str, Any]
) -> None:
    """A create that is answered with an earlier appointment, one without any mark, does not make it ours."""
    shop.rows[12] = STRANGER | hidden
    shop.first = [httpx.Response(200, json={"payload": shop.rows[12]})]

    with pytest.raises(Unprepared, match="no appointment can be made: status is 200"):
        bench.supply.fresh()

    assert bench.ownership.appointments == {5001, 5002}


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_strangers_id_under_our_mark_is_not_taken(bench: Bench, shop: Shop, earlier: int) -> None:
    """Where a create is answered with a stranger's id, the first time or later, a read shows whose it is."""
    shop.rows[12] = STRANGER | {"external_ref": None, "idempotency_key": None}
    made = [bench.supply.fresh().id for _ in range(earlier)]
    shop.numbered = 12

    made.append(bench.supply.fresh().id)

    assert made == [6002, 6003][: earlier + 1]
    assert bench.ownership.appointments == {5001, 5002, *made}


def test_a_row_of_the_list_is_looked_at_before_it_is_taken(bench: Bench, shop: Shop) -> None:
    """A list that shows our mark in a stranger's row does not make it ours; that something may stand is told."""
    shop.rows[12] = STRANGER | {"external_ref": None, "idempotency_key": None}
    shop.after_making = [httpx.Response(500)]
    shop.lists.mock(
        side_effect=lambda _: httpx.Response(
            200, json={"payload": [STRANGER | {"external_ref": sent(shop.creates)["external_ref"]}]}
        )
    )

    with pytest.raises(Unprepared, match="no appointment can be made: status is 500"):
        bench.supply.fresh()

    assert bench.ownership.appointments == {5001, 5002}
    assert bench.supply.unsure == (sent(shop.creates)["external_ref"],)


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

    with pytest.raises(Unprepared, match=r"IDS cannot be used \(5001: it stays cancelled\): name others"):
        bench.supply.fresh()


def test_one_that_is_not_there_is_told(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Which of the settings' appointments were of no use stands beside the remedy, with the reason."""
    bench = make_bench(appointment_ids="5002,5001")
    shop.rows = {5001: {"id": 5001, "status": "scheduled"}}
    bench.supply.fresh()

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == (
        "the 2 appointments of ONELINK_APPOINTMENT_IDS are used up (5002: status is 404): name more"
    )


def test_a_service_that_is_not_there_is_named(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """What a 404 may be about is whatever the create named."""
    bench = make_bench(service_id=31, contact_id=51)
    shop.first = [httpx.Response(404, json={"error": "x"})]

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh(next(shape for shape in pairwise() if shape.service and shape.contact))

    assert str(caught.value) == (
        "no appointment can be made: status is 404; see that ONELINK_ACCOUNT_ID, ONELINK_RESOURCE_ID, "
        "ONELINK_SERVICE_ID and ONELINK_CONTACT_ID are of this target and belong together"
    )


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
    for _ in range(5):
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
