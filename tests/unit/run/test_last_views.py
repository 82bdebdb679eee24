"""What one list shows at the end of all that a run has cancelled, and of what it could not cancel."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider.api.operations import cancelled
from tests.unit.run.conftest import PLAIN

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

UNTOUCHED = "access/refused-untouched"
FREE = ("effect/scheduled-free-latin-30-service-birth_date-comment", "effect/completed-free-latin-150-contact")
SEVERAL = (*FREE, PLAIN)


def test_what_cancels_of_others_do_to_the_imported_one_is_found(make_run: Opened, memory: Memory, named: Named) -> None:
    """The list shows it, and a read judges it; the clinic's own system may write anything else into it meanwhile."""
    store = memory.provider.store

    def write(request: Request, response: httpx.Response) -> httpx.Response:
        if request.path.endswith("/cancel") and response.status_code == 200:
            row = next(row for row in store.appointments.values() if row.source == "medelement")
            store.put(replace(row, client_comment="Call back", payment_status="cancelled"))
        return response

    with make_run() as run:
        assert run.play(named("readonly/imported")[0]).broken == ()
        memory.after = write
        run.play(named(PLAIN)[0])
        run.finish()

        breach = run.ledger.rows["effect/neighbour-untouched"].breach
    assert breach
    assert "was changed since it was last shown, after which nothing was sent to it, " in breach.message
    assert "payment_status is 'cancelled', not 'awaiting_payment'" in breach.message
    assert "client_comment" not in breach.message


def test_what_others_cancel_along_with_theirs_is_found(make_run: Opened, memory: Memory, named: Named) -> None:
    """One of which nothing is known stays active: whoever cancels all that has no service, and no number, finds it."""
    memory.provider.switch(["serviceless-cancelled"])
    with make_run() as run:
        for name in ("input/path-wins", PLAIN):
            assert run.play(named(name)[0]).broken == ()
        run.finish()
        breach = run.ledger.rows["effect/neighbour-untouched"].breach

    assert breach
    assert "since it was last shown, after which nothing was sent to it, status is 'cancelled'" in breach.message


def test_what_a_long_list_shows_otherwise_is_held_against_a_read(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Lists of one row cannot take a number from the row before; it is asked for once more, since an index may lag."""
    memory.provider.switch(["list-shifts-numbers"])
    with make_run() as run:
        for name in (*FREE, "effect/no_show-largest-decomposed-45-service-contact-comment"):
            run.play(named(name)[0])
        assert run.ledger.rows["effect/listed-alike"].broken == 0
        run.finish()
        breach = run.ledger.rows["effect/listed-alike"].breach

    assert breach
    assert "in the list, client_phone is " in breach.message


def test_what_no_list_shows_any_more_is_read(
    make_run: Opened, memory: Memory, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be on another page, or a job has taken it; here nothing is read that would be read anyhow."""
    monkeypatch.setattr("cancel_contract.run.run.look_again", lambda *_: None)
    with make_run() as run:
        run.play(named(PLAIN)[0])
        store = memory.provider.store
        for number in [number for number in store.appointments if number >= store.first_id]:
            store.remove(number)
        run.finish()

        assert run.ledger.rows["effect/lasting"].broken


def test_what_the_last_list_lacks_is_looked_for_in_one_of_its_own(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """A page that ends before it says nothing; the list of its own time and status does."""
    memory.provider.switch(["unpaid-not-listed"])
    with make_run() as run:
        for name in SEVERAL:
            run.play(named(name)[0])
        run.finish()
        row = run.ledger.rows["effect/listed"]

    assert row.breach
    assert "does not hold appointment" in row.breach.message


def test_a_list_of_its_own_shows_what_was_changed_since_the_cancel(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Pages end before it; it was given another telephone number after its cancel."""

    def short(request: Request, response: httpx.Response) -> httpx.Response:
        is_list = request.method == "GET" and request.path.endswith("/appointments")
        if not is_list or "status" in request.parameters:
            return response
        return httpx.Response(200, json={"payload": []})

    memory.after = short
    with make_run() as run:
        run.play(named(PLAIN)[0])
        for number, row in memory.provider.store.appointments.items():
            if row.cancelled and row.external_ref:
                memory.provider.store.appointments[number] = replace(row, client_phone="+7 000 000 00 09")
        run.finish()

    assert run.ledger.rows["effect/listed-alike"].broken == 0


def test_what_a_refused_create_has_made_is_cancelled(make_run: Opened, memory: Memory, named: Named) -> None:
    """The list shows it with the run's mark, and a read that it is the run's own."""
    refusals = iter([True])

    def refuse(request: Request, response: httpx.Response) -> httpx.Response:
        is_create = request.method == "POST" and request.path.endswith("/appointments")
        if is_create and response.status_code == 201 and next(refusals, False):
            return httpx.Response(409, json={"error": "taken", "code": "SLOT_CONFLICT"})
        return response

    memory.after = refuse
    with make_run() as run:
        run.play(named(PLAIN)[0])
        assert len(memory.provider.audit.active(PREFIX)) == 1
        run.finish()

    assert memory.provider.audit.active(PREFIX) == ()


def test_what_was_refused_and_is_done_later_is_found_at_the_end(make_run: Opened, memory: Memory, named: Named) -> None:
    """Nobody has cancelled it, and the list shows it as cancelled."""
    with make_run() as run:
        for name in (SEVERAL[0], "access/showings", *SEVERAL[1:]):
            run.play(named(name)[0])
        store, number = memory.provider.store, run.context.victim().id
        store.put(cancelled(store.appointments[number], store.now()))
        run.finish()

        breach = run.ledger.rows[UNTOUCHED].breach
        assert breach
        assert breach.message.startswith(
            "when the run ends, though every cancel of it was refused (the last one with 401), "
        )


def test_what_could_not_be_revived_was_not_cancelled_by_a_refusal(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """A run takes it for active, since it has asked for that."""
    memory.provider.switch(variants=["update-not-implemented"])
    with make_run() as run:
        run.play(named("effect/no_show-paid-longest-30-comment")[0])
        assert run.context.supply.active != ()
        run.finish()

        assert run.ledger.rows[UNTOUCHED].broken == 0


def test_an_answer_that_broke_a_clause_is_no_measure_at_the_end(make_run: Opened, memory: Memory, named: Named) -> None:
    """Its own breach is told once; what the list shows rightly is none."""
    memory.provider.switch(["name-as-object"])
    with make_run() as run:
        run.play(named("effect/slot")[0])
        run.finish()
        broken = [row.clause.id for row in run.ledger.rows.values() if row.breach]

    assert "answer/types" in broken
    assert "effect/settled" not in broken


@pytest.mark.parametrize("status", [200, 202])
def test_what_was_only_accepted_may_be_done_at_the_end(
    make_run: Opened, memory: Memory, named: Named, status: int
) -> None:
    """An update that was done before the cancel and shows after it has another cause."""

    def answered(request: Request, response: httpx.Response) -> httpx.Response:
        if request.method != "PATCH":
            return response
        return httpx.Response(status, headers=response.headers, content=response.content)

    memory.after = answered
    with make_run() as run:
        for name in (*SEVERAL, "effect/no_show-paid-longest"):
            run.play(named(name)[0])
        store = memory.provider.store
        updated = next(one.case.appointment or 0 for one in run.exchanges if one.case.method == "PATCH")
        row = store.appointments[updated]
        store.put(replace(row, service_amount=row.service_amount + 1))
        run.finish()

    assert (run.ledger.rows["effect/settled"].breach is None) is (status == 202)


@pytest.mark.parametrize("pages", [False, True])
def test_what_the_last_list_hides_though_it_is_active_is_found(
    make_run: Opened, memory: Memory, named: Named, *, pages: bool
) -> None:
    """A day with a cancel may hide the others of that day; a list that lacks a cancelled one, too, has pages."""
    memory.provider.switch(["list-hides-day"])
    with make_run() as run:
        for scenario in named("input/", "effect/", "repeat/"):
            run.play(scenario)
        memory.after = _without_the_first if pages else lambda _, response: response
        run.finish()

    assert (run.ledger.rows["effect/lists-agree"].breach is None) is pages
    assert memory.provider.audit.active(PREFIX) == ()


def _without_the_first(request: Request, response: httpx.Response) -> httpx.Response:
    """Leave the first of the run's own out of a list."""
    if not (request.method == "GET" and request.path.endswith("/appointments")):
        return response
    shown = json.loads(response.content)
    mine = [row for row in shown["payload"] if str(row["external_ref"]).startswith(PREFIX)]
    return httpx.Response(200, json={**shown, "payload": [row for row in shown["payload"] if row not in mine[:1]]})


def test_what_the_target_makes_of_a_cancelled_one_is_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """It bears no mark, so that nothing is done about it; a stranger's of the same time is not told."""
    store = memory.provider.store

    def followed_up(request: Request, response: httpx.Response) -> httpx.Response:
        if request.path.endswith("/cancel") and response.status_code == 200 and not made:
            row = store.appointments[store.first_id]
            copy = replace(row, status="scheduled", external_ref=None, idempotency_key=None, created_at=store.now())
            made.extend(
                store.put(replace(copy, id=one, client_name=name or row.client_name)).id for one, name in of.items()
            )
        return response

    made: list[int] = []
    of = {7001: "", 7002: "Somebody else"}
    memory.after = followed_up
    with make_run() as run:
        run.play(named(PLAIN)[0])
        run.finish()

    assert run.statistics.copies == [7001]
    assert not store.appointments[7001].cancelled
