"""Calls a provider in process: requests go in as values, answers come out as values, and no socket is opened."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import pytest

from cancel_contract.provider import SEED, Provider
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.store.store import Clock

BASE = f"/api/v1/accounts/{SEED.account_id}/scheduling"

Ask = Callable[..., Answer]
T = TypeVar("T")


@dataclass(frozen=True)
class Runner:
    """Runs coroutines to their end; asyncio's own handles Ctrl-C for each, which takes as long as they do."""

    loop: asyncio.AbstractEventLoop

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Return what a coroutine returns."""
        return self.loop.run_until_complete(coroutine)


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """Yield one event loop for all calls."""
    with asyncio.Runner() as opened:
        yield Runner(opened.get_loop())


@pytest.fixture(scope="session")
def request_for() -> Callable[..., Request]:
    """Return a maker of requests; a path without a leading slash is one of the seeded account's scheduling API."""

    def make(  # noqa: PLR0913 - every part of a request has its default
        method: str,
        path: str,
        *,
        query: str = "",
        token: str | None = SEED.member_token,
        data: object = None,
        body: bytes = b"",
        **headers: str,
    ) -> Request:
        named = {"accept": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if token is not None:
            named["api_access_token"] = token
        if data is not None:
            named["content-type"], body = "application/json", json.dumps(data).encode()
        return Request(method, path if path[0] == "/" else f"{BASE}/{path}", query, tuple(named.items()), body)

    return make


@pytest.fixture
def asking(runner: Runner, request_for: Callable[..., Request]) -> Callable[[Provider], Ask]:
    """Return a maker of callers for any provider."""
    return lambda provider: lambda *parts, **named: runner.run(provider.answer(request_for(*parts, **named)))


@pytest.fixture(scope="session")
def clock() -> Clock:
    """Return a clock that stands still, so that nothing depends on how long a test takes."""
    return lambda: datetime(2030, 10, 14, 9, 26, 53, 589_793, UTC)


@pytest.fixture
def provider() -> Provider:
    """Return an honest, fresh provider with few strangers."""
    return Provider(strangers=4)


@pytest.fixture
def ask(asking: Callable[[Provider], Ask], provider: Provider) -> Ask:
    """Return a caller of the honest provider."""
    return asking(provider)


@pytest.fixture
def draft() -> Callable[..., dict[str, Any]]:
    """Return a maker of bodies for the create endpoint, each on a day of its own."""
    days = count(1)

    def make(**fields: object) -> dict[str, Any]:
        day = next(days)
        times = {"starts_at": f"2031-03-{day:02}T05:00:00Z", "ends_at": f"2031-03-{day:02}T05:30:00Z"}
        return {"resource_id": SEED.resource_id, **times, "client_name": "Contract test", **fields}

    return make


@pytest.fixture
def made(ask: Ask, draft: Callable[..., dict[str, Any]]) -> Callable[..., int]:
    """Return a maker of appointments at the honest provider."""

    def make(**fields: object) -> int:
        answer = ask("POST", "appointments", data=draft(**fields))
        assert answer.status == 201, answer.body
        return int(json.loads(answer.body)["payload"]["id"])

    return make


@pytest.fixture
def payload() -> Callable[[Answer], dict[str, Any]]:
    """Return the reader of an answer's payload."""

    def read(answer: Answer) -> dict[str, Any]:
        assert answer.status in {200, 201}, answer.body
        found: dict[str, Any] = json.loads(answer.body)["payload"]
        return found

    return read
