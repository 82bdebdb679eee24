"""What is still active at the end is found, cancelled, or reported where it cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpcore
import httpx
import pytest

from cancel_contract.errors import Overspent, Refused, Unreachable
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.guard.budget import Limits
from cancel_contract.supply.changes import RESTART
from cancel_contract.supply.requests import deleting
from cancel_contract.supply.variations import PLAIN
from tests.unit.supply.conftest import BASE

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


def test_cleaning_leaves_nothing_standing(bench: Bench, shop: Shop) -> None:
    """What was made is cancelled and looked at; what was provided is left alone."""
    bench.supply.fresh()
    bench.supply.cancelled(bench.supply.fresh().id)

    assert bench.supply.clean() == ()
    assert [str(call.request.url.path) for call in shop.cancels.calls] == [ACTION.path(1, 6001)]
    assert {exchange.case.intent for exchange in bench.exchanges[-2:]} == {Intent.CLEAN, Intent.READ}
    path = bench.journal.path
    assert path
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert [event["appointment"] for event in events if event["event"] == "cancelled"] == [6002, 6001]


def test_what_cannot_be_cancelled_is_told(bench: Bench, shop: Shop) -> None:
    """A cancel that is refused, or that lies, leaves its appointment in the list of what is still active."""
    bench.supply.fresh()
    shop.on_cancel = httpx.Response(200, json={"payload": {"id": 6001, "status": "cancelled"}})
    shop.patches.mock(return_value=httpx.Response(404))

    assert bench.supply.clean() == (6001,)


def test_who_is_shut_out_for_a_while_cleans_up_after_that(bench: Bench, shop: Shop) -> None:
    """Some ban for some seconds whoever has shown many wrong tokens: what is left is cancelled after a longer wait."""
    bench.supply.fresh()

    def once_let_in(answer: Callable[[httpx.Request, str], httpx.Response]) -> Callable[..., httpx.Response]:
        page = httpx.Response(403, html="<h1>Forbidden</h1>")
        return lambda request, number: answer(request, number) if RESTART in bench.waits else page

    for route, answer in ((shop.cancels, shop.cancel), (shop.reads, shop.read), (shop.patches, shop.patch)):
        route.mock(side_effect=once_let_in(answer))

    assert bench.supply.clean() == ()


def test_what_a_copy_that_lags_shows_is_read_once_more(bench: Bench, shop: Shop) -> None:
    """A read right after the cancel may show what was before it: a later one counts."""
    bench.supply.fresh()
    stale = httpx.Response(200, json={"payload": dict(shop.rows[6001])})
    looks, before = iter([stale, stale]), shop.reads.call_count
    shop.reads.mock(side_effect=lambda request, number: next(looks, None) or shop.read(request, number))

    assert bench.supply.clean() == ()
    assert shop.reads.call_count - before == 3


def test_a_target_that_is_lost_is_asked_once_more_to_cancel(bench: Bench, shop: Shop) -> None:
    """Nobody comes back for what is left; for one that stays away, all of it is reported."""
    bench.supply.fresh()
    bench.supply.fresh()
    shop.on_cancel = httpcore.ConnectError("refused")

    with pytest.raises(Unreachable):
        bench.supply.clean()
    assert RESTART in bench.waits
    assert bench.supply.active == (6001, 6002)

    shop.on_cancel = None
    assert bench.supply.clean() == ()


@pytest.mark.parametrize("status", [200, 422])
def test_what_a_cancel_does_not_cancel_an_update_does(bench: Bench, shop: Shop, status: int) -> None:
    """Whether the cancel was refused, or answered as done."""
    bench.supply.fresh()
    shop.on_cancel = httpx.Response(status, json={"payload": {"id": 6001, "status": "no_show"}})

    assert bench.supply.clean() == ()
    assert shop.rows[6001]["status"] == "cancelled"


def test_what_was_revived_is_cancelled_whatever_a_read_shows(bench: Bench, shop: Shop) -> None:
    """A copy that lags may show it cancelled still: it is cancelled once more, and the journal names it twice."""
    made = bench.supply.fresh()
    bench.supply.cancelled(made.id)
    shop.rows[6001]["status"] = "cancelled"
    bench.supply.revive(made.id)
    shop.rows[6001]["status"] = "cancelled"

    bench.supply.read(made.id)
    assert bench.supply.active == (6001,)
    assert bench.supply.clean() == ()
    path = bench.journal.path
    assert path
    events = [json.loads(line)["event"] for line in path.read_text().splitlines()]
    assert events == ["asked", "made", "cancelled", "made", "cancelled"]


def test_a_read_that_does_not_show_a_revive_is_made_again(bench: Bench, shop: Shop) -> None:
    """A copy that lags may have answered: what was revived is not taken for cancelled because of it."""
    made = bench.supply.fresh()
    shop.rows[6001]["status"] = "cancelled"

    behind = iter([httpx.Response(200, json={"payload": {**shop.rows[6001]}})])
    shop.reads.mock(side_effect=lambda request, number: next(behind, None) or shop.read(request, number))

    _, seen = bench.supply.revive(made.id)

    assert seen.payload
    assert seen.payload["status"] == "scheduled"


def test_a_read_is_believed_rather_than_a_cancel(bench: Bench, shop: Shop) -> None:
    """An appointment of ours that a read shows standing stands, though its cancel was answered 200."""
    snapshot = bench.supply.fresh()
    bench.supply.cancelled(snapshot.id)
    assert [*bench.supply.active] == []

    bench.supply.read(snapshot.id)
    assert [*bench.supply.active] == [6001]

    shop.rows[6001]["status"] = "cancelled"
    bench.supply.read(snapshot.id)
    bench.supply.read(snapshot.id)
    assert bench.supply.active == ()


def test_reads_of_others_change_nothing(bench: Bench, shop: Shop) -> None:
    """A provided appointment is not active for being read; an answer about another id proves nothing."""
    shop.rows = {5001: {"id": 5001, "status": "scheduled"}, 5002: {"id": 5001, "status": "cancelled"}}
    bench.supply.read(5001)
    bench.supply.read(5002)

    assert bench.supply.active == ()


@pytest.mark.usefixtures("shop")
def test_cleaning_uses_what_is_kept(make_bench: Callable[..., Bench]) -> None:
    """When the budget is used up but for what is kept, what was made is cleaned up all the same."""
    bench = make_bench(limits=Limits(10, 10, 8, None))
    snapshot = bench.supply.fresh()
    for _ in range(5):
        bench.supply.read(snapshot.id)
    with pytest.raises(Overspent, match="8 of 10 requests are spent, and 2 are kept for the end of the run"):
        bench.supply.read(snapshot.id)

    assert bench.supply.clean() == ()
    assert bench.budget.requests == 10


def test_held_shows_what_was_seen() -> None:
    """An appointment without an answer has no payload, and is not known to be cancelled."""
    exchange = Exchange(1, Case("x", Intent.READ, "/"), "", (), b"", datetime.now(UTC), 0.1, Answer(404, (), b""))

    assert Snapshot(1, exchange).payload == {}
    assert not Snapshot(1, exchange).is_cancelled


def test_what_a_deletion_has_left_stays_the_runs_own(bench: Bench, shop: Shop, server: respx.MockRouter) -> None:
    """It is known by its references, also where the target keeps one otherwise than it was sent."""
    shop.keeps = "api:{}".format
    made = bench.supply.fresh(replace(PLAIN, reference="key"))
    server.delete(f"{BASE}/{made.id}").respond(204)

    bench.supply.changed(bench.sender.send(deleting(1, made.id, "x#delete")))
    bench.supply.read(made.id)

    assert bench.supply.active == (made.id,)
    assert bench.supply.clean() == ()
    assert shop.rows[made.id]["status"] == "cancelled"


@pytest.mark.parametrize("read", [400, 403, 409, 422])
@pytest.mark.parametrize(("deleted", "left"), [(204, ()), (503, (6001,)), (None, (6001,))])
def test_a_read_that_is_refused_hides_only_what_was_surely_deleted(  # noqa: PLR0913, PLR0917  fixtures and a table
    bench: Bench, shop: Shop, server: respx.MockRouter, deleted: int | None, left: tuple[int, ...], read: int
) -> None:
    """Where nobody knows whether the deletion was done, what cannot be read may stand, and is told of."""
    made = bench.supply.fresh()
    lost = {"side_effect": httpx.ReadError} if deleted is None else {"return_value": httpx.Response(deleted)}
    server.delete(f"{BASE}/{made.id}").mock(**lost)
    for asked in (shop.reads, shop.cancels, shop.patches):
        asked.mock(return_value=httpx.Response(read))

    bench.supply.changed(bench.sender.send(deleting(1, made.id, "x#delete")))
    bench.supply.read(made.id)

    assert bench.supply.clean() == left


def test_what_the_guard_does_not_let_leave_keeps_nothing_else_active(bench: Bench, shop: Shop) -> None:
    """One that was given up may have another owner by now; the others are cancelled all the same, and it is told."""
    gone, other = bench.supply.fresh(), bench.supply.fresh()
    bench.ownership.disown(gone.id)

    with pytest.raises(Refused, match="may be read as 6001"):
        bench.supply.clean()

    assert shop.rows[other.id]["status"] == "cancelled"
    assert bench.supply.active == (gone.id,)
