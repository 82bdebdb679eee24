"""A slot that cannot be booked again is held against the target only where nothing else explains it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.ledger.row import Verdict
from cancel_contract.provider.store.records import Appointment

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

SLOT = "effect/slot-free"


def _creates(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/appointments")


def test_whoever_waits_may_have_the_slot(make_run: Opened, memory: Memory, named: Named) -> None:
    """That somebody else could book it shows that it was free; what needs a booking of its own is played elsewhere."""
    memory.provider.switch(variants=["waiting-list"])
    with make_run() as run:
        assert run.play(named("effect/slot")[0]).broken == ()
        verdicts = {
            name: run.ledger.rows[name].verdict for name in (SLOT, "effect/new-booking", "effect/filtered-list")
        }

    assert [*verdicts.values()] == [Verdict.HELD, Verdict.NOT_APPLICABLE, Verdict.HELD]


@pytest.mark.parametrize("code", ["PLAN_LIMIT_REACHED", "SLOT_CONFLICT"])
def test_what_is_refused_in_a_free_slot_too_says_nothing_of_the_slot(
    make_run: Opened, memory: Memory, named: Named, code: str
) -> None:
    """A limit that is reached meanwhile refuses every booking; the clause is not judged, and says why."""
    numbers = count()

    def refuse(request: Request) -> Request | httpx.Response:
        is_over = _creates(request) and next(numbers) > 0
        return httpx.Response(422, json={"error": "no", "code": code}) if is_over else request

    memory.before = refuse
    with make_run() as run:
        assert run.play(named("effect/slot")[0]).broken == ()
        rows = {
            row.clause.id: row for row in run.ledger.finished(lambda _: False, exercised_by={SLOT: {"effect/slot"}})
        }

    assert rows[SLOT].verdict is Verdict.UNTESTED
    assert rows[SLOT].reason == f"a booking is refused in a free slot, too (status is 422 {code})"


def test_what_the_target_takes_nowhere_says_nothing_of_the_slot(make_run: Opened, memory: Memory, named: Named) -> None:
    """Visits of whole slots with a deposit are taken, and what is booked again has none: it was given up before."""
    memory.provider.switch(variants=["deposit-required", "whole-slots"])
    with make_run() as run:
        for scenario in named("effect/"):
            assert run.play(scenario).broken == ()


def test_what_is_refused_in_this_slot_alone_is_a_breach(make_run: Opened, memory: Memory, named: Named) -> None:
    """The same is booked elsewhere, and nobody has the slot."""
    memory.provider.switch(["slot-held"])
    with make_run() as run:
        assert SLOT in run.play(named("effect/slot")[0]).broken


def test_what_cannot_be_asked_elsewhere_any_more_is_a_breach(make_run: Opened, memory: Memory, named: Named) -> None:
    """The budget ends with the refused booking: what was seen counts."""
    memory.provider.switch(["slot-held"])
    with make_run(max_requests=17) as run:
        assert SLOT in run.play(named("effect/slot")[0]).broken


def test_a_visit_that_was_booked_beside_it_since_may_hold_a_slot(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Where a room is cleaned between two visits, a later one beside the slot has it refused, and shows that it was
    free.
    """
    memory.provider.switch(variants=["cleaned-between"])

    def booked_beside(request: Request) -> Request:
        store = memory.provider.store
        freed = [row for row in store.appointments.values() if row.cancelled and row.source == "api"]
        if _creates(request) and len(freed) == 1:
            row, now = freed[0], store.now()
            place = (row.account_id, row.resource_id, row.starts_at - timedelta(minutes=10), row.starts_at)
            store.put(Appointment(store.next_id(), *place, "Next in line", now, now, source="web"))
        return request

    memory.before = booked_beside
    with make_run() as run:
        played = run.play(named("effect/slot")[0])
        verdict = run.ledger.rows[SLOT].verdict

    assert (played.broken, verdict) == ((), Verdict.HELD)
