"""Fields of a create that a target does not take: they are left out where its refusal names them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.supply.variations import FULL, PLAIN

if TYPE_CHECKING:
    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


@pytest.mark.parametrize("field", ["status", "appointment_type", "service_amount", "duration_min"])
def test_a_field_that_is_named_as_refused_is_left_out(bench: Bench, shop: Shop, field: str) -> None:
    """A status that updates alone set, or a price that comes from the service, from then on without asking."""

    def strict(request: httpx.Request) -> httpx.Response:
        told = {"error": f"{field} is not permitted", "code": "VALIDATION_ERROR"}
        return httpx.Response(422, json=told) if field in json.loads(request.content) else shop.create(request)

    shop.creates.mock(side_effect=strict)

    made = [bench.supply.fresh(one) for one in (PLAIN, PLAIN, FULL, FULL)]
    asked = shop.creates.call_count
    bench.supply.fresh(FULL)

    assert len({one.id for one in made}) == 4
    assert shop.creates.call_count == asked + 1
    assert asked <= 13


def test_a_price_may_have_to_be_nought(bench: Bench, shop: Shop) -> None:
    """A house whose visits are free takes no other amount."""

    def free(request: httpx.Request) -> httpx.Response:
        is_priced = json.loads(request.content).get("service_amount")
        told = {"error": "service_amount must be 0"}
        return httpx.Response(422, json=told) if is_priced else shop.create(request)

    shop.creates.mock(side_effect=free)
    made = bench.supply.fresh(PLAIN)

    assert bench.supply.rebook(made).status == 201
