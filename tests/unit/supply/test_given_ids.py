"""Provided appointments are taken in turn, revived where cancelled, and passed over where they cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.errors import Unprepared
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


def test_given_appointments_are_taken_in_turn(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Appointments of the settings are taken one by one; none is made, and at the end there is a remedy."""
    bench = make_bench(appointment_ids="5001,5002")
    shop.rows = {number: {"id": number, "status": "scheduled"} for number in (5001, 5002)}

    assert [bench.supply.fresh().id, bench.supply.fresh().id] == [5001, 5002]
    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == "the 2 appointments of ONELINK_APPOINTMENT_IDS are used up: name more"
    assert not shop.creates.called
    assert bench.supply.active == ()


def test_a_spent_one_is_revived(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """A given appointment that is cancelled is scheduled again by PATCH; one that is not there is passed over."""
    bench = make_bench(appointment_ids="5002,5001")
    shop.rows = {5001: {"id": 5001, "status": "cancelled"}}

    snapshot = bench.supply.fresh()

    assert (snapshot.id, snapshot.is_cancelled) == (5001, False)
    assert sent(shop.patches) == {"status": "scheduled", "payment_status": "awaiting_payment"}


def test_one_that_stays_spent_is_passed_over(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Where the target does not revive, a spent appointment is of no use."""
    bench = make_bench(appointment_ids="5001")
    shop.rows = {5001: {"id": 5001, "status": "cancelled"}}
    shop.patches.mock(return_value=httpx.Response(403))

    with pytest.raises(Unprepared, match=r"IDS cannot be used \(5001: it stays cancelled\): name others"):
        bench.supply.fresh()


@pytest.mark.parametrize("status", ["scheduled", "cancelled"])
def test_an_imported_one_is_passed_over(make_bench: Callable[..., Bench], shop: Shop, status: str) -> None:
    """It cannot be cancelled, so that its refusal would break clauses; nothing is done to it."""
    bench = make_bench(appointment_ids="5001")
    shop.rows = {5001: {"id": 5001, "status": status, "source": "medelement"}}

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == (
        "the one appointment of ONELINK_APPOINTMENT_IDS cannot be used "
        "(5001: it was imported and cannot be cancelled): name others"
    )
    assert not shop.patches.called
    assert not shop.cancels.called


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
