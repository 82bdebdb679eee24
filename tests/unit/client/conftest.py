"""One client and one fake server for all tests of the client; waiting takes no time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx

from contracts import fragment
from contracts.client import CancelClient, Retries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BASE_URL = "https://one-link.test"
TOKEN = "t0ken-of-the-tests"
PATH = "/api/v1/accounts/123/scheduling/appointments"


@pytest.fixture(scope="session")
def transport() -> Iterator[httpx.HTTPTransport]:
    """One transport for every client: a new one costs 20 ms, for its certificates."""
    with httpx.HTTPTransport() as made:
        yield made


@pytest.fixture(scope="session")
def make_client(transport: httpx.HTTPTransport) -> Callable[..., CancelClient]:
    """Make clients that differ in how they repeat."""

    def make(**options: Any) -> CancelClient:  # noqa: ANN401 - whatever the client takes
        usual = {"transport": transport, "retries": Retries(jitter=0)}
        return CancelClient(BASE_URL, 123, TOKEN, **usual | options)

    return make


@pytest.fixture(scope="session")
def client(make_client: Callable[..., CancelClient]) -> CancelClient:
    """Give the client with its usual settings, save that it waits without jitter."""
    return make_client()


@pytest.fixture
def server() -> Iterator[respx.MockRouter]:
    """Give the routes of a server that answers nothing until a test says so."""
    with respx.mock(base_url=BASE_URL + PATH, assert_all_called=False) as router:
        yield router


@pytest.fixture
def cancel(server: respx.MockRouter) -> respx.Route:
    """Give the route that cancels appointment 123."""
    return server.post("/123/cancel")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect the waits between attempts instead of waiting."""
    collected: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=collected.append))
    return collected


@pytest.fixture
def envelope() -> Callable[..., dict[str, Any]]:
    """Make the fragment's full example, with some fields set."""
    example = fragment.load().resolve("/components/examples/FullAppointment/value")["payload"]

    def make(**fields: object) -> dict[str, Any]:
        return {"payload": example | fields}

    return make
