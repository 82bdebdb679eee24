"""Runs against a provider that answers from memory: no socket is opened, and a run takes a fraction of a second."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import httpx
import pytest

from cancel_contract.fragment.document import load
from cancel_contract.guard.request import NO_PATIENCE
from cancel_contract.guard.wire import Transport
from cancel_contract.ledger.exit_code import Exit, exit_code
from cancel_contract.provider import Provider
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.assembly import opened
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.finding import Finding
from cancel_contract.run.preflight import examine
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.run import Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.session import Choice, Contract
from cancel_contract.run.share import Share
from cancel_contract.target.target import Target

BASE_URL = "http://127.0.0.1:9"
PLAIN = "effect/confirmed-ahead-cyrillic-720-contact"
"""A scenario that cancels one appointment once and reads it back."""
TODAY = date(2026, 11, 24)
WAIT = f"another gate runs against {BASE_URL}, account 3: wait until it has ended"
Opened = Callable[..., AbstractContextManager[Run]]
Named = Callable[..., tuple[Scenario, ...]]
Examined = Callable[..., tuple[Finding, ...]]
Sessions = Callable[..., Contract]


@dataclass
class Memory(Transport):
    """The wire to a provider in this process; a test may stand between them, before and after."""

    provider: Provider
    before: Callable[[Request], Request | httpx.Response | Exception] = lambda request: request
    after: Callable[[Request, httpx.Response], httpx.Response] = lambda _, response: response
    asked: list[Request] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def idle(self) -> int:
        """No connection has to be opened first."""
        return 64

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Have the provider answer."""
        path, _, query = request.extensions["target"].decode("latin-1").partition("?")
        headers = tuple((name.decode().lower(), value.decode("latin-1")) for name, value in request.headers.raw)
        asked = Request(request.method, path, query, headers, request.read())
        request.extensions["elapsed"] = 0.001
        with self._lock:
            self.asked.append(asked)
            passed = self.before(asked)
            if isinstance(passed, Exception):
                raise passed
            response = passed if isinstance(passed, httpx.Response) else self.after(passed, self._answer(passed))
        if request.extensions["timeout"]["read"] == NO_PATIENCE:
            raise httpx.ReadTimeout("nobody waits for it")
        return response

    def _answer(self, request: Request) -> httpx.Response:
        answer = _done(self.provider.answer(request))
        body = b"" if request.method == "HEAD" else answer.body
        return httpx.Response(answer.status, headers=list(answer.headers), content=body)


def _done(answering: Coroutine[Any, Any, Answer]) -> Answer:
    """Run what waits for nothing; to open an event loop for it takes longer than the answer."""
    try:
        while True:
            answering.send(None)
    except StopIteration as ended:
        answer: Answer = ended.value
        return answer


def remembering(patch: pytest.MonkeyPatch) -> Memory:
    """Return the wire to an honest provider."""
    # Nothing is under way any more once the provider has answered.
    patch.setattr("cancel_contract.run.scenarios.repeat.PAUSE", 0.0)
    return Memory(Provider())


@pytest.fixture(scope="session")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all runs: a journal bears the name of its run."""
    return tmp_path_factory.mktemp("journals")


@pytest.fixture
def memory(journals: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Return the wire to an honest provider; whatever is written goes to a folder of the tests."""
    monkeypatch.chdir(journals)
    return remembering(monkeypatch)


@pytest.fixture
def make_run(memory: Memory) -> Opened:
    """Open runs that differ in their settings; the target is one as any other, not the embedded one."""

    @contextmanager
    def make(share: Share | None = None, **settings: Any) -> Iterator[Run]:  # noqa: ANN401 - values of any setting
        with opened(Target(seeded_settings(BASE_URL, **settings)), share=share, wire=memory) as run:
            # Nobody has to wait for a pause between two tries.
            run.budget.sleep = lambda _: None
            yield run

    return make


def code(run: Run) -> Exit:
    """Return the exit code that a run has come to."""
    return exit_code(run.ledger.finished(lambda _: False), run.ledger)


@pytest.fixture(scope="session")
def named() -> Callable[..., tuple[Scenario, ...]]:
    """Return scenarios of the gate by the beginnings of their names."""
    every = scenarios(Profile.GATE, load())
    return lambda *names: tuple(one for one in every if one.name.startswith(names or ("",)))


@pytest.fixture
def session(memory: Memory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sessions:
    """Make sessions against the provider in memory; locks lie in a folder of the test's own."""
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))

    def make(share: Share | None = None, *, partial: bool = False, **parts: Any) -> Contract:  # noqa: ANN401 - parts of a choice
        settings = parts.pop("settings", seeded_settings(BASE_URL))
        return Contract(Choice(settings, Profile.GATE, **parts), load(), share or Share(), partial, wire=memory)

    return make


def played(contract: Contract, *scenarios: Scenario) -> Contract:
    """Play scenarios in a session, and end its run."""
    run = contract.begun()
    for scenario in scenarios:
        run.play(scenario)
    contract.finish()
    return contract


@pytest.fixture
def examined(make_run: Opened, memory: Memory) -> Callable[..., tuple[Finding, ...]]:
    """Examine a target with some settings; nothing is ever written there."""

    def examine_it(**settings: Any) -> tuple[Finding, ...]:  # noqa: ANN401 - values of any setting
        with make_run(**settings) as run:
            findings = tuple(examine(run.context))
        assert {request.method for request in memory.asked} <= {"GET"}
        return findings

    return examine_it
