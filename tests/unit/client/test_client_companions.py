"""Reading, making and finding appointments, and learning what became of a lost cancel."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import ValidationError

from contracts import fragment
from contracts.client import AnswerLost, BrokenAnswer, NewAppointment, NotFound, ServerError, Throttled
from contracts.yaml_text import parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from contracts.client import CancelClient

    Envelope = Callable[..., dict[str, Any]]

START, END = datetime(2027, 3, 1, 5, 0, tzinfo=UTC), datetime(2027, 3, 1, 5, 30, tzinfo=UTC)
COMPANIONS = parsed(fragment.load().path.with_name("companions.yaml").read_text())


def draft(**fields: Any) -> NewAppointment:  # noqa: ANN401 - whatever the model takes
    """Return a smallest appointment to make, with some fields set."""
    return NewAppointment(resource_id=7, starts_at=START, ends_at=END, client_name="Contract Test", **fields)


def test_get_reads(client: CancelClient, server: respx.MockRouter, envelope: Envelope) -> None:
    """An appointment is read as the server holds it, active or not."""
    server.get("/123").respond(json=envelope(status="confirmed"))

    assert client.get(123).status == "confirmed"


def test_get_is_always_repeatable(
    make_client: Callable[..., CancelClient], server: respx.MockRouter, envelope: Envelope, waits: list[float]
) -> None:
    """Reading is repeated after trouble, whatever holds for cancelling."""
    server.get("/123").mock(side_effect=[httpx.ReadTimeout("slow"), httpx.Response(200, json=envelope())])

    assert make_client(repeat_is_safe=False).get(123).id == 123
    assert waits == [0.2]


@pytest.mark.parametrize(("status", "state"), [("cancelled", "cancelled"), ("scheduled", "not cancelled")])
def test_outcome_is_read_back(  # noqa: PLR0913, PLR0917 - four of them are fixtures
    make_client: Callable[..., CancelClient],
    server: respx.MockRouter,
    cancel: respx.Route,
    envelope: Envelope,
    status: str,
    state: str,
) -> None:
    """After a lost answer, reading back tells whether the cancel was carried out."""
    client = make_client(repeat_is_safe=False)
    cancel.side_effect = httpx.ReadTimeout("slow")
    server.get("/123").respond(json=envelope(status=status))

    with pytest.raises(AnswerLost):
        client.cancel(123)
    outcome = client.what_became_of(123)

    assert outcome.state == state
    assert outcome.appointment is not None
    assert outcome.appointment.status == status
    assert outcome.reason is None


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (500, ServerError), (429, Throttled)])
@pytest.mark.usefixtures("waits")
def test_outcome_is_unknown(
    client: CancelClient, server: respx.MockRouter, status: int, error: type[Exception]
) -> None:
    """When reading back fails too, the outcome is unknown, and says why."""
    server.get("/123").respond(status)

    outcome = client.what_became_of(123)

    assert (outcome.state, outcome.appointment) == ("unknown", None)
    assert type(outcome.reason) is error


@pytest.mark.parametrize("status", [200, 201])
def test_create_makes(client: CancelClient, server: respx.MockRouter, envelope: Envelope, status: int) -> None:
    """Making sends what was given and nothing else, and takes 201, or 200 for a key used before."""
    route = server.post("").respond(status, json=envelope(status="scheduled"))

    made = client.create(draft(client_birth_date=date(1990, 1, 2), service_amount=0, custom_attributes={"a": None}))

    assert made.status == "scheduled"
    assert json.loads(route.calls.last.request.content) == {
        "resource_id": 7,
        "starts_at": "2027-03-01T05:00:00Z",
        "ends_at": "2027-03-01T05:30:00Z",
        "client_name": "Contract Test",
        "client_birth_date": "1990-01-02",
        "service_amount": 0,
        "custom_attributes": {"a": None},
    }


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("slow"), httpx.Response(500)], ids=["lost", "500"])
def test_create_without_a_key_is_not_repeated(
    client: CancelClient, server: respx.MockRouter, trouble: httpx.Response | Exception
) -> None:
    """Making is not repeated blindly: it could make two."""
    route = server.post("").mock(side_effect=[trouble])

    with pytest.raises((AnswerLost, ServerError)):
        client.create(draft())

    assert route.call_count == 1


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("slow"), httpx.Response(500)], ids=["lost", "500"])
def test_create_with_a_key_is_repeated(
    client: CancelClient,
    server: respx.MockRouter,
    envelope: Envelope,
    waits: list[float],
    trouble: httpx.Response | Exception,
) -> None:
    """With an idempotency key, making is repeated with the same key."""
    route = server.post("").mock(side_effect=[trouble, httpx.Response(200, json=envelope())])

    client.create(draft(idempotency_key="k1"))

    assert [json.loads(call.request.content)["idempotency_key"] for call in route.calls] == ["k1", "k1"]
    assert waits == [0.2]


def test_unsent_create_is_repeated(
    client: CancelClient, server: respx.MockRouter, envelope: Envelope, waits: list[float]
) -> None:
    """Making is repeated without a key where nothing had been sent."""
    server.post("").mock(side_effect=[httpx.ConnectError("no"), httpx.Response(201, json=envelope())])

    client.create(draft())

    assert waits == [0.2]


def test_create_in_another_account_is_broken(
    client: CancelClient, server: respx.MockRouter, envelope: Envelope
) -> None:
    """An appointment made in another account is not taken for one of ours."""
    server.post("").respond(201, json=envelope(account_id=5))

    with pytest.raises(BrokenAnswer, match=r"payload/account_id is 5, not 123; "):
        client.create(draft())


def test_draft_takes_the_sibling_fields() -> None:
    """The draft has exactly the fields that the create operation takes, and requires the same ones."""
    schemas = COMPANIONS["components"]["schemas"]
    required = {name for name, field in NewAppointment.model_fields.items() if field.is_required()}

    assert set(NewAppointment.model_fields) == set(schemas["AppointmentChange"]["properties"])
    assert required == set(schemas["NewAppointment"]["allOf"][1]["required"])


def test_draft_refuses_a_misspelt_field() -> None:
    """A field that the create operation does not know is refused before anything is sent."""
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        draft(client_nmae="x")


def test_draft_shows_no_person() -> None:
    """A draft's representation shows no value."""
    assert repr(draft()) == str(draft()) == "<NewAppointment>"


def test_list_finds(client: CancelClient, server: respx.MockRouter, envelope: Envelope) -> None:
    """Listing asks for a stretch of time and some resources, and returns all that the answer holds."""
    route = server.get("").respond(
        json={"payload": [envelope()["payload"], envelope(id=4)["payload"]], "meta": {"count": 2}}
    )

    found = client.starting_between(START, END, resource_ids=[7, 8])

    assert [one.id for one in found] == [123, 4]
    assert dict(route.calls.last.request.url.params) == {
        "from": "2027-03-01T05:00:00+00:00",
        "to": "2027-03-01T05:30:00+00:00",
        "resource_ids": "7,8",
    }


def test_list_of_all_resources(client: CancelClient, server: respx.MockRouter) -> None:
    """Listing without resources does not narrow the question."""
    route = server.get("").respond(json={"payload": [], "meta": {"count": 0}})

    assert client.starting_between(START, END) == ()
    assert set(route.calls.last.request.url.params) == {"from", "to"}


def test_list_needs_a_zone(client: CancelClient) -> None:
    """A moment without a zone is refused: the server would read it as another moment."""
    with pytest.raises(ValueError, match=r"^last has no zone, and the server would read it as UTC; give it one$"):
        client.starting_between(START, END.replace(tzinfo=None))
