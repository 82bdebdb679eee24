"""What is recorded of an exchange: bodies as they were read, names in the place of secrets."""

from __future__ import annotations

import base64
import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from cancel_contract.exchange.credential import Credential
from cancel_contract.guard.wire import Transport
from tests.unit.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from cancel_contract.exchange.case import Case
    from tests.unit.bench import Bench

GZIP = {"Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("headers", "body", "read"),
    [
        ({}, b'{"a": 1}', ({"a": 1}, None, None)),
        ({}, b"<p>", (None, "it is not JSON: Expecting value at character 0", None)),
        ({}, b"", (None, "it is empty", None)),
        (GZIP, gzip.compress(b'{"a": 1}', mtime=0), ({"a": 1}, None, None)),
        (GZIP, gzip.compress(b'{"a"', mtime=0) + gzip.compress(b": 1}", mtime=0), ({"a": 1}, None, None)),
        (
            GZIP,
            b"no gzip",
            (
                None,
                "it is not in the content encoding that the answer states",
                "the answer says Content-Encoding: gzip, but its 7 bytes are not gzip",
            ),
        ),
    ],
)
def test_bodies_are_read(
    make_bench: Callable[..., Bench],
    case: Callable[..., Case],
    headers: dict[str, str],
    body: bytes,
    read: tuple[object, ...],
) -> None:
    """A body is decoded and parsed; what is wrong with it is recorded, and judged by nobody here."""

    class Server(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body), request=request)

    answer = make_bench(Server()).sender.send(case()).answer

    assert answer
    assert (answer.json, answer.json_fault, answer.framing_fault) == read


@pytest.mark.parametrize(
    ("echo", "encoding"),
    [(TOKEN, ""), (quote(TOKEN + "/", safe=""), ""),
     (base64.b64encode(f"id:{TOKEN}".encode()).decode(), "base64-encoded"),
     (TOKEN.encode().hex(), "hex-encoded"), (TOKEN.encode().hex().upper(), "hex-encoded")],
)  # fmt: skip
def test_echoed_tokens_are_out_of_the_exchange(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], echo: str, encoding: str
) -> None:
    """A token that the target gives back, in whatever encoding, is reported by name and is nowhere in the record."""
    route = server.route()
    route.mock(side_effect=[
        httpx.Response(401, json={"error": f"bad {echo}"}),
        httpx.Response(401, headers={"X-Echo": f"a{echo}"}),
        httpx.Response(401, headers={f"X-{echo.rstrip('=').replace('%', '')}": "a"}),
    ])  # fmt: skip

    for _ in range(3):
        exchange = bench.sender.send(case())
        assert exchange.answer
        assert (exchange.answer.echoes, exchange.answer.encodings) == (("ONELINK_API_TOKEN",), (encoding,))
        assert echo.rstrip("=") not in repr(exchange)
        assert TOKEN not in repr(exchange)


def test_requests_are_recorded_without_tokens(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """What was asked is recorded with names in the place of secrets."""
    server.route().respond(401)
    for showing in ("right", "query", "body", "basic", "cookie", "twice", "prefix"):
        exchange = bench.sender.send(case(credential=Credential(showing=showing)))
        assert TOKEN[:-1] not in repr(exchange)
        assert "$ONELINK_API_TOKEN" in repr((exchange.url, exchange.request_headers, exchange.request_body))


def test_secrets_of_the_road_are_no_echoes(
    make_bench: Callable[..., Bench], server: respx.MockRouter, case: Callable[..., Case]
) -> None:
    """A header for the road is sent and taken out of the record; that a target shows it is no leak of a token."""
    bench = make_bench(extra_headers="X-Way: secret-of-the-road\nX-Mode: plain")
    route = server.route().respond(200, json={"a": "secret-of-the-road", "b": "plain"})

    exchange = bench.sender.send(case())
    answer = exchange.answer

    assert route.calls.last.request.headers["x-way"] == "secret-of-the-road"
    assert {*exchange.request_headers} >= {("X-Way", "$EXTRA_HEADER_X-Way"), ("X-Mode", "$EXTRA_HEADER_X-Mode")}
    assert answer
    assert answer.echoes == ()
    assert answer.json == {"a": "$EXTRA_HEADER_X-Way", "b": "plain"}


def test_an_exchange_begins_when_it_leaves(make_bench: Callable[..., Bench], case: Callable[..., Case]) -> None:
    """What waits for others, to leave together with them, has not begun yet."""
    left = datetime(2030, 1, 1, tzinfo=UTC)

    class Late(Transport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.extensions["started"] = left
            return httpx.Response(200)

    assert make_bench(Late()).sender.send(case()).started == left
