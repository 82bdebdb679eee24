"""A create whose answer was lost, or says nothing: what it made is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore
import httpx
import pytest

from cancel_contract.errors import Unprepared
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from tests.unit.conftest import Bench
    from tests.unit.supply.conftest import Shop


@pytest.mark.parametrize("trouble", [httpcore.ReadTimeout("slow"), httpcore.ReadError("reset")])
def test_a_lost_create_is_sent_again_with_its_key(bench: Bench, shop: Shop, trouble: Exception) -> None:
    """A create whose answer was lost is sent again with the same key, and shows what the first one made."""
    shop.after_making = [trouble]

    assert bench.supply.fresh().id == 6001
    assert sent(shop.creates, 0) == sent(shop.creates, 1)
    assert list(shop.rows) == [6001]
    assert bench.budget.appointments == 1


def test_a_lost_create_without_keys_is_found_in_the_list(bench: Bench, shop: Shop) -> None:
    """Where the target knows no keys, the second create finds the slot taken by the first: the list shows it."""
    shop.after_making = [httpcore.ReadError("reset")]
    shop.keyless = True

    assert bench.supply.fresh().id == 6001
    assert bench.supply.active == (6001,)
    assert dict(shop.lists.calls.last.request.url.params) == {
        "from": sent(shop.creates)["starts_at"],
        "to": sent(shop.creates)["ends_at"],
        "resource_ids": "9",
    }


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(201, html="<p>"), httpx.Response(201)])
def test_a_create_that_answers_badly_is_found_too(bench: Bench, shop: Shop, answer: httpx.Response) -> None:
    """What was made although the answer does not tell is found by its marker, so that it is cleaned up."""
    shop.after_making = [answer]

    assert bench.supply.fresh().id == 6001
    assert bench.supply.clean() == ()
    assert shop.rows[6001]["status"] == "cancelled"


def test_a_create_that_made_nothing_moves_on(bench: Bench, shop: Shop) -> None:
    """Where the list does not show what was lost, nothing was made, and the next slot is tried."""
    shop.first = [httpcore.ReadError("reset"), httpx.Response(409)]

    assert bench.supply.fresh().id == 6001
    assert shop.lists.call_count == 1
    assert bench.supply.unsure == ()


def test_what_may_stand_is_told(bench: Bench, shop: Shop) -> None:
    """Where neither create nor list answer in a way that tells, the marker is reported."""
    shop.creates.mock(side_effect=httpcore.ReadError("reset"))
    shop.lists.mock(return_value=httpx.Response(500))

    with pytest.raises(Unprepared, match=r"no appointment can be made: no answer came \(lost: reset\)"):
        bench.supply.fresh()

    assert (shop.creates.call_count, bench.budget.appointments) == (3, 1)
    assert bench.supply.unsure == (sent(shop.creates)["external_ref"],)
