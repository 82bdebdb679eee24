"""Appointments are created with a marker, journalled first, in every variation, within the budget."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.errors import Overspent, Unprepared
from cancel_contract.exchange.marker import Marker
from cancel_contract.guard.budget import Limits
from cancel_contract.supply.variations import FULL, PLAIN, pairwise
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


def test_an_appointment_is_made_with_a_mark(bench: Bench, shop: Shop) -> None:
    """An appointment of ours bears a marker, is owned from then on, and stands until it is seen cancelled."""
    snapshot = bench.supply.fresh()

    body = sent(shop.creates)
    marker = Marker.read(body["external_ref"])
    assert marker
    assert (marker.run, marker.number, body["idempotency_key"]) == ("0000000a", 1, str(marker))
    assert (snapshot.id, snapshot.is_cancelled) == (6001, False)
    assert snapshot.payload["client_name"] == "Contract Test Guest"
    assert (body["resource_id"], body["duration_min"], body["client_phone"]) == (9, 30, "+7 000 264 81 93")
    start, end = (datetime.fromisoformat(body[name]) for name in ("starts_at", "ends_at"))
    assert ((end - start).total_seconds(), start.tzinfo, start > datetime.now(UTC)) == (1800, UTC, True)
    assert 6001 in bench.ownership.appointments
    assert bench.supply.active == (6001,)
    assert bench.budget.appointments == 1


def test_the_journal_is_written_first(bench: Bench, shop: Shop) -> None:
    """When the create arrives, its marker is on disk already; its id follows when it is known."""
    seen: list[str] = []
    create = shop.create
    path = bench.journal.path
    assert path

    def noted(request: httpx.Request) -> httpx.Response:
        seen.append(path.read_text())
        return create(request)

    shop.creates.mock(side_effect=noted)

    bench.supply.fresh()

    assert [json.loads(line)["event"] for line in seen[0].splitlines()] == ["asked"]
    assert json.loads(seen[0])["marker"] == sent(shop.creates)["external_ref"]
    assert json.loads(path.read_text().splitlines()[1])["appointment"] == 6001


def test_without_a_journal_nothing_is_made_or_counted(bench: Bench, shop: Shop, tmp_path: Path) -> None:
    """In a folder that cannot be written to nothing could be swept up; no appointment is spent on finding that out."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    bench.journal.folder = tmp_path / "file"

    with pytest.raises(Unprepared, match="without it nothing is made"):
        bench.supply.fresh()

    assert (bench.budget.appointments, shop.creates.called) == (0, False)


def test_budgets_end_the_making(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Beyond the budget no create is sent."""
    bench = make_bench(limits=Limits(100, 1, 8, None))
    bench.supply.fresh()

    with pytest.raises(Overspent, match="1 of 1 appointments are spent: set ONELINK_MAX_APPOINTMENTS higher"):
        bench.supply.fresh()

    assert shop.creates.call_count == 1


def test_every_shape_may_be_made(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """Every variation passes the guard and arrives with the fields that make it up."""
    bench = make_bench(service_id=3, contact_id=4)
    for variation in (PLAIN, FULL, *pairwise()):
        bench.supply.fresh(variation)
        body = sent(shop.creates)
        assert body["status"] == variation.status
        assert ("service_id" in body, "contact_id" in body) == (variation.service, variation.contact)
        assert (
            "test" in body["client_name"].lower()
            or "Проверка" in body["client_name"]
            or "テスト" in body["client_name"]
        )
    assert len({str(variation) for variation in pairwise()}) == len(pairwise())


def test_without_any_source_there_is_a_remedy(make_bench: Callable[..., Bench]) -> None:
    """Without resource and ids, the settings that would help are named."""
    with pytest.raises(Unprepared) as caught:
        make_bench(resource_id=None).supply.fresh()

    assert str(caught.value) == ("no appointment can be created: set ONELINK_RESOURCE_ID, or ONELINK_APPOINTMENT_IDS")


@pytest.mark.parametrize(("status", "reads"), [(421, 2), (400, 2), (404, 1), (403, 1)])
def test_a_read_that_went_astray_is_sent_again(bench: Bench, shop: Shop, status: int, reads: int) -> None:
    """A refusal that says nothing of the appointment may be a proxy's, and once; one that does is believed."""
    number = bench.supply.fresh().id
    before = shop.reads.call_count
    shop.reads.mock(side_effect=[httpx.Response(status, json={"error": "no"}), httpx.Response(200, json={})])

    bench.supply.read(number)

    assert shop.reads.call_count == before + reads
