"""What a cancel does in another account is seen by that account's own member."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from cancel_contract.provider import SEED
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.run.play_order import in_order
from tests.unit.run.conftest import PLAIN

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened


def test_what_a_cancel_does_in_another_account_is_seen(make_run: Opened, memory: Memory, named: Named) -> None:
    """That appointment is read before the first cancel, and once more when it is asked for under one's own account."""

    def of_one_telephone(request: Request, response: httpx.Response) -> httpx.Response:
        row = memory.provider.store.appointments[SEED.foreign_appointment_id]
        if request.path.endswith("/cancel") and response.status_code == 200 and not row.cancelled:
            memory.provider.store.put(cancelled(row, memory.provider.store.now()))
        return response

    memory.after = of_one_telephone
    with make_run() as run:
        for scenario in in_order(named(PLAIN, "access/foreign-account", "access/foreign-appointment")):
            run.play(scenario)
        run.finish()
        row = run.ledger.rows["access/refused-untouched"]

    assert row.breach
    assert "status is 'cancelled', not 'scheduled'" in row.breach.message


def test_one_of_the_same_id_in_the_own_account_is_not_touched(make_run: Opened, memory: Memory, named: Named) -> None:
    """Where ids are counted in each account anew, it is a stranger's."""
    path = f"/accounts/{SEED.account_id}/scheduling/appointments/{SEED.foreign_appointment_id}"

    def counted_anew(request: Request) -> Request | httpx.Response:
        is_read = request.method == "GET" and request.path.endswith(path)
        shown = {"id": SEED.foreign_appointment_id, "account_id": SEED.account_id, "status": "scheduled"}
        return httpx.Response(200, json={"payload": shown}) if is_read else request

    memory.before = counted_anew
    with make_run() as run:
        excuse = run.play(named("access/foreign-appointment")[0]).excuse

    assert f"names appointment {SEED.foreign_appointment_id}, which the account itself has" in excuse
    assert not any(f"{path}/cancel" in request.path for request in memory.asked)
