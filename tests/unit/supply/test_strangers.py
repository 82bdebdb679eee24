"""An appointment of somebody else is never taken for the run's own, whoever shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cancel_contract.errors import Unprepared
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


@pytest.mark.parametrize(
    "payload",
    [
        {"id": 12, "external_ref": "somebody-elses"},
        {"id": 12, "account_id": 2},
        {"id": 5001},
        {"id": True},
        {"id": "12"},
        {"id": -12},
        {},
    ],
)
def test_strange_answers_make_nothing_ours(bench: Bench, shop: Shop, payload: dict[str, Any]) -> None:
    """An answer that shows somebody else's appointment, or none, does not make it ours."""
    shop.first = [httpx.Response(201, json={"payload": payload})]

    with pytest.raises(Unprepared, match="no appointment can be made: status is 201"):
        bench.supply.fresh()

    assert bench.ownership.appointments == {5001, 5002}


def test_who_sees_no_marks_has_appointments_all_the_same(bench: Bench, shop: Shop) -> None:
    """A target that gives null for the marker has made what was asked for: slot and name tell."""
    shop.hidden = {"external_ref": None, "idempotency_key": None}

    assert [bench.supply.fresh().id, bench.supply.fresh().id] == [6001, 6002]


@pytest.mark.parametrize("changed", ["api:{}", "{}#1", "{:.32}"])
def test_what_bears_a_changed_reference_is_ours_by_its_key(bench: Bench, shop: Shop, changed: str) -> None:
    """A target may keep an external_ref with a prefix, or cut it: the key, the slot and the name tell."""
    shop.keeps = changed.format

    made = [bench.supply.fresh().id, bench.supply.fresh().id]

    assert made == [6001, 6002]
    assert bench.supply.unsure == ()


def test_what_bears_a_changed_reference_is_found_in_the_list(bench: Bench, shop: Shop) -> None:
    """Where the answer to a create is lost, the list shows it by its key."""
    shop.keeps = "api:{}".format
    shop.after_making = [httpx.ReadTimeout("lost")] * 3
    shop.keyless = True

    assert bench.supply.fresh().id == 6001


@pytest.mark.parametrize(
    "shown", [{"external_ref": "00123"}, {"external_ref": "api:1", "idempotency_key": "x"}, {"client_name": "Somebody"}]
)
def test_a_key_alone_makes_nothing_ours(bench: Bench, shop: Shop, shown: dict[str, Any]) -> None:
    """What is shown with our key is a stranger's if its external_ref is none of ours, or its client is not."""
    shop.keeps, shop.hidden = "api:{}".format, shown

    with pytest.raises(Unprepared, match="no appointment can be made: status is 201"):
        bench.supply.fresh()

    assert bench.ownership.appointments == {5001, 5002}
    assert bench.supply.unsure


STRANGER: dict[str, Any] = {"id": 12, "account_id": 1, "status": "scheduled", "client_name": "Somebody"}
"""An appointment that somebody made by hand: it bears no reference."""


@pytest.mark.parametrize("hidden", [{"external_ref": None}, {}])
def test_a_strangers_appointment_without_a_reference_is_not_taken(
    bench: Bench, shop: Shop, hidden: dict[str, Any]
) -> None:
    """A create that is answered with an earlier appointment, one without any marker, does not make it ours."""
    shop.rows[12] = STRANGER | hidden
    shop.first = [httpx.Response(200, json={"payload": shop.rows[12]})]

    with pytest.raises(Unprepared, match="no appointment can be made: status is 200"):
        bench.supply.fresh()

    assert bench.ownership.appointments == {5001, 5002}


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_strangers_id_under_our_mark_is_not_taken(bench: Bench, shop: Shop, earlier: int) -> None:
    """Where a create is answered with a stranger's id, the first time or later, a read shows whose it is."""
    shop.rows[12] = STRANGER | {"external_ref": None, "idempotency_key": None}
    made = [bench.supply.fresh().id for _ in range(earlier)]
    shop.numbered = 12

    made.append(bench.supply.fresh().id)

    assert made == [6002, 6003][: earlier + 1]
    assert bench.ownership.appointments == {5001, 5002, *made}


def test_a_row_of_the_list_is_looked_at_before_it_is_taken(bench: Bench, shop: Shop) -> None:
    """A stranger's row that the list shows with our marker is not ours; the marker is reported as perhaps active."""
    shop.rows[12] = STRANGER | {"external_ref": None, "idempotency_key": None}
    shop.after_making = [httpx.Response(500)]
    shop.lists.mock(
        side_effect=lambda _: httpx.Response(
            200, json={"payload": [STRANGER | {"external_ref": sent(shop.creates)["external_ref"]}]}
        )
    )

    with pytest.raises(Unprepared, match="no appointment can be made: status is 500"):
        bench.supply.fresh()

    assert bench.ownership.appointments == {5001, 5002}
    assert bench.supply.unsure == (sent(shop.creates)["external_ref"],)
