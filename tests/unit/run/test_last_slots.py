"""What one calendar shows at the end of the slots of all that a run has cancelled."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider.store.records import Appointment
from tests.unit.run.conftest import PLAIN

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

SLOT = "effect/slot-free"
SEVERAL = (
    "effect/scheduled-free-latin-30-service-birth_date-comment",
    "effect/completed-free-latin-150-contact",
    PLAIN,
)


def _without_slots(request: Request, response: httpx.Response) -> httpx.Response:
    """Answer calendars with one slot that nobody asks for."""
    if not request.path.endswith("/calendar"):
        return response
    shown = json.loads(response.content)
    shown["payload"]["slots"] = shown["payload"]["slots"][-1:]
    return httpx.Response(200, json=shown)


def test_a_slot_that_no_calendar_offers_is_booked(make_run: Opened, memory: Memory, named: Named) -> None:
    """A calendar may lag: two bookings show that the slots are free, and are cancelled like all others."""
    with make_run() as run:
        for name in SEVERAL:
            run.play(named(name)[0])
        memory.after = _without_slots
        made = run.budget.appointments
        run.finish()

    assert run.budget.appointments - made == 2
    assert (run.ledger.rows[SLOT].held, run.ledger.rows[SLOT].broken) == (2, 0)
    assert memory.provider.audit.active(PREFIX) == ()


def test_a_slot_that_stays_taken_is_found_at_the_end(make_run: Opened, memory: Memory, named: Named) -> None:
    """No scenario looks at the slot of each kind of appointment; the last calendar does."""
    memory.provider.switch(["long-slot-held"])
    with make_run() as run:
        assert run.play(named(PLAIN)[0]).broken == ()
        run.finish()

        assert run.ledger.rows[SLOT].broken == 1


def test_a_slot_in_which_another_one_was_deleted_is_not_booked_again(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """That one may hold it, which is told by the promise about what is deleted alone."""
    memory.provider.switch(["deleted-holds-slot"])
    with make_run() as run:
        assert {*run.play(named("effect/no_show-paid-longest-30-comment")[0]).broken} == {"effect/deleted-afterwards"}
        run.finish()

        assert run.ledger.rows[SLOT].broken == 0


@pytest.mark.parametrize(("is_ours", "broken"), [(True, 1), (False, 0)])
def test_a_visit_of_the_run_beside_a_slot_is_cancelled_before_it_is_booked(
    make_run: Opened, memory: Memory, named: Named, *, is_ours: bool, broken: int
) -> None:
    """It might hold the slot, where a room is cleaned between two visits; one of others stays, and may."""
    memory.provider.switch(["long-slot-held"])
    with make_run() as run:
        run.play(named(PLAIN)[0])
        store = memory.provider.store
        (row,) = (row for row in store.appointments.values() if row.cancelled and row.source == "api")
        if is_ours:
            run.supply.fresh(start=row.ends_at)
        else:
            made = store.now() + timedelta(seconds=1)
            place = (row.account_id, row.resource_id, row.ends_at, row.ends_at + timedelta(minutes=30))
            store.put(Appointment(store.next_id(), *place, "Next in line", made, made, source="web"))
        run.finish()

        assert run.ledger.rows[SLOT].broken == broken
    assert memory.provider.audit.active(PREFIX) == ()
