"""Whether a gateway has failed too often is decided over all lanes of a run."""

from collections.abc import Callable

import pytest

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from cancel_contract.guard.gateway import Gateway

Lane = Callable[[int, int], Gateway]
URL = "http://127.0.0.1:9"


@pytest.fixture
def lane(exchanged: Callable[..., Exchange]) -> Lane:
    """Return what a lane has met: so many answers of a gateway, and then so many of the application."""

    def make(failed: int, answered: int) -> Gateway:
        gateway = Gateway(load())
        for status in (*[503] * failed, *[200] * answered):
            gateway.saw(exchanged(status))
        return gateway

    return make


def test_few_failures_of_one_lane_are_few_among_those_of_all(lane: Lane) -> None:
    """Five of twenty are much, and five of eighty are not."""
    first = lane(5, 15)
    assert first.doubt(URL).startswith(f"the gateway before {URL} answered 503 to 5 of 20 requests")

    first.join([lane(0, 60)])

    assert first.doubt(URL) == ""


def test_failures_of_other_lanes_count(lane: Lane) -> None:
    """A lane that met none doubts for what the others met."""
    first = lane(0, 20)
    assert first.doubt(URL) == ""

    first.join([lane(3, 3), lane(4, 4)])

    assert first.doubt(URL).startswith(f"the gateway before {URL} answered 503 to 7 of 34 requests")


def test_no_lane_waits_for_what_others_have_waited_for_in_vain(
    exchanged: Callable[..., Exchange], case: Callable[..., Case]
) -> None:
    """Two cases that a gateway alone answered are enough; what prepares a case is waited for all the same."""
    first = Gateway(load())
    other = Gateway(load(), hopeless=first.hopeless)
    first.refused([exchanged(503)], others_failed=False)
    assert not other.is_hopeless(case())

    first.refused([exchanged(503)], others_failed=False)

    assert other.is_hopeless(case())
    assert not other.is_hopeless(case(intent=Intent.CREATE))
    assert other.guilty() == ()
