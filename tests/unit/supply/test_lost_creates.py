"""A create whose answer was lost, or says nothing: what it made is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore
import httpx
import pytest

from cancel_contract.errors import Unprepared, Unreachable
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


@pytest.mark.parametrize("trouble", [httpcore.ReadTimeout("slow"), httpcore.ReadError("reset")])
def test_a_lost_create_is_sent_again_with_its_key(bench: Bench, shop: Shop, trouble: Exception) -> None:
    """A create whose answer was lost is sent again with the same key, and shows what the first one made."""
    shop.after_making = [trouble]

    assert bench.supply.fresh().id == 6001
    assert sent(shop.creates, 0) == sent(shop.creates, 1)
    assert list(shop.rows) == [6001]
    assert bench.budget.appointments == 1


@pytest.mark.parametrize("status", [408, 499, 502, 524, 561])
def test_a_create_that_was_done_too_late_is_sent_again_with_its_key(bench: Bench, shop: Shop, status: int) -> None:
    """A server that gave up waiting for its own work may have done it: the second answer shows it."""
    shop.after_making = [httpx.Response(status)]

    assert bench.supply.fresh().id == 6001
    assert sent(shop.creates, 0) == sent(shop.creates, 1)
    assert bench.supply.active == (6001,)


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
    assert shop.lists.call_count == 3
    assert bench.supply.unsure == ()


def test_a_list_that_lags_shows_what_was_made_a_while_later(bench: Bench, shop: Shop) -> None:
    """The answer to the create does not tell its id."""
    shop.after_making = [httpx.Response(201)]
    empty = iter([httpx.Response(200, json={"payload": []})] * 2)
    shop.lists.mock(side_effect=lambda request: next(empty, None) or shop.listed(request))
    waits: list[float] = []
    bench.budget.sleep = waits.append

    assert bench.supply.fresh().id == 6001
    assert waits == [1.0, 2.0]


def test_what_was_accepted_and_is_nowhere_shown_may_stand(bench: Bench, shop: Shop) -> None:
    """Said to be made and found nowhere, it is reported by its marker."""
    shop.after_making = [httpx.Response(201)]
    shop.lists.mock(return_value=httpx.Response(200, json={"payload": []}))

    with pytest.raises(Unprepared, match="no appointment can be made: status is 201"):
        bench.supply.fresh()

    assert [*bench.supply.unsure] == [sent(shop.creates)["external_ref"]]
    shop.lists.mock(side_effect=shop.listed)
    assert (bench.supply.clean(), bench.supply.unsure) == ((), ())
    assert shop.rows[6001]["status"] == "cancelled"


def test_what_may_stand_is_told(bench: Bench, shop: Shop) -> None:
    """Where neither create nor list answer in a way that tells, the marker is reported."""
    shop.creates.mock(side_effect=httpcore.ReadError("reset"))
    shop.lists.mock(return_value=httpx.Response(500))

    with pytest.raises(Unprepared, match=r"no appointment can be made: no answer came \(lost: reset\)"):
        bench.supply.fresh()

    assert (shop.creates.call_count, bench.budget.appointments) == (4, 1)
    assert bench.supply.unsure == (sent(shop.creates)["external_ref"],)


@pytest.mark.parametrize(
    ("trouble", "is_told"), [(httpcore.ReadTimeout("late"), True), (httpcore.ConnectError("no"), False)]
)
def test_what_a_target_may_have_made_before_it_was_given_up_is_told(
    bench: Bench, shop: Shop, trouble: Exception, *, is_told: bool
) -> None:
    """A create that was sent may have arrived; one for which there was no connection has not."""
    for route in (shop.creates, shop.lists):
        route.mock(side_effect=trouble)

    with pytest.raises(Unreachable):
        bench.supply.fresh()

    markers = {sent(shop.creates, number)["external_ref"] for number in range(shop.creates.call_count)}
    assert set(bench.supply.unsure) == (markers if is_told else set())


def test_what_hides_its_marks_is_found_by_its_slot_and_name(bench: Bench, shop: Shop) -> None:
    """A list that shows no references cannot show that nothing was made."""
    shop.after_making = [httpx.Response(204)]
    shop.hidden = {"external_ref": None, "idempotency_key": None}
    shop.lists.mock(
        side_effect=lambda _: httpx.Response(200, json={"payload": [row | shop.hidden for row in shop.rows.values()]})
    )

    assert bench.supply.fresh().id == 6001
    assert bench.supply.clean() == ()
    assert shop.rows[6001]["status"] == "cancelled"


def test_what_is_made_later_is_found_when_the_run_ends(bench: Bench, shop: Shop) -> None:
    """A gateway does not wait for it, and its key is under way: the list shows it after the last look."""
    shop.first = [httpx.Response(504), httpx.Response(409)]
    assert bench.supply.fresh().id == 6001
    shop.rows[6999] = {"id": 6999, "account_id": 1, "status": "scheduled", **sent(shop.creates, 0)}

    assert bench.supply.clean() == ()
    assert shop.rows[6999]["status"] == "cancelled"
