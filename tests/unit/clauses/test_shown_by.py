"""Of an episode of many requests, the breach names the one that is wrong."""

from collections.abc import Iterator

import pytest

from cancel_contract.clauses import BY_ID, Broken, Terms
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Evidence, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import Maker
from tests.unit.clauses.races import deletion_race


def _shown(name: str, evidence: Evidence) -> Iterator[Exchange | None]:
    findings = BY_ID[name].judge(evidence, Terms(load(), 3))
    yield from (found.shown_by for found in findings if isinstance(found, Broken))


@pytest.mark.parametrize("clause", ["repeat/parallel-final-state", "repeat/parallel-one-effect"])
def test_of_parallel_cancels_it_is_the_failed_one_of_the_appointment(maker: Maker, clause: str) -> None:
    """Others may have been cancelled all right; where none has failed, it is the first."""
    held, wrong, failed = (
        maker.cancel(code, Intent.REPEAT, id=number, case={"appointment": number})
        for number, code in ((7, 200), (8, 200), (8, 500))
    )
    views = [(Role.BEFORE, maker.read(id=number, status="confirmed", expense=None)) for number in (7, 8)]
    left = {"status": "confirmed", "expense": {"id": 9, "amount": 1, "status": "paid"}}
    looks = [(Role.AFTER, maker.read(id=7, expense=None)), (Role.AFTER, maker.read(id=8, **left))]

    def episode(*cancels: Exchange) -> Episode:
        return Episode(Kind.SPREAD, (*views, *((Role.AGAIN, one) for one in cancels), *looks))

    assert [*_shown(clause, episode(held, wrong, failed))] == [failed]
    assert [*_shown(clause, episode(held, wrong))] == [wrong]


def test_of_a_filtered_list_it_is_the_list(maker: Maker) -> None:
    """The cancel was all right."""
    stale = maker.cancel(200, Intent.LIST, body={"payload": [maker.payload()]})
    episode = Episode(Kind.LISTS, (maker.done(), (Role.LISTED, stale)), topic="status=confirmed")

    assert [*_shown("effect/filtered-list", episode)] == [stale]


def test_of_a_race_it_is_its_cancel(maker: Maker) -> None:
    """The same requests one after the other are played after it, and are answered as well as any."""
    race = deletion_race(maker, (409, 204))
    cancel = race.one(Role.CANCEL)

    assert [*_shown("effect/deleted", race)] == [cancel]
