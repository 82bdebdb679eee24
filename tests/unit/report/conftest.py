"""Makes exchanges as a sender records them, secrets out already."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from contracts.case import Case, Intent
from contracts.exchange import Answer, Exchange
from contracts.strict_json import parse_json

URL = "https://one-link.test/api/v1/accounts/3/scheduling/appointments/7/cancel"
TOKEN = (("api_access_token", "$ONELINK_API_TOKEN"),)


@pytest.fixture(scope="session")
def exchange() -> Callable[..., Exchange]:
    """Give a maker of exchanges."""

    def make(  # noqa: PLR0913  every part has its default
        status: int = 200,
        body: object = None,
        *,
        kind: str | None = "application/json",
        url: str = URL,
        method: str = "POST",
        headers: tuple[tuple[str, str], ...] = TOKEN,
        sent: bytes = b"",
        key: str = "effect/plain#first",
    ) -> Exchange:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        value, fault = parse_json(raw)
        answer = Answer(status, (("content-type", kind),) if kind else (), raw, value, fault)
        always = (("Host", "one-link.test"), ("Content-Length", "0"), ("Accept", "application/json"))
        case = Case(key, Intent.CANCEL, "/", method)
        started = datetime(2026, 11, 2, tzinfo=UTC)
        return Exchange(1, case, url, (*always, *headers), sent, started, 0.1, answer)

    return make
