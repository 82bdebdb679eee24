"""Requests with every body that a cancel has no use for."""

from collections.abc import Callable, Iterator
from typing import Any

from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request

Make = Callable[..., Request]


def bodies(make: Make, first: int) -> Iterator[list[Request]]:
    """Bring each to an appointment that is active, and look at it and at the one beside it."""
    second, third, path = first + 1, first + 2, f"appointments/{first}/cancel"
    yield [make("POST", path, data={"account_id": SEED.foreign_account_id})]
    yield [make("POST", path, query=f"account_id={SEED.foreign_account_id}")]
    yield [make("GET", f"appointments/{first}")]
    shapes: tuple[object, ...] = ([third], {"ids": [third]}, "scheduled", {}, {"dry_run": True}, {"confirm": False})
    asked: tuple[object, ...] = ({"notify": True}, {"reason": "no_show"}, {"reason": "ill"}, {"reason": "x" * 300})
    fields = {"custom_attributes": {"a": 1}, "updated_at": "2030-01-01T00:00:00Z"}
    envelope = {"payload": {"id": first, "status": "scheduled", "updated_at": "2030-01-01T00:00:00Z"}}
    given: list[dict[str, Any]] = [{"data": data} for data in (*shapes, *asked, fields, envelope, {"refund": True})]
    for parts in (*given, {"query": "dry_run=true"}, {"transfer_encoding": "chunked"}, {"data": {"force": True}}):
        yield [make("PATCH", f"appointments/{second}", data={"status": "scheduled"})]
        yield [make("POST", f"appointments/{second}/cancel", **parts)]
        yield [make("GET", f"appointments/{second}")]
        yield [make("GET", f"appointments/{third}")]
    yield [make("GET", f"appointments/{first}")]


def asked_besides(make: Make, first: int) -> Iterator[list[Request]]:
    """Cancel as callers do who send more than others: weights, and a trace."""
    for parts in ({"accept": "application/json;q=0.9"}, {"traceparent": "00-1-1-01"}):
        yield [make("POST", f"appointments/{first}/cancel", **parts)]
