"""What is sent before a first cancel, beside its repeats, and after it: corrections, a colleague's looks, lists."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from cancel_contract.ledger.row import Verdict
from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.run import Run
from tests.unit.run.conftest import Memory, Named, Opened

CORRECTED = "effect/no_show-paid-longest"
SHARED = "effect/scheduled-free-latin"
WATCHED = "effect/completed-paid-other"
NEIGHBOUR = "effect/neighbour"
SPREAD = "repeat/spread"
SLOT = "effect/slot-free"

_NAMED = (
    "appointment_type", "client_comment", "client_identifier", "client_name", "prepaid_amount",
    "service_amount",
)  # fmt: skip
"""What is corrected of an appointment that stays where it is."""
Playing = Callable[..., Run]


@pytest.fixture
def playing(make_run: Opened, named: Named) -> Iterator[Playing]:
    """Play scenarios by the beginnings of their names; the run stays open for the test."""
    opened: list[Any] = []

    def play(*names: str, **settings: Any) -> Run:  # noqa: ANN401 - values of any setting
        opened.append(context := make_run(**settings))
        run = context.__enter__()
        for scenario in named(*names):
            run.play(scenario)
        return run

    yield play
    for context in opened:
        context.__exit__(None, None, None)


def _sent(memory: Memory, method: str, path_end: str = "") -> list[dict[str, Any]]:
    asked = [it for it in memory.asked if it.method == method and it.path.endswith(path_end)]
    return [json.loads(it.body or b"{}") for it in asked]


def _broken(run: Run) -> set[str]:
    return {row.clause.id for row in run.ledger.finished(lambda _: False) if row.verdict is Verdict.BROKEN}


def _refusing(memory: Memory, method: str) -> None:
    refused = httpx.Response(405, json={"error": "No such operation", "code": "NO"})
    memory.before = lambda request: refused if request.method == method else request


def test_an_appointment_is_corrected_before_its_cancel(playing: Playing, memory: Memory) -> None:
    """One request moves it, and changes what is known of client, visit and money; its cancel keeps all of it."""
    run = playing(CORRECTED)

    made, patched = _sent(memory, "POST", "/appointments")[0], _sent(memory, "PATCH")[0]
    assert sorted(patched) == sorted((*_NAMED, "ends_at", "starts_at"))
    assert patched["client_name"] == f"{made['client_name']}er"
    assert (patched["service_amount"], patched["prepaid_amount"]) == (17_777_791, 2530)
    assert _span(made, patched) == timedelta(hours=1)
    assert _broken(run) == set()


def _span(one: dict[str, Any], other: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(other["starts_at"]) - datetime.fromisoformat(one["starts_at"])


def test_the_slot_that_it_was_moved_to_is_booked_afterwards(playing: Playing, memory: Memory) -> None:
    """It is the slot of the correction that a cancel has to free, also where nothing can be revived."""
    _refusing(memory, "PATCH")
    memory.before = _moving_and_no_more(memory)
    playing(CORRECTED)

    made = _sent(memory, "POST", "/appointments")
    assert _span(*made[:2]) == timedelta(hours=1)


def _moving_and_no_more(memory: Memory) -> Callable[[Request], Request | httpx.Response]:
    def revives(request: Request) -> bool:
        return request.method == "PATCH" and b"starts_at" not in request.body

    refused = httpx.Response(422, json={"error": "No", "code": "NO"})
    assert memory.asked == []
    return lambda request: refused if revives(request) else request


@pytest.mark.parametrize("settings", [{}, {"second_api_token": None}])
def test_a_target_without_updates_is_no_breach(playing: Playing, memory: Memory, settings: dict[str, Any]) -> None:
    """It stays as it was made, and so it is cancelled."""
    _refusing(memory, "PATCH")

    assert _broken(playing(CORRECTED, **settings)) == set()


def test_where_no_calendar_shows_slots_nothing_is_moved(playing: Playing, memory: Memory) -> None:
    """Whether the time after a guessed slot is open nobody knows; name and money are corrected all the same."""
    gone = httpx.Response(404, json={"error": "none"})
    memory.before = lambda request: gone if request.path.endswith("/calendar") else request
    playing(CORRECTED)

    assert sorted(_sent(memory, "PATCH")[0]) == sorted(_NAMED)


def test_a_target_that_lets_less_be_corrected_is_asked_for_less(playing: Playing, memory: Memory) -> None:
    """Where a field may not change, and the whole request is refused for it, time, name and money are corrected."""
    refused = httpx.Response(422, json={"error": "appointment_type cannot change", "code": "VALIDATION_ERROR"})
    memory.before = _keeping_the_type(refused)
    run = playing(CORRECTED)

    first, second = _sent(memory, "PATCH")[:2]
    assert set(first) - set(second) == {"appointment_type", "client_comment", "client_identifier"}
    assert second["client_name"] == first["client_name"]
    assert _broken(run) == set()


def _keeping_the_type(refused: httpx.Response) -> Callable[[Request], Request | httpx.Response]:
    return lambda request: refused if request.method == "PATCH" and b"appointment_type" in request.body else request


def test_provided_appointments_are_not_corrected(playing: Playing, memory: Memory) -> None:
    """What was handed over is not changed."""
    playing(CORRECTED, appointment_ids=SEED.paid_expense_appointment_ids[1:2], resource_id=None)

    changed = [sent for method in ("PATCH", "PUT") for sent in _sent(memory, method)]
    assert [sent for sent in changed if "client_name" in sent or "client_phone" in sent] == []


def test_a_changed_appointment_is_cancelled_once_more(playing: Playing, memory: Memory) -> None:
    """After a PUT that was taken, the answer to one more cancel shows what was just read."""
    assert _broken(playing(CORRECTED)) == set()
    keys = [one.split("#")[1] for one in _keys(memory, playing)]
    assert "cancel, changed" in keys


def test_what_a_change_has_taken_back_is_told_of_the_change(playing: Playing, memory: Memory) -> None:
    """One more cancel would put it right again, and seem to be what is wrong."""
    store = memory.provider.store

    def reopen(request: Request, response: httpx.Response) -> httpx.Response:
        if request.method == "PUT" and response.status_code == 200:
            row = store.appointments[int(request.path.rpartition("/")[2])]
            store.put(replace(row, payment_status="paid"))
        return response

    memory.after = reopen
    run = playing(CORRECTED)

    breach = run.ledger.rows["effect/any-order"].breach
    assert breach
    told = "after a change of its telephone number, payment_status is 'paid', not 'cancelled'"
    assert breach.message == told
    assert not any(one.case.key.endswith("cancel, changed") for one in run.exchanges)


def _keys(memory: Memory, playing: Playing) -> list[str]:
    memory.asked.clear()
    return [one.case.key for one in playing(CORRECTED).exchanges if "#" in one.case.key]


def test_no_more_is_cancelled_where_nothing_was_changed(playing: Playing, memory: Memory) -> None:
    """Without a PUT there is nothing that a cancel could lose."""
    _refusing(memory, "PUT")

    assert [one for one in _keys(memory, playing) if one.endswith("cancel, changed")] == []


def test_a_colleague_repeats_a_cancel_and_is_shown_it(playing: Playing, memory: Memory) -> None:
    """The second member reads before and after the cancel, and sends the third of all; the others share a key."""
    run = playing(SHARED)

    tokens = [(it.method, it.header("api_access_token") == SEED.second_token) for it in memory.asked[-9:]]
    assert tokens == [
        ("GET", True), ("POST", False), ("GET", False), ("GET", True),
        ("POST", False), ("POST", True), ("POST", False), ("POST", False), ("GET", False),
    ]  # fmt: skip
    _, second, third, *more = [it.header("idempotency-key") for it in memory.asked[-9:] if it.method == "POST"]
    assert [second, second] == more
    assert (second is None, third) == (False, None)
    assert _broken(run) == set()


def test_without_a_second_member_one_repeats_alone(playing: Playing, memory: Memory) -> None:
    """The setting is missing: nothing is sent with another token."""
    playing(SHARED, second_api_token=None)

    assert {it.header("api_access_token") for it in memory.asked} == {SEED.member_token}


def test_a_colleague_who_is_shown_less_is_not_asked(playing: Playing, memory: Memory) -> None:
    """Another view of the same appointment cannot be compared: no cancel is sent in that member's name."""

    def answered(request: Request, response: httpx.Response) -> httpx.Response:
        if request.method == "GET" and request.header("api_access_token") == SEED.second_token:
            shown = response.json()["payload"] | {"service_amount": None}
            return httpx.Response(200, json={"payload": shown})
        return response

    memory.after = answered
    assert _broken(playing(SHARED)) == set()
    asked = [it.method for it in memory.asked if it.header("api_access_token") == SEED.second_token]
    assert asked == ["GET"]


@pytest.mark.parametrize(("status", "broken"), [(401, set()), (404, set()), (409, {"repeat/many"})])
def test_a_colleague_who_may_not_cancel_says_nothing_of_repeats(
    playing: Playing, memory: Memory, status: int, broken: set[str]
) -> None:
    """Who is kept out is another clause's matter; a conflict is an answer to a repeated cancel."""
    refused = httpx.Response(status, json={"error": "No", "code": "NO"})
    memory.before = lambda it: (
        refused if it.method == "POST" and it.header("api_access_token") == SEED.second_token else it
    )

    assert _broken(playing(SHARED)) & {"repeat/answer", "repeat/many"} == broken


def test_the_list_is_asked_before_as_it_is_afterwards(playing: Playing, memory: Memory) -> None:
    """A list that is kept for its query shows only where it was asked for before."""
    playing(WATCHED)

    lists = [it.query for it in memory.asked if it.method == "GET" and it.path.endswith("/appointments")]
    assert len(lists) == 2
    assert len({*lists}) == 1


def test_neighbours_have_no_gap_between_them(playing: Playing, memory: Memory) -> None:
    """The later one begins where the cancelled one ends, which begins where the earlier one ends."""
    playing(NEIGHBOUR)

    earlier, between, later = _sent(memory, "POST", "/appointments")
    assert (earlier["ends_at"], between["ends_at"]) == (between["starts_at"], later["starts_at"])
    assert later["prepaid_amount"] == later["service_amount"] > 0
    assert not earlier.get("prepaid_amount")


def test_visits_of_one_contact_are_cancelled_at_once(playing: Playing, memory: Memory) -> None:
    """They stand on one day, one after the other."""
    playing(SPREAD)

    first, second, third = _sent(memory, "POST", "/appointments")
    assert (first["contact_id"], second["contact_id"]) == (SEED.contact_id, SEED.contact_id)
    assert (first["ends_at"], second["ends_at"]) == (second["starts_at"], third["starts_at"])
