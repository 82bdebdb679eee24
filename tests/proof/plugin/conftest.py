"""Runs pytest with the plugin in this process; no scenario sends anything."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.fragment.document import load
from cancel_contract.run import embedded
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios import Scenario
from cancel_contract.run.session import Choice
from cancel_contract.target.settings import Settings
from cancel_contract.target.target import Target
from tests.unit.conftest import _alone

__all__ = ("_alone", "session")

PLAYED = """
import pytest
from cancel_contract.plugin.play import play

@pytest.mark.contract("effect", "repeat")
def test_contract(contract, scenario, note):
    play(contract, scenario, note)
"""
OWN = "def test_own():\n    assert {}\n"
ONE = ("--clause", "answer/status-200")
TOKEN = "t0ken-of-the-tests"
EXAMPLE = load().resolve("/components/examples/FullAppointment/value")["payload"]
STARTED = datetime(2026, 11, 2, tzinfo=UTC)
Plays = dict[str, Callable[[Context], None]]
Sessions = Callable[..., pytest.RunResult]


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Return a runner of pytest in which scenarios are played that send nothing."""
    for name in [name for name in os.environ if name.startswith("ONELINK_")]:
        monkeypatch.delenv(name)
    # To find out what other plugins there are takes longer than the session.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_contract=PLAYED)

    @contextmanager
    def standing(settings: Settings) -> Iterator[Target]:
        yield embedded.shown(settings)

    def run(*options: str, plays: Plays | None = None, **settings: str) -> pytest.RunResult:
        scenarios = tuple(Scenario(name, play) for name, play in (plays or {}).items())
        monkeypatch.setattr(embedded, "embedded", standing)
        monkeypatch.setattr(Choice, "scenarios", lambda *_: scenarios)
        for name, value in settings.items():
            monkeypatch.setenv(f"ONELINK_{name}", value)
        return pytester.runpytest_inprocess(
            "-p", "cancel_contract.plugin.hooks", "-p", "no:schemathesis", *options, no_reraise_ctrlc=True
        )

    return run


def asked(
    context: Context, status: int, *, intent: str = Intent.FIRST, payload: Mapping[str, Any] = EXAMPLE
) -> Exchange:
    """Make an exchange that was answered with this status."""
    case = Case(f"{context.scenario}#first", Intent(intent), "/cancel", appointment=7)
    body = {"payload": {**payload, "id": 7, "account_id": 3}} if status == 200 else {"error": "No", "code": "NO"}
    answer = Answer(status, (("content-type", "application/json"),), b"{}", body)
    headers = (("api_access_token", "$ONELINK_API_TOKEN"),)
    return Exchange(1, case, "http://127.0.0.1/cancel", headers, b"", STARTED, 0.1, answer)


def answers(status: int) -> Callable[[Context], None]:
    """Make a play in which a cancel answers this status; the statuses that a run has to see were seen."""

    def play(context: Context) -> None:
        for seen in (200, 401, 404):
            context.ledger.saw(seen)
        context.judge(asked(context, status))

    return play


def raises(error: Exception) -> Callable[[Context], None]:
    """Make a play that ends with an error."""

    def play(_: Context) -> None:
        raise error

    return play
