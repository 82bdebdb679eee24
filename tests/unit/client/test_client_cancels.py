"""What a cancel gives when the server answers it, the first time and again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.client import Appointment, BrokenAnswer, Conflict, NotFound, ServerError, Unprocessable

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from contracts.client import CancelClient

    Envelope = Callable[..., dict[str, Any]]

URL = "https://one-link.test/api/v1/accounts/123/scheduling/appointments/123/cancel"


def test_cancel_gives_the_appointment(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A cancel returns the appointment that the answer holds, in Python's own types."""
    cancel.respond(json=envelope())

    found = client.cancel(123)

    assert isinstance(found, Appointment)
    assert (found.id, found.status, found.payment_status) == (123, "cancelled", "cancelled")
    assert found.starts_at == datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC)
    assert found.client_birth_date == date(2023, 12, 25)
    assert [payment.amount for payment in found.payments] == [1000, 4000]
    assert found.expense is not None
    assert found.expense.amount == 2000


def test_cancel_asks_as_documented(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A cancel is one POST without a body, with the token in its header, that accepts JSON."""
    cancel.respond(json=envelope())

    client.cancel(123)

    (call,) = cancel.calls
    assert str(call.request.url) == URL
    assert call.request.content == b""
    assert call.request.headers["api_access_token"] == "t0ken-of-the-tests"
    assert call.request.headers["accept"] == "application/json"
    assert "authorization" not in call.request.headers


def test_second_cancel_answered_the_same(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A second cancel that is answered as the first was gives an equal appointment."""
    cancel.respond(json=envelope())

    assert client.cancel(123) == client.cancel(123)


def test_second_cancel_answered_differently(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A second cancel gives what its own answer holds, not what the first one held."""
    cancel.side_effect = [
        httpx.Response(200, json=envelope()),
        httpx.Response(200, json=envelope(service_amount=0, expense=None)),
    ]

    first, second = client.cancel(123), client.cancel(123)

    assert first != second
    assert (second.service_amount, second.expense) == (0, None)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (409, {"error": "no", "code": "ALREADY_CANCELLED"}, Conflict),
        (422, {"error": "no", "code": "VALIDATION_ERROR"}, Unprocessable),
        (404, {"error": "Resource could not be found"}, NotFound),
        (500, {"status": 500, "error": "Internal Server Error"}, ServerError),
    ],
)
def test_second_cancel_refused(  # noqa: PLR0913, PLR0917 - three of them are fixtures
    make_client: Callable[..., CancelClient],
    cancel: respx.Route,
    envelope: Envelope,
    status: int,
    body: dict[str, Any],
    error: type[Exception],
) -> None:
    """A second cancel that is not answered 200 raises what its status means, though the first one succeeded."""
    client = make_client(repeat_is_safe=False)
    cancel.side_effect = [httpx.Response(200, json=envelope()), httpx.Response(status, json=body)]

    client.cancel(123)
    with pytest.raises(error) as caught:
        client.cancel(123)

    assert type(caught.value) is error
    assert cancel.call_count == 2


def test_extra_fields_are_kept(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A field that the documentation does not name is kept as it came."""
    cancel.respond(json=envelope(source="manual", custom_attributes={"a": [1.5, None]}))

    found = client.cancel(123)

    assert found.model_extra == {"source": "manual", "custom_attributes": {"a": [1.5, None]}}


def test_huge_numbers_are_kept(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """Numbers of 64 bits and more come through digit by digit."""
    cancel.respond(json=envelope(contact_id=2**63 - 1, service_amount=10**30))

    found = client.cancel(123)

    assert (found.contact_id, found.service_amount) == (2**63 - 1, 10**30)


@pytest.mark.parametrize("ascii_only", [True, False], ids=["escaped", "raw"])
def test_text_of_any_script_is_kept(
    client: CancelClient, cancel: respx.Route, envelope: Envelope, *, ascii_only: bool
) -> None:
    """Text beyond ASCII comes through, escaped or raw."""
    name = "Әлия Ұлжан 漢字 🙂\u2028"
    body = json.dumps(envelope(client_name=name), ensure_ascii=ascii_only).encode()
    cancel.respond(content=body, content_type="application/json; charset=utf-8")

    assert client.cancel(123).client_name == name


def test_answer_about_another_appointment(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A yes about another appointment than the one asked for cannot be relied on."""
    cancel.respond(json=envelope(id=124))

    with pytest.raises(BrokenAnswer) as caught:
        client.cancel(123)

    assert str(caught.value) == (
        f"POST {URL}: payload/id is 124, not 123; read the appointment back, and tell the provider"
    )


def test_answer_about_another_account(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A yes about another account than the one asked for cannot be relied on."""
    cancel.respond(json=envelope(account_id=9))

    with pytest.raises(BrokenAnswer) as caught:
        client.cancel(123)

    assert str(caught.value) == (
        f"POST {URL}: payload/account_id is 9, not 123; read the appointment back, and tell the provider"
    )


def test_yes_without_effect(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A yes to a cancel that shows an active appointment is no success."""
    cancel.respond(json=envelope(status="scheduled"))

    with pytest.raises(BrokenAnswer) as caught:
        client.cancel(123)

    assert str(caught.value) == (
        f"POST {URL}: payload/status is scheduled, not cancelled; read the appointment back, and tell the provider"
    )


def test_no_session_grows(client: CancelClient, cancel: respx.Route, envelope: Envelope) -> None:
    """A cookie that the server sets is not sent back: the token is all there is to a caller."""
    cancel.respond(json=envelope(), headers={"set-cookie": "session=stolen; Path=/"})

    client.cancel(123)
    client.cancel(123)

    assert "cookie" not in cancel.calls.last.request.headers
