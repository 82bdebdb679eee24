"""What nobody was to touch, and has changed by nothing that was sent to it."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.exchange.marker import PREFIX

if TYPE_CHECKING:
    import httpx

    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

NEIGHBOUR = "effect/neighbour-untouched"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "cancelled", "payment_status": "cancelled"}, "payment_status is 'cancelled', not 'prepaid'"),
        ({"client_phone": None}, "client_phone is null, not a text of 16 characters"),
    ],
)
def test_what_happens_once_is_told(
    make_run: Opened, memory: Memory, named: Named, change: dict[str, Any], told: str
) -> None:
    """Sent again, no refusal does it: what was done to another one meanwhile may have."""
    store, refusals = memory.provider.store, count()

    def touch(request: Request, response: httpx.Response) -> httpx.Response:
        if response.status_code == 401 and next(refusals) == 7:
            number = int(request.path.rpartition("/appointments/")[2].partition("/")[0])
            store.put(replace(store.appointments[number], **change))
        return response

    memory.after = touch
    with make_run() as run:
        run.play(named("access/showings")[0])
        row = run.ledger.rows[NEIGHBOUR]
        run.finish()

    assert row.breach
    assert "was changed between two reads, though not by a request to it" in row.breach.message
    assert told in row.breach.message
    assert memory.provider.audit.active(PREFIX) == ()


def test_a_booking_that_was_refused_is_among_those_that_may_have_done_it(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Whoever refuses it may have written something all the same."""
    store, seen = memory.provider.store, set[int]()

    def take(request: Request, response: httpx.Response) -> httpx.Response:
        if request.method == "POST" and request.path.endswith("/appointments") and response.status_code == 409:
            for number in [number for number, row in store.appointments.items() if number in seen and row.contact_id]:
                store.put(replace(store.appointments[number], client_phone=None))
        elif request.method == "POST" and response.status_code == 201:
            seen.add(response.json()["payload"]["id"])
        return response

    memory.after = take
    with make_run() as run:
        for name in ("access/unprivileged", "effect/slot", "access/showings"):
            run.play(named(name)[0])
        row = run.ledger.rows[NEIGHBOUR]
        run.finish()

    assert row.breach
    assert any(step.startswith("a booking: 409") for step in row.breach.steps)
