"""Recordings of a session with the provider, in the formats of several recorders."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from cancel_contract.provider import SEED, Provider
from cancel_contract.provider.consumer import ConsumerProvider, started
from cancel_contract.tools.cli import app

BASE = f"/api/v1/accounts/{SEED.account_id}/scheduling/appointments"
TOKEN = SEED.member_token
PAID = SEED.paid_expense_appointment_ids[0]
NEARLY = ("somebody-elses-token", TOKEN[:-1], TOKEN + "0", TOKEN[1:], TOKEN.swapcase(), None)
ELSEWHERE: tuple[tuple[str, dict[str, str]], ...] = (
    (f"?api_access_token={TOKEN}", {}),
    ("", {"Authorization": f"Bearer {TOKEN}"}),
    ("", {"Cookie": f"api_access_token={TOKEN}"}),
)
_APART, _TOOK = timedelta(milliseconds=20), 5.0
"""How long after one another exchanges begin, and the milliseconds that each takes."""

Entry = dict[str, Any]
Record = Callable[..., Path]


class Recorder:
    """Asks a provider, and writes down what was asked and what came."""

    def __init__(self, handle: ConsumerProvider, client: httpx.Client) -> None:
        self.handle, self.client = handle, client
        self.entries: list[Entry] = []
        # By the machine's clock an exchange may seem to end after the next one began: it may be set, and a start at a
        # whole millisecond is taken for one that is told no more closely.
        self._now = datetime.now(UTC).replace(microsecond=1)

    def ask(self, method: str, path: str, token: str | None = TOKEN, headers: dict[str, str] | None = None) -> None:
        """Record one exchange; a path that begins with no slash is below the appointments."""
        shown = {
            "Accept": "application/json",
            **({} if token is None else {"api_access_token": token}),
            **(headers or {}),
        }
        url = f"{self.handle.base_url}{path if path.startswith('/') else f'{BASE}/{path}'}"
        request = self.client.build_request(method, url, headers=shown)
        answer = self.client.send(request)
        self._now += _APART
        self.entries.append(
            {
                "startedDateTime": self._now.isoformat(),
                "time": _TOOK,
                "timings": {"send": 0, "wait": _TOOK, "receive": 0},
                "request": {"method": method, "url": url, "headers": _pairs(request.headers)},
                "response": {
                    "status": answer.status_code,
                    "headers": _pairs(answer.headers),
                    "content": {
                        "size": len(answer.content),
                        "mimeType": answer.headers.get("content-type", ""),
                        "text": answer.text,
                    },
                },
            }
        )


def _pairs(headers: httpx.Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.multi_items()]


def _cancelled(recorder: Recorder, number: int) -> None:
    """Look at an appointment, try to cancel it without the right, then with it, again and again."""
    recorder.ask("GET", f"{number}")
    for token in NEARLY:
        recorder.ask("POST", f"{number}/cancel", token)
    for query, headers in ELSEWHERE:
        recorder.ask("POST", f"{number}/cancel{query}", None, headers)
    recorder.ask("GET", f"{number}")
    recorder.ask("POST", f"{number}/cancel")
    recorder.ask("GET", f"{number}")
    for _ in range(3):
        recorder.ask("POST", f"{number}/cancel")
    recorder.ask("GET", f"{number}")


def session(recorder: Recorder) -> None:
    """What a curious client does in an afternoon."""
    neighbour = recorder.handle.new_appointment()
    recorder.ask("GET", f"{neighbour}")
    paid = {
        "service_amount": 17_777_779,
        "prepaid_amount": 2519,
        "settlement_amount": 17_775_260,
        "client_comment": "test",
    }
    for fields in ({}, {"status": "confirmed", "client_phone": "+7 000 000 00 00", **paid}):
        _cancelled(recorder, recorder.handle.new_appointment(**fields))
    recorder.ask("GET", f"{neighbour}")
    for number in (PAID, SEED.readonly_appointment_id):
        recorder.ask("GET", f"{number}")
        recorder.ask("POST", f"{number}/cancel")
        recorder.ask("GET", f"{number}")
    for text in ("999999", "0", "-1", "abc", "99999999999999999999"):
        recorder.ask("POST", f"{text}/cancel")
    recorder.ask("DELETE", f"{neighbour}/cancel")
    recorder.ask("GET", f"{neighbour}")
    recorder.ask("GET", "/api/v1/profile")


@pytest.fixture
def recorded() -> Callable[..., list[Entry]]:
    """Return the entries of a session with a provider that has some faults and variants."""

    def entries(faults: Iterable[str] = (), variants: Iterable[str] = ()) -> list[Entry]:
        with started(Provider(faults, variants)) as handle, httpx.Client(trust_env=False) as client:
            recorder = Recorder(handle, client)
            session(recorder)
            return recorder.entries

    return entries


@pytest.fixture
def har(tmp_path: Path) -> Record:
    """Write entries down as a HAR file."""

    def write(entries: list[Entry]) -> Path:
        path = tmp_path / "recorded.har"
        log = {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": entries}
        path.write_text(json.dumps({"log": log}), "utf-8")
        return path

    return write


@pytest.fixture
def contracts() -> Callable[..., Result]:
    """Run a command as from the command line."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run
