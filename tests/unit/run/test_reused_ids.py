"""A server may give the id of what was deleted to the next booking: it is the run's own again, or a stranger's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.run.profiles import Profile, scenarios

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from cancel_contract.provider.store.records import Appointment
    from tests.unit.run.conftest import Memory, Named, Opened

FOLLOWED = "effect/no_show-paid-longest-30-comment"
RACED = "repeat/beside-writers"


def given_to_a_stranger(memory: Memory, number: int) -> Appointment:
    """Book an appointment of somebody else's, which is given an id."""
    store = memory.provider.store
    row = replace(store.appointments[store.first_id], client_name="Somebody else", external_ref=None)
    return store.put(replace(row, id=number, idempotency_key=None, status="scheduled", source="web"))


@pytest.mark.parametrize("name", [FOLLOWED, RACED])
def test_a_stranger_who_has_the_id_by_now_is_left_alone(
    make_run: Opened, memory: Memory, named: Named, name: str
) -> None:
    """What comes after a deletion names the id only while it is known to be nobody's, or the run's own."""
    strangers: dict[int, Appointment] = {}
    asked, store = dict[int, set[str]](), memory.provider.store

    def give_away(request: Request, response: httpx.Response) -> httpx.Response:
        found = re.search(r"/appointments/(\d+)(/cancel)?$", request.path)
        number, what = (int(found[1]), found[2] or request.method) if found else (0, "")
        # Whatever else is asked of an appointment comes before a deletion and its cancel, or after both.
        latest = asked.setdefault(number, set())
        latest.add(what) if what in {"DELETE", "/cancel"} else latest.clear()
        # What leaves together with a deletion may come after it, and nobody has the id until both have come.
        is_over = latest >= ({"DELETE", "/cancel"} if name == RACED else {"DELETE"})
        if is_over and number not in store.appointments:
            strangers[number] = given_to_a_stranger(memory, number)
        return response

    memory.after = give_away
    with make_run() as run:
        run.play(named(name)[0])
        run.finish()

    assert strangers
    assert {number: store.appointments[number] for number in strangers} == strangers


@pytest.mark.parametrize("is_taken", [False, True])
def test_the_id_of_what_was_deleted_is_cancelled_only_where_it_is_nobodys(
    make_run: Opened, memory: Memory, named: Named, *, is_taken: bool
) -> None:
    """A stranger may be given it at any moment, until a later one was made and a read still shows nobody."""
    store = memory.provider.store
    strangers: dict[int, Appointment] = {}
    deleted, cancelled = list[int](), list[str]()

    def book(request: Request, response: httpx.Response) -> httpx.Response:
        is_create = request.method == "POST" and request.path.endswith("/appointments")
        if request.method == "DELETE" and response.status_code == 204:
            deleted.append(int(request.path.rpartition("/")[2]))
        if is_taken and deleted and is_create and deleted[-1] not in strangers:
            # Somebody books in the very moment in which the run does.
            strangers[deleted[-1]] = given_to_a_stranger(memory, deleted[-1])
        cancelled.extend([request.path] if deleted and f"/{deleted[-1]}/cancel" in request.path else [])
        return response

    memory.after = book
    with make_run() as run:
        run.play(named(FOLLOWED)[0])
        run.finish()

    assert deleted
    assert bool(cancelled) is not is_taken
    assert {number: store.appointments[number] for number in strangers} == strangers


def count_again(memory: Memory) -> None:
    """Give the id of the newest row again once that is deleted, as where ids are counted from the rows."""
    store = memory.provider.store

    def after(_: Request, response: httpx.Response) -> httpx.Response:
        store._next_id = (
            max((number for number in store.appointments if number >= store.first_id), default=store.first_id - 1) + 1
        )
        return response

    memory.after = after


def test_an_id_that_is_given_again_is_the_runs_own_again(make_run: Opened, memory: Memory) -> None:
    """What is made after a deletion is known for the run's own, and cancelled."""
    count_again(memory)
    with make_run() as run:
        for scenario in scenarios(Profile.GATE, run.ledger.terms.fragment, None):
            assert run.play(scenario).broken == ()
        run.finish()

    assert run.supply.unsure == ()
    assert memory.provider.audit.active(PREFIX) == ()


def test_the_id_of_what_was_deleted_once_cancelled_is_the_runs_own_again(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Where what is active is not deleted, a deletion before its cancel is refused, and one after it is done."""
    count_again(memory)
    store, asked = memory.provider.store, list[str]()

    def refuse_active(request: Request) -> Request:
        if request.method != "DELETE":
            return request
        asked.append(request.path)
        # The first one leaves together with a cancel, and comes before it here.
        is_active = len(asked) == 1 or not store.appointments[int(request.path.rpartition("/")[2])].cancelled
        json = (*request.headers, ("content-type", "application/json"))
        return replace(request, method="PATCH", headers=json, body=b'{"starts_at": 5}') if is_active else request

    memory.before = refuse_active
    with make_run() as run:
        for name in (RACED, FOLLOWED):
            assert run.play(named(name)[0]).broken == ()
        run.finish()

    assert run.supply.unsure == ()
    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize("name", [FOLLOWED, RACED])
def test_however_it_is_said_that_nothing_is_there_what_was_deleted_needs_no_clean_up(
    make_run: Opened, memory: Memory, named: Named, name: str, status: int
) -> None:
    """Some refuse whoever asks for what is not there; nothing is sent that is not the run's own any more."""

    def say(_: Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(status, json=response.json()) if response.status_code == 404 else response

    memory.after = say
    with make_run() as run:
        run.play(named(name)[0])
        run.finish()

    assert run.ledger.inconclusive == run.ledger.suite_failures == []
    assert run.statistics.still_active == []
