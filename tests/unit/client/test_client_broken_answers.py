"""What the client has against a yes that cannot be relied on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.client import BrokenAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from contracts.client import CancelClient

    Envelope = Callable[..., dict[str, Any]]

URL = "https://one-link.test/api/v1/accounts/123/scheduling/appointments/123/cancel"
STATUSES = "'scheduled', 'confirmed', 'completed', 'cancelled' or 'no_show'"
REMEDY = "read the appointment back, and tell the provider"


def said(client: CancelClient) -> str:
    """Return what a cancel's broken answer is told as."""
    with pytest.raises(BrokenAnswer) as caught:
        client.cancel(123)
    assert caught.value.__context__ is None
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "content_type", "fact"),
    [
        (b"", "application/json", "the body is empty"),
        (b"ok", "application/json", "the body is no JSON"),
        (b'{"payload": {"id": 123, "acc', "application/json", "the body is no JSON"),
        (b"\xff\xfe", "application/json", "the body is no JSON"),
        (b"<html>", "text/html; charset=utf-8", "the content type is text/html, not application/json"),
        (b"{}", "text/plain", "the content type is text/plain, not application/json"),
        (b"{}", "text/t0ken", "the content type is another, not application/json"),
        (b"{}", "application/json; charset=utf-8", "payload: Field required"),
        (b'{"id": 123}', "application/json", "payload: Field required"),
        (b"[]", "application/json", "body: Input should be an object"),
        (b"null", "application/json", "body: Input should be an object"),
        (b'{"payload": []}', "APPLICATION/JSON", "payload: Input should be an object"),
    ],
)
def test_body_that_is_no_answer(
    client: CancelClient, cancel: respx.Route, content: bytes, content_type: str, fact: str
) -> None:
    """A body that is no JSON, or no envelope, is told as what it is."""
    cancel.respond(200, content=content, content_type=content_type)

    assert said(client) == f"POST {URL}: {fact}; {REMEDY}"


def test_no_content_type(client: CancelClient, cancel: respx.Route) -> None:
    """A body without a content type is not looked at."""
    cancel.mock(return_value=httpx.Response(200, content=b"{}"))

    assert said(client) == f"POST {URL}: the content type is missing, not application/json; {REMEDY}"


@pytest.mark.parametrize("status", [201, 202, 204])
def test_other_success(client: CancelClient, cancel: respx.Route, status: int, envelope: Envelope) -> None:
    """A success of another status than the documented one is no success."""
    cancel.respond(status, json=envelope())

    assert said(client) == f"POST {URL}: status is {status}, not 200; {REMEDY}"


@pytest.mark.parametrize(
    ("fields", "fact"),
    [
        ({"status": "canceled"}, f"payload/status: Input should be {STATUSES}"),
        ({"id": None}, "payload/id: Input should be a valid integer"),
        ({"id": 123.0}, "payload/id: Input should be a valid integer"),
        ({"id": True}, "payload/id: Input should be a valid integer"),
        ({"id": "123"}, "payload/id: Input should be a valid integer"),
        ({"contact_id": 2**63}, "payload/contact_id: Input should be less than or equal to 9223372036854775807"),
        ({"service_amount": -1}, "payload/service_amount: Input should be greater than or equal to 0"),
        ({"duration_min": 4}, "payload/duration_min: Input should be greater than or equal to 5"),
        ({"starts_at": "2027-03-01T01:00:00"}, "payload/starts_at: Value error, no RFC 3339 moment"),
        ({"starts_at": "2027-02-30T01:00:00Z"}, "payload/starts_at: Value error, no RFC 3339 moment"),
        ({"client_birth_date": "2027-02-30"}, "payload/client_birth_date: Value error, no calendar day"),
        ({"client_birth_date": "25.12.2023"}, "payload/client_birth_date: Value error, no calendar day"),
        ({"client_name": None}, "payload/client_name: Input should be a valid string"),
        ({"payments": None}, "payload/payments: Input should be a valid array"),
        (
            {"payments": [{"id": 1, "amount": 0, "payment_method": "cash", "payment_kind": "prepaid"}]},
            "payload/payments/0/amount: Input should be greater than or equal to 1",
        ),
        ({"expense": []}, "payload/expense: Input should be an object"),
        (
            {"id": 0, "account_id": 0, "resource_id": None, "client_name": 7, "payment_status": 1},
            (
                "payload/id: Input should be greater than or equal to 1, "
                "payload/account_id: Input should be greater than or equal to 1, "
                "payload/resource_id: Input should be a valid integer, and 2 more"
            ),
        ),
    ],
)
def test_field_that_is_not_as_promised(
    client: CancelClient, cancel: respx.Route, envelope: Envelope, fields: dict[str, Any], fact: str
) -> None:
    """A field that breaks the fragment is told by its place and what it has to be, never by its value."""
    cancel.respond(json=envelope(**fields))

    assert said(client) == f"POST {URL}: {fact}; {REMEDY}"


def test_missing_field(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A documented field that is missing is told by its place."""
    body = envelope()
    del body["payload"]["payment_status"]
    cancel.respond(json=body)

    assert said(client) == f"POST {URL}: payload/payment_status: Field required; {REMEDY}"


def test_broken_encoding(client: CancelClient, cancel: respx.Route) -> None:
    """An answer that says gzip and is none cannot be relied on."""
    cancel.side_effect = httpx.DecodingError("Error -3 while decompressing data")

    assert said(client) == f"POST {URL}: the answer's content encoding is broken; {REMEDY}"


def test_broken_answer_is_not_asked_for_again(client: CancelClient, cancel: respx.Route, waits: list[float]) -> None:
    """A broken yes ends the call: asking again would hide it."""
    cancel.respond(json={})

    said(client)

    assert (cancel.call_count, waits) == (1, [])


def test_personal_data_is_not_told(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """No value of an answer reaches the error, its notes or its context."""
    secret = "Иванов-850101300123"
    fields = dict.fromkeys(envelope()["payload"], secret)
    cancel.respond(content=json.dumps({"payload": fields}), content_type="application/json")

    with pytest.raises(BrokenAnswer) as caught:
        client.cancel(123)

    assert secret not in f"{caught.value!r}{vars(caught.value)}{caught.value.__context__}"
