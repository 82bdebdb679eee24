"""A doctor and a gate say that a target makes them wait, so that nobody takes it for a hang."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cancel_contract.provider import Provider, Running, running
from cancel_contract.provider.server.wire import Receive, Scope, Send
from cancel_contract.tools.cli import app
from tests.proof.conftest import SETTINGS, Done

ONE = ("--case", "access/showings")
AGAIN = "answered 429 (too many requests): trying again in 1 s\n"


class _Busy:
    """A provider that asks its first caller to wait a second."""

    def __init__(self, provider: Provider) -> None:
        self._provider, self._is_first = provider, True

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on (ASGI)."""
        if self._is_first:
            self._is_first = False
            await send({"type": "http.response.start", "status": 429, "headers": [(b"retry-after", b"1")]})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._provider.app(scope, receive, send)


@pytest.fixture
def busy() -> Iterator[Running]:
    """Yield a server that is busy at first."""
    provider = Provider()
    with running(provider, around=_Busy(provider)) as served:
        yield served


def test_a_doctor_tells_that_it_waits(busy: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the error stream, so that what it finds out can be read by itself."""
    monkeypatch.chdir(tmp_path)
    given = {f"ONELINK_{name}": str(value) for name, value in SETTINGS.items()}

    done = CliRunner().invoke(app, ["doctor", "--target", busy.base_url], env=given)

    assert (done.exit_code, done.stderr) == (0, f"{busy.base_url} {AGAIN}")


def test_a_gate_tells_that_it_waits(busy: Running, gate: Callable[..., Done]) -> None:
    """A gate reports its waits for a throttled target past pytest's capture."""
    done = gate(busy.base_url, *ONE)

    assert (done.code, done.err) == (0, f"\n{busy.base_url} {AGAIN}")


def test_a_worker_tells_that_it_waits(busy: Running, shell: Callable[..., Done]) -> None:
    """The one of them that asks whether the target is fit."""
    done = shell(busy.base_url, "-n", "2", *ONE)

    assert (done.code, done.err) == (0, f"\n{busy.base_url} {AGAIN}")
