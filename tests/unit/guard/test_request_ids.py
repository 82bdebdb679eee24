"""The id by which each request is found in the target's log, and targets that refuse its header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cancel_contract.errors import Unreachable
from cancel_contract.exchange.case import Case, Intent, appointments_path
from cancel_contract.exchange.credential import Credential
from cancel_contract.guard.connection import Connection
from cancel_contract.guard.ownership import Ownership
from cancel_contract.guard.request_ids import RequestIds
from tests.unit.conftest import Inner

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from tests.unit.bench import Bench

KEPT_BY_RAILS = re.compile(r"[A-Za-z0-9-]{1,255}")
HEADER = "x-request-id"


def _list(key: str = "list", **parts: Any) -> Case:  # noqa: ANN401 - parts of a case
    return Case(key, Intent.LIST, appointments_path(1), "GET", repeatable=True, **parts)


def _ids(sent: list[httpx.Request]) -> list[str | None]:
    return [request.headers.get(HEADER) for request in sent]


def _refusing(status: int) -> Callable[[httpx.Request], httpx.Response]:
    """Refuse whatever bears the header, and answer all else."""
    return lambda request: httpx.Response(status if HEADER in request.headers else 200, json={"payload": []})


def test_each_request_bears_its_own_id(
    make_bench: Callable[..., Bench], inner: Inner, case: Callable[..., Case]
) -> None:
    """Run and number, of which no log leaves anything out; the exchange knows it."""
    bench = make_bench(inner)
    for _ in range(2):
        bench.sender.send(case())
    run = bench.connection.request_ids.run

    assert _ids(inner.sent) == [f"cancel-contract-{run}-1", f"cancel-contract-{run}-2"]
    assert [one.request_id for one in bench.exchanges] == _ids(inner.sent)
    assert all(KEPT_BY_RAILS.fullmatch(one or "") for one in _ids(inner.sent))


def test_no_two_workers_and_no_two_runs_send_one_id(
    make_bench: Callable[..., Bench], case: Callable[..., Case]
) -> None:
    """A worker's number stands before its own; each run has a name of its own."""
    seen: list[str | None] = []
    for ids in (RequestIds("0a", 0), RequestIds("0a", 11), RequestIds("0a", 1), RequestIds("0a"), None, None):
        wire, bench = Inner(), make_bench()
        own = Ownership(frozenset({1}), frozenset({5001}))
        connection = Connection.over(wire, bench.target, bench.budget, own, ids)
        for _ in range(2):
            connection.send(case())
        seen += _ids(wire.sent)

    assert seen[:6] == [f"cancel-contract-0a-{part}" for part in ("0-1", "0-2", "11-1", "11-2", "1-1", "1-2")]
    assert len(set(seen)) == 12


@pytest.mark.parametrize("name", ["X-Request-Id", "x-request-id", "X_Request_Id"])
def test_an_id_of_the_settings_goes_first(
    make_bench: Callable[..., Bench], inner: Inner, case: Callable[..., Case], name: str
) -> None:
    """One who sends an id of their own finds that one alone; as a setting it is shown by its name only."""
    bench = make_bench(inner, extra_headers=f"{name}: the-release-of-monday")
    bench.sender.send(case())

    sent = [value for key, value in inner.sent[0].headers.multi_items() if key.replace("_", "-") == HEADER]
    assert sent == ["the-release-of-monday"]
    assert bench.exchanges[0].request_id == ""
    assert (name, f"$EXTRA_HEADER_{name}") in bench.exchanges[0].request_headers


@pytest.mark.parametrize(
    "parts", [{"headers": (("X-Request-ID", b"drawn"),)}, {"without": frozenset({"x-request-id"})}]
)
def test_an_id_of_the_case_goes_first(
    make_bench: Callable[..., Bench], inner: Inner, case: Callable[..., Case], parts: dict[str, Any]
) -> None:
    """A case that is about the header has it as it says."""
    make_bench(inner).sender.send(case(**parts))

    assert _ids(inner.sent) == ["drawn" if "headers" in parts else None]


@pytest.mark.parametrize("status", [400, 403, 405, 406, 422, 431, 494, 500])
def test_a_refused_header_is_left_out(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], status: int
) -> None:
    """Of a refused read it is found out by one without the header and one more with it; then none is sent."""
    route = server.route().mock(side_effect=_refusing(status))

    assert bench.sender.send(_list()).status == 200
    assert bench.sender.send(case()).status == 200
    assert [HEADER in call.request.headers for call in route.calls] == [True, False, True, False]
    assert bench.connection.request_ids.refused == f"status is {status} with it and 200 without it"


def test_a_connection_that_is_ended_for_the_header_is_met_too(bench: Bench, server: respx.MockRouter) -> None:
    """Some firewalls answer nothing at all."""

    def answer(request: httpx.Request) -> httpx.Response:
        if HEADER in request.headers:
            raise httpx.RemoteProtocolError("Server disconnected", request=request)
        return httpx.Response(200, json={"payload": []})

    route = server.route().mock(side_effect=answer)

    assert bench.sender.send(_list()).status == 200
    assert len(route.calls) == 5
    assert bench.connection.request_ids.refused == (
        "no answer came (lost: Server disconnected) with it and 200 without it"
    )


def test_a_refused_header_is_found_out_without_a_token_too(bench: Bench, server: respx.MockRouter) -> None:
    """The first request of a preflight shows no token: 401 without the header is what a right target answers."""
    server.route().mock(side_effect=lambda sent: httpx.Response(400 if HEADER in sent.headers else 401))

    assert bench.sender.send(_list(credential=Credential(showing="none"))).status == 401
    assert bench.connection.request_ids.refused == "status is 400 with it and 401 without it"


def test_a_right_target_gets_no_request_more(bench: Bench, server: respx.MockRouter) -> None:
    """Once a read has passed, no later refusal is put down to the header."""
    route = server.route().mock(side_effect=[httpx.Response(status) for status in (401, 403, 200, 403, 500)])
    nobody = Credential(showing="none")
    for who in (nobody, nobody, *[Credential()] * 3):
        bench.sender.send(_list(credential=who))

    assert len(route.calls) == 5
    assert all(HEADER in call.request.headers for call in route.calls)


@pytest.mark.parametrize("statuses", [(403, 403), (500, 200, 200), (500, 500), (400, 404)])
def test_what_fails_anyway_is_not_put_down_to_the_header(
    bench: Bench, server: respx.MockRouter, statuses: tuple[int, ...]
) -> None:
    """A target that refuses both, or that failed for a moment, takes the header; nothing is compared again."""
    route = server.route().mock(side_effect=[*map(httpx.Response, statuses), httpx.Response(403)])
    seen = [bench.sender.send(_list()).status for _ in range(2)]

    assert seen == [200 if 200 in statuses else statuses[0], 403]
    assert len(route.calls) == len(statuses) + 1
    assert (bench.connection.request_ids.refused, HEADER in route.calls.last.request.headers) == ("", True)


@pytest.mark.parametrize(("statuses", "came"), [((403, 429), 403), ((403, 200, 503), 200), ((500, 504), 500)])
def test_a_limiter_between_the_two_settles_nothing(
    bench: Bench, server: respx.MockRouter, statuses: tuple[int, ...], came: int
) -> None:
    """What a limiter answers says nothing about the header: the next read is compared instead."""
    route = server.route().mock(side_effect=[*map(httpx.Response, statuses), *map(httpx.Response, (403, 200, 403))])

    assert [bench.sender.send(_list()).status for _ in range(2)] == [came, 200]
    assert len(route.calls) == len(statuses) + 3
    assert bench.connection.request_ids.refused == "status is 403 with it and 200 without it"


@pytest.mark.parametrize("status", [401, 404, 429])
def test_statuses_of_another_cause_are_not_compared(bench: Bench, server: respx.MockRouter, status: int) -> None:
    """A wrong token, an account that is not there and a limiter are no firewall's answer to a header."""
    route = server.route().mock(side_effect=_refusing(status))
    if status == 404:
        assert bench.sender.send(_list()).status == 404
        assert len(route.calls) == 1
    else:
        with pytest.raises(Unreachable):
            bench.sender.send(_list())
    assert all(HEADER in call.request.headers for call in route.calls)


@pytest.mark.parametrize("intent", [Intent.FIRST, Intent.CLEAN, Intent.READ])
def test_nothing_that_changes_is_sent_again_for_it(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], intent: Intent
) -> None:
    """A cancel is never sent twice to find out; and a read of one appointment may be refused for what it is."""
    route = server.route().mock(side_effect=_refusing(403))

    assert bench.sender.send(case(intent=intent, method="GET" if intent is Intent.READ else "POST")).status == 403
    assert len(route.calls) == 1


def test_what_another_worker_found_out_holds_here(
    make_bench: Callable[..., Bench], inner: Inner, case: Callable[..., Case]
) -> None:
    """A worker that is told needs no request to find it out."""
    bench = make_bench(inner)
    bench.connection.request_ids.settle("status is 403 with it and 200 without it")
    bench.sender.send(case())

    assert _ids(inner.sent) == [None]
