"""Requests with every body that a cancel has no use for."""

from collections.abc import Iterator
from typing import Any

from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from tests.unit.provider.scripts import Make

_UNUSED: tuple[dict[str, Any], ...] = (
    {"origin": "https://example.test"},
    {"referer": "https://example.test/"},
    {"accept_language": "de", "if_none_match": "*"},
    {"range": "bytes=0-9"},
    {"query": "locale=kk"},
    {"query": "page=2"},
    {"query": "status=no_show"},
    {"data": {"keep_payment": True}},
    {"content_type": "application/json; charset=utf-8"},
    {"data": {"service_id": 997, "contact_id": 998, "idempotency_key": "x", "settlement_payment_method": "cash"}},
    {"data": {"cancellation_reason": "Fell ill", "data": {"attributes": {"status": "confirmed"}}}},
    {"data": {"fee": 1, "no_show": True, "cancelled_at": "2031-05-05T05:00:00Z"}},
)
"""Headers, parameters and fields of which a cancel knows none."""
_LAST: tuple[dict[str, Any], ...] = ({"data": {"force": True}}, {"data": {"delete": True}})
"""Bodies after which a careless provider has no appointment left."""


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
    for parts in (*given, {"query": "dry_run=true"}, *_UNUSED, {"transfer_encoding": "chunked"}, *_LAST):
        yield [make("PATCH", f"appointments/{second}", data={"status": "scheduled"})]
        yield [make("POST", f"appointments/{second}/cancel", **parts)]
        yield [make("GET", f"appointments/{second}")]
        yield [make("GET", f"appointments/{third}")]
    yield [make("GET", f"appointments/{first}")]


def other_types(make: Make, number: int) -> Iterator[list[Request]]:
    """Bring fields in bodies of other types than JSON to an appointment."""
    part = b'--b\r\nContent-Disposition: form-data; name="client_name"\r\n\r\nX\r\n--b--\r\n'
    for kind, body in (
        ("application/merge-patch+json", b'{"status": "scheduled"}'),
        ("application/x-www-form-urlencoded", b"client_name=X"),
        ("application/x-www-form-urlencoded", b""),
        ("application/json", b""),
        ("text/plain;charset=UTF-8", b'{"reason": "ill"}'),
        ("multipart/form-data; boundary=b", part),
    ):
        yield [make("POST", f"appointments/{number}/cancel", body=body, content_type=kind)]


def asked_besides(make: Make, first: int) -> Iterator[list[Request]]:
    """Cancel as callers do who send more than others: weights, a trace, one key for two, parameters."""
    more = (
        {"accept": "application/json;q=0.9"},
        {"traceparent": "00-1-1-01"},
        {"query": "debug=1"},
        {"query": "include=x"},
    )
    for parts in (*more, {"idempotency_key": "k"}):
        yield [make("POST", f"appointments/{first}/cancel", **parts)]
    yield [make("POST", f"appointments/{first + 1}/cancel", idempotency_key="k")]
