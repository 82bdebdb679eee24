"""What a whole run makes of request ids: right targets, those that refuse them, and several workers."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from cancel_contract.guard.shared_state import SharedState
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Verdict
from cancel_contract.provider import Provider
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.finding import Finding
from cancel_contract.run.preflight import first_problem
from cancel_contract.run.share import Share
from tests.unit.run.conftest import PLAIN, TODAY, Examined, Memory, Named, Opened, Sessions, played

HEADER = "x-request-id"
REFUSED = "status is 403 with it and 200 without it"
LEFT_OUT = Finding(
    "does it take X-Request-Id?",
    REFUSED,
    "it is left out, so that your log shows no id of the run's requests: what stands before it should let through "
    "letters, digits and dashes in that header",
    stops=False,
)


def _walled(status: int) -> Callable[[Request], Request | httpx.Response]:
    """Stand before the provider, and refuse whatever bears the header."""
    return lambda asked: httpx.Response(status, html="<h1>No</h1>") if asked.header(HEADER) is not None else asked


def test_a_right_target_is_asked_nothing_for_it(make_run: Opened, memory: Memory) -> None:
    """The preflight has as many reads as without the header, and settles that it is taken."""
    with make_run() as run:
        assert first_problem(run.context) == ""
        assert (run.connection.request_ids.is_settled, run.connection.request_ids.refused) == (True, "")
    assert len(memory.asked) == 3


@pytest.mark.parametrize(("status", "more"), [(400, 2), (403, 3), (431, 2)])
def test_a_target_that_refuses_the_header_is_fit(examined: Examined, memory: Memory, status: int, more: int) -> None:
    """The preflight says so, goes on without, and asks no question in vain."""
    memory.before = _walled(status)

    found = examined()

    without = 200 if status == 403 else 401
    assert replace(LEFT_OUT, fact=f"status is {status} with it and {without} without it") in found
    assert all(finding.is_good for finding in found if finding.stops)
    bearing = [request.header(HEADER) is not None for request in memory.asked]
    assert (sum(bearing), bearing[-2:], len(bearing)) == (more, [False, False], 3 + more)


def test_a_gate_of_such_a_target_holds(session: Sessions, memory: Memory, named: Named) -> None:
    """No clause is judged by the firewall's answers, no cancel is sent twice, and the statistics say why."""
    memory.before = _walled(403)
    contract = played(session(partial=True), *named(PLAIN, "access/"))
    contract.conclude(TODAY)

    assert contract.statistics.refused_headers == {"X-Request-Id": REFUSED}
    assert {row.verdict for row in contract.rows} <= {Verdict.HELD, Verdict.NOT_APPLICABLE, Verdict.UNTESTED}
    assert [one.method for one in memory.asked if one.header(HEADER) is not None] == ["GET"] * 3


def test_workers_come_to_the_same_end(session: Sessions, memory: Memory, named: Named) -> None:
    """One worker finds out, the others are told; none of their requests bears the header."""
    memory.before = _walled(403)
    contracts = [session(Share("0d", number, 2, SharedState("0d")), partial=True) for number in range(2)]
    played(contracts[0], *named(PLAIN))
    before = len(memory.asked)
    played(contracts[1], *named("repeat/"))
    after = memory.asked[before:]

    assert after
    assert all(request.header(HEADER) is None for request in after)
    assert contracts[1].statistics.refused_headers == {"X-Request-Id": REFUSED}
    contracts[0].merge(contracts[1].dump())
    contracts[0].conclude(TODAY)
    assert contracts[0].statistics.refused_headers == {"X-Request-Id": REFUSED}
    assert contracts[0].code is Exit.HELD


def test_workers_of_a_right_target_number_for_themselves(session: Sessions, memory: Memory, named: Named) -> None:
    """Each worker's number stands in its ids; what the first has settled the others do not ask again."""
    for number in range(2):
        played(session(Share("0e", number, 2, SharedState("0e")), partial=True), *named(PLAIN))
    ids = list(filter(None, (request.header(HEADER) for request in memory.asked)))

    assert len(set(ids)) == len(ids)
    assert {one.rpartition("-")[0] for one in ids} == {"cancel-contract-0e-0", "cancel-contract-0e-1"}


@pytest.mark.parametrize("name", ["request-id-echoed", "request-id-replaced"])
def test_a_target_may_do_with_it_what_it_likes(session: Sessions, memory: Memory, named: Named, name: str) -> None:
    """An echo in headers and bodies makes no two refusals or repeats differ, and an own id none either."""
    memory.provider = Provider(variants=[name])
    contract = played(session(partial=True), *named("access/", "repeat/", "provided/", PLAIN))
    contract.conclude(TODAY)

    assert [row.clause.id for row in contract.rows if row.verdict is Verdict.BROKEN] == []
    assert contract.code is Exit.HELD
