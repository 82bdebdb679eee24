"""Keeps unit tests from the network and the machine's settings, and builds guard, sender and supply for them."""

from __future__ import annotations

import gc
import json
import os
from datetime import UTC, datetime, tzinfo
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import hypothesis
import pytest
import respx
from pytest_socket import disable_socket

from cancel_contract.errors import Refused
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.guard.budget import Limits
from cancel_contract.guard.wire import Transport, Wire
from cancel_contract.supply.journal import Journal
from cancel_contract.target.settings import Settings
from cancel_contract.target.target import Target
from tests.unit.bench import Bench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


BASE_URL = "http://127.0.0.1:9"
TOKEN = "Token7f3cA91e7Bb2D4860"
GOOD = {"ONELINK_BASE_URL": "https://staging.test", "ONELINK_API_TOKEN": TOKEN, "ONELINK_ACCOUNT_ID": "1"}
"""An environment that names a target, and nothing else."""
NOWHERE = Path("/nowhere/.env")
"""A file of settings that is not there."""
_SCRUBBED = ("ONELINK_", "SSL_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


# Drawn anew for each run, under a deadline or out of a folder, an example would fail on some machines alone.
hypothesis.settings.register_profile(
    "anywhere", deadline=None, database=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("anywhere")


def pytest_configure() -> None:
    """Look for no garbage while modules are loaded: hardly anything of theirs is."""
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what a thread or a finalizer raises fail a test, here and not in the contract's own items."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"))
            item.add_marker(pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"))


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what is loaded: little of what tests make goes in circles."""
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close every way to a network, and forget what the machine has set."""
    for name in [name for name in os.environ if name.upper().startswith(_SCRUBBED)]:
        monkeypatch.delenv(name)
    # Event loops wake themselves up through a pair of unix sockets.
    disable_socket(allow_unix_socket=True)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
"""The time of tests in which it stands still."""


class Still(datetime):
    """The machine's clock, stopped; a test puts it in the place of a module's `datetime`."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one, as all others are
        """Return the time of the tests, in UTC without a zone."""
        return NOW.astimezone(tz or UTC)


@pytest.fixture
def make_target() -> Callable[..., Target]:
    """Make targets that differ in their settings."""

    def make(**settings: Any) -> Target:  # noqa: ANN401 - whatever the settings take
        usual: dict[str, Any] = {"base_url": BASE_URL, "api_token": TOKEN, "account_id": 1, "resource_id": 9}
        return Target(Settings(**(usual | settings)))

    return make


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the files of a certificate authority and of a client, by the settings that take them."""
    import trustme  # noqa: PLC0415 - it takes long to load

    folder, authority = tmp_path_factory.mktemp("certificates"), trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("client.test").private_key_and_cert_chain_pem.write_to_path(folder / "client.pem")
    return {"ca_bundle": folder / "ca.pem", "client_cert": folder / "client.pem"}


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return names of folders that are not there yet; most are never made."""
    home = tmp_path_factory.mktemp("folders")
    return (home / str(number) for number in count())


@pytest.fixture
def make_bench(make_target: Callable[..., Target], folders: Iterator[Path]) -> Callable[..., Bench]:
    """Make benches that differ in settings, limits or wire."""

    def make(wire: Transport | None = None, limits: Limits | None = None, **settings: Any) -> Bench:  # noqa: ANN401 - whatever the settings take
        target = make_target(**settings)
        journal = Journal("0000000a", str(target.url), 1, next(folders))
        return Bench(target, wire or Wire(target), limits or Limits(1000, 100, 8, None), journal)

    return make


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """Return the bench with its usual settings."""
    return make_bench()


class Inner(Transport):
    """The wire, as the guard sees it: it keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []
        self.closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer 200 to whatever comes."""
        self.sent.append(request)
        return httpx.Response(200)

    def close(self) -> None:
        """Note that nothing more is sent."""
        self.closed = True


@pytest.fixture
def inner() -> Inner:
    """Return a wire that keeps what it is given."""
    return Inner()


@pytest.fixture
def case() -> Callable[..., Case]:
    """Make cases that cancel appointment 5001, but for what a test says."""

    def make(**parts: Any) -> Case:  # noqa: ANN401 - parts of a case
        usual: dict[str, Any] = {"key": "test", "intent": Intent.FIRST, "path": ACTION.path(1, 5001)}
        return Case(**(usual | parts))

    return make


@pytest.fixture
def refused(make_bench: Callable[..., Bench], inner: Inner, case: Callable[..., Case]) -> Callable[..., str]:
    """Send a case that the guard refuses; gives the reason."""
    bench = make_bench(inner)

    def send(**parts: Any) -> str:  # noqa: ANN401 - parts of a case
        before = len(inner.sent)
        with pytest.raises(Refused) as caught:
            bench.sender.send(case(**parts))
        assert len(inner.sent) == before
        assert bench.budget.requests == 0
        return str(caught.value).partition(" was not sent: ")[2]

    return send


@pytest.fixture
def passes(make_bench: Callable[..., Bench], inner: Inner, case: Callable[..., Case]) -> Callable[..., None]:
    """Send a case that the guard lets leave."""
    bench = make_bench(inner)

    def send(**parts: Any) -> None:  # noqa: ANN401 - parts of a case
        before = len(inner.sent)
        bench.sender.send(case(**parts))
        assert len(inner.sent) == before + 1

    return send


@pytest.fixture
def server() -> Iterator[respx.MockRouter]:
    """Yield the routes of a server that answers nothing until a test says so."""
    with respx.mock(base_url=BASE_URL, assert_all_called=False) as router:
        yield router


@pytest.fixture
def exchanged(case: Callable[..., Case]) -> Callable[..., Exchange]:
    """Make exchanges that ended with an answer of our choice."""

    def make(status: int = 200, json: object = None, **parts: Any) -> Exchange:  # noqa: ANN401 - parts of an exchange
        usual: dict[str, Any] = {
            "number": 1,
            "case": case(),
            "url": BASE_URL,
            "request_headers": (),
            "request_body": b"",
            "started": datetime.now().astimezone(),
            "elapsed": 0.1,
            "answer": Answer(status, (), b"", json),
        }
        return Exchange(**(usual | parts))

    return make


_CANCEL_URL = "https://one-link.test/api/v1/accounts/3/scheduling/appointments/7/cancel"
_TOKEN_HEADER = (("api_access_token", "$ONELINK_API_TOKEN"),)


@pytest.fixture(scope="session")
def exchange() -> Callable[..., Exchange]:
    """Return a maker of exchanges."""

    def make(  # noqa: PLR0913  every part has its default
        status: int = 200,
        body: object = None,
        *,
        kind: str | None = "application/json",
        url: str = _CANCEL_URL,
        method: str = "POST",
        headers: tuple[tuple[str, str], ...] = _TOKEN_HEADER,
        sent: bytes = b"",
        key: str = "effect/plain#first",
    ) -> Exchange:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        value, fault = parse_json(raw)
        answer = Answer(status, (("content-type", kind),) if kind else (), raw, value, fault)
        always = (("Host", "one-link.test"), ("Content-Length", "0"), ("Accept", "application/json"))
        case = Case(key, Intent.FIRST, "/", method)
        started = datetime(2026, 11, 2, tzinfo=UTC)
        return Exchange(1, case, url, (*always, *headers), sent, started, 0.1, answer)

    return make
