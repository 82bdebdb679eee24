"""Recordings of a few exchanges, judged without a file."""

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.tools.judge.recording_judge import Expected, RecordingJudge

Entry = dict[str, Any]
URL = "https://staging.example/api/v1/accounts/123/scheduling/appointments/123"
TOKEN = "Zx9Qw7Er5Ty3Ui1Op0As2Df4"
PAYLOAD = load().document["components"]["examples"]["FullAppointment"]["value"]["payload"]


class Judged:
    """What was found in some entries."""

    def __init__(self, entries: Iterable[object]) -> None:
        self.judging = RecordingJudge(load(), Expected())
        for number, entry in enumerate(entries, start=1):
            self.judging.take(number, entry)
        self.rows: tuple[Row, ...] = self.judging.finish()
        self.code = self.judging.code(self.rows)

    def __getitem__(self, clause: str) -> Verdict:
        return next(row.verdict for row in self.rows if row.clause.id == clause)

    @property
    def wrong(self) -> dict[str, object]:
        """The clauses that are broken or could not judge, with what they say."""
        return {
            row.clause.id: row.breach.message if row.breach else row.failures
            for row in self.rows
            if row.verdict in {Verdict.BROKEN, Verdict.ABORTED}
        }

    @property
    def reasons(self) -> str:
        """Why there is no verdict."""
        return "; ".join(self.judging.ledger.inconclusive)


@pytest.fixture
def judged() -> Callable[..., Judged]:
    """Judge entries."""

    def judge(*entries: object) -> Judged:
        return Judged(entries)

    return judge


@pytest.fixture
def recorded() -> Callable[..., Entry]:
    """Make an entry: a cancel that answered 200, but for what a test says."""

    def make(  # noqa: PLR0913  every part has its default
        value: object = None,
        *,
        status: int = 200,
        method: str = "POST",
        url: str = f"{URL}/cancel",
        second: float = 0,
        headers: dict[str, str] | None = None,
        answered: dict[str, str] | None = None,
    ) -> Entry:
        body = json.dumps({"payload": PAYLOAD} if value is None else value)
        sent = {"Host": "staging.example", "Accept": "application/json", "api_access_token": TOKEN, **(headers or {})}
        came = {"Content-Type": "application/json", "Cache-Control": "no-store", **(answered or {})}
        content = {"size": len(body.encode()), "mimeType": "application/json", "text": body, "encoding": ""}
        return copy.deepcopy(
            {
                "startedDateTime": f"2030-05-02T09:00:{second:06.3f}Z",
                "time": 120,
                "timings": {"send": 1, "wait": 100, "receive": 3},
                "request": {
                    "method": method,
                    "url": url,
                    "headers": [{"name": name, "value": text} for name, text in sent.items()],
                    "cookies": [],
                    "bodySize": 0,
                },
                "response": {
                    "status": status,
                    "headers": [{"name": name, "value": text} for name, text in came.items()],
                    "content": content,
                    "bodySize": -1,
                },
            }
        )

    return make
