"""The record of one exchange."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable


def test_headers_are_joined() -> None:
    """A header that comes twice is one list of values; one that does not come is nothing."""
    answer = Answer(200, (("Vary", "a"), ("vary", "b")), b"")

    assert answer.header("vary") == "a, b"
    assert answer.header("etag") is None


@pytest.mark.parametrize("json", [None, [], "x", {}, {"payload": None}, {"payload": [1]}])
def test_no_envelope_no_payload(exchanged: Callable[..., Exchange], json: object) -> None:
    """Where no object stands in the envelope there is no payload."""
    assert exchanged(200, json).payload is None


def test_what_came_is_a_fact(exchanged: Callable[..., Exchange]) -> None:
    """An answer is shown by its status, trouble by its kind and text."""
    lost = exchanged(answer=None, trouble=Trouble.LOST, trouble_text="reset")

    assert exchanged(409, {"payload": {"id": 1}}).fact == "status is 409"
    assert exchanged(409, {"payload": {"id": 1}}).payload == {"id": 1}
    assert lost.fact == "no answer came (lost: reset)"
    assert (lost.status, lost.payload) == (None, None)


@pytest.mark.parametrize(("asked", "shown", "about"), [(7, 8, 7), (None, 8, 8), (None, "8", None), (None, True, None)])
def test_an_exchange_is_about_what_it_asks_for_or_shows(
    exchanged: Callable[..., Exchange], asked: int | None, shown: object, about: int | None
) -> None:
    """A create names no appointment, and shows one."""
    exchange = exchanged(201, {"payload": {"id": shown}})

    assert replace(exchange, case=replace(exchange.case, appointment=asked)).appointment == about
    assert replace(exchange, case=replace(exchange.case, appointment=None), answer=None).appointment is None


@pytest.mark.parametrize(("status", "refused"), [(399, False), (400, True), (498, True), (499, False), (500, False)])
def test_what_is_refused_is_answered_with_a_4xx(
    exchanged: Callable[..., Exchange], status: int, *, refused: bool
) -> None:
    """A redirect, a failure and an answer that is lost leave open what was done."""
    assert exchanged(status).is_refused is refused
    assert not exchanged(answer=None, trouble=Trouble.LOST).is_refused


@pytest.mark.parametrize(
    ("headers", "is_busy"),
    [
        ({"retry-after": "1"}, True),
        ({"cf-mitigated": "challenge"}, True),
        ({"x-ratelimit-remaining": "0"}, True),
        ({"x-ratelimit-remaining": "10"}, False),
        ({}, False),
    ],
)
def test_a_403_of_a_limiter_is_known_by_its_headers(
    exchanged: Callable[..., Exchange], headers: dict[str, str], *, is_busy: bool
) -> None:
    """A refusal of a right says nothing of when to come back."""
    one = exchanged(answer=Answer(403, tuple(headers.items()), b""))

    assert one.is_busy is one.is_of_gateway is is_busy
    assert not _oddly(one).is_of_gateway


@pytest.mark.parametrize(("body", "is_busy"), [(b"default backend - 404\n", True), (b'{"error": "gone"}', False)])
def test_a_404_of_an_ingress_is_known_by_its_text(
    exchanged: Callable[..., Exchange], body: bytes, *, is_busy: bool
) -> None:
    """While the application is replaced there is nobody behind it."""
    one = exchanged(answer=Answer(404, (), body))

    assert one.is_busy is one.is_of_gateway is is_busy
    assert not _oddly(one).is_of_gateway


def test_whoever_has_no_room_for_an_odd_request_is_busy(exchanged: Callable[..., Exchange]) -> None:
    """It may have come at a bad time; another refusal of it is one for ever."""
    assert all(_oddly(exchanged(status)).is_busy for status in (429, 503, 529))


def _oddly(one: Exchange) -> Exchange:
    return replace(one, case=replace(one.case, intent=Intent.OTHER_PATH))
