"""The archive contains each exchange once, and no secret or personal data."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.ledger.recording import entries
from cancel_contract.report.har_report import render
from cancel_contract.tools.judge import har, har_entry

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
URL = "https://staging.test/api/v1/accounts/3/scheduling/appointments/7/cancel?api_access_token=x&empty="
Made = Callable[..., Exchange]


@pytest.fixture
def made() -> Made:
    """Make exchanges of an answer and its headers."""

    def make(status: int = 200, body: object = None, *headers: tuple[str, str], **parts: Any) -> Exchange:  # noqa: ANN401  parts of an exchange
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        value, fault = parse_json(raw)
        usual: dict[str, Any] = {
            "number": 1,
            "case": Case("effect/plain#first", Intent.FIRST, "/"),
            "url": URL,
            "request_headers": (("Host", "staging.test"), ("api_access_token", "$ONELINK_API_TOKEN")),
            "request_body": b"",
            "started": START,
            "elapsed": 0.25,
            "answer": Answer(status, headers, raw, value, fault),
        }
        return Exchange(**(usual | parts))

    return make


def log(*exchanges: Exchange) -> Any:  # noqa: ANN401  JSON's boundary
    """Return the log of an archive."""
    return json.loads(render(entries(exchanges), "1.2.3"))["log"]


def test_an_exchange_is_an_entry(made: Made) -> None:
    """Request, answer, time and case stand where the format wants them."""
    archive = log(made(200, {"payload": {"id": 7, "status": "cancelled"}}, ("Content-Type", "application/json")))
    (entry,) = archive["entries"]

    assert (archive["version"], archive["creator"]) == ("1.2", {"name": "cancel-contract", "version": "1.2.3"})
    assert (entry["startedDateTime"], entry["time"], entry["comment"]) == (
        "2026-11-02T09:00:00+00:00",
        250.0,
        "effect/plain#first",
    )
    assert (entry["request"]["method"], entry["request"]["url"]) == ("POST", URL)
    assert entry["request"]["headers"] == [
        {"name": "Host", "value": "staging.test"},
        {"name": "api_access_token", "value": "$ONELINK_API_TOKEN"},
    ]
    assert entry["request"]["queryString"] == [
        {"name": "api_access_token", "value": "x"},
        {"name": "empty", "value": ""},
    ]
    assert "postData" not in entry["request"]
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (200, "OK")
    assert entry["response"]["content"] == {
        "size": 45,
        "mimeType": "application/json",
        "text": '{"payload": {"id": 7, "status": "cancelled"}}',
    }


def test_a_body_that_was_sent_is_kept_masked(made: Made) -> None:
    """What was asked is shown with its type, names by their length."""
    sent = made(
        request_headers=(("content-type", "application/json"),), request_body=b'{"client_name": "Anna", "id": 1}'
    )
    (entry,) = log(sent)["entries"]

    assert entry["request"]["postData"] == {
        "mimeType": "application/json",
        "text": '{"client_name": "<string 4>", "id": 1}',
    }
    assert entry["request"]["bodySize"] == 32


def test_a_person_known_from_one_exchange_is_masked_in_all(made: Made) -> None:
    """A name that an appointment shows stays out of the error of another exchange."""
    shown = made(200, {"payload": {"client_name": "анна"}})
    refusal = made(409, {"error": "taken by анна"})

    _, second = log(shown, replace(refusal, started=START + timedelta(seconds=1)))["entries"]

    assert second["response"]["content"]["text"] == '{"error": "taken by <string 4>"}'


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Content-Length", "120", "120"),
        ("Content-Length", "77015551234", "<string 11>"),
        ("Date", "Mon, 02 Nov 2026 09:00:00 GMT", "Mon, 02 Nov 2026 09:00:00 GMT"),
        ("Date", "Anna, 02 Nov", "<string 12>"),
        ("Retry-After", "30", "30"),
        ("Cache-Control", "max-age=0, private", "max-age=0, private"),
        ("Cache-Control", "private, Anna", "private, <string 4>"),
        ("Cache-Control", "private, anna, max-age=31536000", "private, <string 4>, max-age=31536000"),
        ("WWW-Authenticate", 'Token realm="anna karenina"', 'Token realm="<string 4> <string 8>"'),
        ("Vary", "Accept, $ONELINK_API_TOKEN", "Accept, $ONELINK_API_TOKEN"),
        ("X-Request-Id", "5f0d0c1e-9c3a-4b8e-8f5d-1f2e3d4c5b6a", "5f0d0c1e-9c3a-4b8e-8f5d-1f2e3d4c5b6a"),
        ("X-Request-Id", "anna", "<string 4>"),
        ("ETag", 'W/"5f0d0c1e9c3a4b8e8f5d1f2e3d4c5b6a"', 'W/"5f0d0c1e9c3a4b8e8f5d1f2e3d4c5b6a"'),
        ("ETag", 'W/"anna-77015551234"', "<string 20>"),
        ("Content-Type", "text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("Content-Type", "text/html; name=Anna", "text/html; <string 9>"),
        ("Set-Cookie", "session=abc", "<string 11>"),
        ("Location", "/clients/anna", "<string 13>"),
    ],
)
def test_a_header_is_kept_where_it_can_hold_no_person(made: Made, name: str, value: str, told: str) -> None:
    """Words and numbers of HTTP are reported, other values by their length."""
    (entry,) = log(made(200, None, (name, value)))["entries"]

    assert entry["response"]["headers"] == [{"name": name, "value": told}]


def test_a_headers_name_is_kept_where_it_is_one(made: Made) -> None:
    """A header that is named after a person or a number is shown by its length."""
    (entry,) = log(made(200, None, ("X-77015551234", "1"), ("X-Runtime", "0.012")))["entries"]

    assert [header["name"] for header in entry["response"]["headers"]] == ["<header 13>", "X-Runtime"]


@pytest.mark.parametrize(("body", "told"), [(b"<p>Anna</p>", "<11 bytes>"), (b"", ""), (b'{"id": NaN}', "<11 bytes>")])
def test_a_body_that_is_no_json_is_told_by_its_size(made: Made, body: bytes, told: str) -> None:
    """A body that is not JSON appears by its size only, because a page may contain anything."""
    (entry,) = log(made(500, body))["entries"]

    assert (entry["response"]["content"]["text"], entry["response"]["content"]["size"]) == (told, len(body))


def test_no_answer_is_status_0(made: Made) -> None:
    """Where nothing came the entry says what went wrong; a status without a phrase has none."""
    lost = made(answer=None, trouble=Trouble.LOST, trouble_text="Server disconnected")
    odd = made(599, started=START + timedelta(seconds=1))

    first, second = log(lost, odd)["entries"]

    assert (first["response"]["status"], first["response"]["comment"]) == (
        0,
        "no answer came (lost: Server disconnected)",
    )
    assert (second["response"]["status"], second["response"]["statusText"]) == (599, "")
    assert "comment" not in second["response"]


def test_entries_stand_in_the_order_in_which_they_began(made: Made) -> None:
    """What several workers bring home is shown as one run."""
    early, late = made(), made(started=START + timedelta(seconds=2))

    kept = [*entries([late]), *entries([early])]

    times = [entry["startedDateTime"] for entry in json.loads(render(kept, "1"))["log"]["entries"]]
    assert times == ["2026-11-02T09:00:00+00:00", "2026-11-02T09:00:02+00:00"]
    assert json.loads(json.dumps(kept)) == [json.loads(json.dumps(one)) for one in kept]


def test_an_archive_is_what_readers_take(made: Made, tmp_path: Path) -> None:
    """The suite's own reader, which is strict, takes every entry; an archive of nothing is one, too."""
    file = tmp_path / "run.har"
    file.write_text(render(entries([made(), made(404, {"error": "No"})]), "1"), encoding="utf-8")
    empty = json.loads(render((), "1"))

    assert [har_entry.entry(found).response.status for found in har.entries(file)] == [200, 404]
    assert empty["log"]["entries"] == []
