"""Whether the slot of an appointment may be booked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.errors import Unprepared

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop

ROW = {"id": 5001, "status": "scheduled", "starts_at": "2031-01-01T05:00:00Z", "ends_at": "2031-01-01T05:30:00Z"}


def _given(make_bench: Callable[..., Bench], shop: Shop, resource: int | None, **settings: object) -> Bench:
    shop.rows = {5001: {**ROW, "resource_id": resource}}
    return make_bench(appointment_ids="5001", **settings)


@pytest.mark.parametrize(
    ("setting", "told"),
    [({"resource_id": None}, "ONELINK_RESOURCE_ID is not set"), ({"resource_id": 9}, "ONELINK_RESOURCE_ID is 9")],
)
def test_nothing_is_created_on_a_resource_that_no_setting_names(
    make_bench: Callable[..., Bench], shop: Shop, setting: dict[str, object], told: str
) -> None:
    """The owner has handed over an appointment, and not its room."""
    bench = _given(make_bench, shop, 12, **setting)

    with pytest.raises(Unprepared) as caught:
        bench.supply.rebook(bench.supply.fresh())

    assert str(caught.value) == (
        f"the slot of appointment 5001, on resource 12, is not booked again, since {told}: "
        "set it to the resource on which the run may create appointments"
    )
    assert not shop.creates.called


@pytest.mark.parametrize("resource", [9, None])
def test_on_the_resource_of_the_settings_it_is_booked(
    make_bench: Callable[..., Bench], shop: Shop, resource: int | None
) -> None:
    """Where an appointment names none, it may be that one."""
    bench = _given(make_bench, shop, resource, resource_id=9)
    shop.first = [httpx.Response(201, json={"payload": {**ROW, "id": 5002}})]

    assert bench.supply.rebook(bench.supply.fresh()).status == 201


def test_a_slot_that_is_refused_is_the_clauses_to_judge(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """It may be taken still."""
    bench = _given(make_bench, shop, 9, resource_id=9)
    shop.first = [httpx.Response(409, json={"error": "Taken", "code": "SLOT_CONFLICT"})]

    assert bench.supply.rebook(bench.supply.fresh()).status == 409
