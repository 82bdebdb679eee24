"""Every report of a gate, against a server that puts secrets and personal data everywhere."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.provider import SEED, Provider, running
from cancel_contract.provider.server.wire import Receive, Scope, Send
from cancel_contract.redaction.secrets import forms
from cancel_contract.report import json_report

ROOT: Final = Path(__file__).resolve().parents[3]
NAME: Final = "Канарейкина Жар-Птица"
LATIN: Final = "Zhanna Kanareikina"
PHONE: Final = "+7 705 918 27 36"
NUMBER: Final = "890417350128"
COMMENT: Final = "Аллергия на Пенициллин"
PERSON: Final = (NAME, LATIN, PHONE, NUMBER, COMMENT)
TOKENS: Final = (SEED.member_token, SEED.foreign_token, SEED.unprivileged_token, SEED.second_token)


class Telltale:
    """A provider that repeats names, numbers and the caller's token wherever an answer has room for them."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        sent: list[Any] = []

        async def keep(message: Any) -> None:  # noqa: ANN401  an ASGI message
            sent.append(message)

        await self._provider.app(scope, receive, keep)
        token = dict(scope["headers"]).get(b"api_access_token", b"").decode("latin-1")
        body = _told(b"".join(one.get("body", b"") for one in sent), token)
        start = next(one for one in sent if one["type"] == "http.response.start")
        await send({**start, "headers": _headers(start["headers"], body, token)})
        await send({"type": "http.response.body", "body": body})


def _headers(headers: Any, body: bytes, token: str) -> list[tuple[bytes, bytes]]:  # noqa: ANN401  ASGI's pairs
    kept = [(name, value) for name, value in headers if name.lower() not in {b"content-length", b"content-type"}]
    told = {
        "content-length": str(len(body)),
        "content-type": f'application/json; charset=utf-8; client="{LATIN}"',
        "x-client": f"{quote(NAME)}; {NUMBER}",
        "x-caller": token,
        f"x-{NUMBER}": PHONE,
        "warning": f"199 - {LATIN}",
        "set-cookie": f"session={b64encode(f'{token}:{NAME}'.encode()).decode()}; comment={quote(token)}",
    }
    return [*kept, *((name.encode(), value.encode("latin-1")) for name, value in told.items())]


def _told(body: bytes, token: str) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return body
    inner = value.get("payload")
    for payload in inner if isinstance(inner, list) else [inner]:
        if isinstance(payload, dict):
            payload.update(_person(token))
    if "payload" not in value:
        encoded = b64encode(f"{NAME}, {PHONE}".encode()).decode()
        value["error"] = f"{NAME} ({PHONE}), {LATIN}: {quote(NAME)} {encoded} {token} {NUMBER} {NAME.lower()}"
        value["code"] = LATIN.upper().replace(" ", "-")
        value["details"] = {NAME: [PHONE], f"x{NUMBER}": token}
        value[LATIN] = int(NUMBER)
    return json.dumps(value).encode()


def _person(token: str) -> dict[str, Any]:
    return {
        "client_name": NAME,
        "client_phone": PHONE,
        "client_identifier": NUMBER,
        "client_comment": COMMENT,
        "iin": int(NUMBER),
        "note": f"{LATIN}: {token}",
        "custom_attributes": {LATIN: {"phone": PHONE, NUMBER: NAME}},
        NAME: NUMBER,
    }


@dataclass(frozen=True, slots=True)
class Failure:
    """What a run left behind."""

    code: int
    folder: Path
    out: str

    def text(self, name: str) -> str:
        """Return a report's text."""
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def report(self) -> Any:  # noqa: ANN401  JSON's boundary
        """Return report.json."""
        return json.loads(self.text("report.json"))


@pytest.fixture(scope="module")
def gate(environment: Callable[..., dict[str, str]]) -> Callable[..., Failure]:
    """Return a runner of the gate, as a job on GitHub, with every report asked for."""

    def run(base_url: str, folder: Path, *options: str) -> Failure:
        summary = str(folder / "summary.md")
        job = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary, "GITHUB_WORKSPACE": str(ROOT)}
        return _run(folder, options, environment(base_url, **job))

    return run


def _run(folder: Path, options: Sequence[str], environment: Mapping[str, str]) -> Failure:
    files = [f"--contract-{kind}={folder / f'report.{kind}'}" for kind in ("json", "html", "har")]
    junit = f"--junit-xml={folder / 'junit.xml'}"
    where = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(ROOT / "tests/contract")]
    done = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-m", "pytest", *where, "-v", *files, junit, *options],
        capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=600,
    )  # fmt: skip
    return Failure(done.returncode, folder, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def telling(gate: Callable[..., Failure], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failure]:
    """Yield what a gate told of a server that tells everything."""
    provider = Provider(["token-echoed", "error-500-now-and-then"])
    with running(provider, around=Telltale(provider)) as served:
        yield gate(served.base_url, tmp_path_factory.mktemp("telling"))


@pytest.fixture(scope="module")
def apart(gate: Callable[..., Failure], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failure]:
    """Yield what two workers told of a server that breaks one promise."""
    with running(Provider(["trace-in-404"])) as served:
        yield gate(served.base_url, tmp_path_factory.mktemp("apart"), "-n", "2")


@pytest.mark.parametrize("secret", [*PERSON, NAME.lower(), *TOKENS])
def test_no_report_tells_a_secret_or_a_person(telling: Failure, secret: str) -> None:
    """What a server repeats is in no report, neither plain nor url-, JSON-, HTML-, hex- or base64-encoded."""
    reports = {path.name: path.read_bytes() for path in telling.folder.iterdir() if path.is_file()}
    assert set(reports) == {"report.json", "report.html", "report.har", "junit.xml", "summary.md"}
    reports["terminal"] = telling.out.encode()

    found = {(name, form) for name, text in reports.items() for form in forms(secret) if form in text}

    assert found == set()


def test_the_server_told_them(telling: Failure) -> None:
    """The run above was one in which there was something to tell: the token's return was seen."""
    clauses = {clause["id"]: clause for clause in telling.report["clauses"]}

    assert telling.code == telling.report["conclusion"]["exit"] == 1
    assert clauses["answer/no-token"]["verdict"] == "BROKEN"
    assert "<string 21>" in telling.text("report.har")
    assert "$ONELINK_API_TOKEN" in telling.text("report.har")


@pytest.mark.parametrize("run", ["telling", "apart"])
def test_the_json_report_keeps_to_its_schema(run: str, request: pytest.FixtureRequest) -> None:
    """What a run writes is what the schema says, and has every clause once."""
    report = request.getfixturevalue(run).report
    schema = json.loads(json_report.SCHEMA.read_text(encoding="utf-8"))

    assert [*jsonschema_rs.Draft202012Validator(schema).iter_errors(report)] == []
    assert [clause["id"] for clause in report["clauses"]] == list(BY_ID)
    assert 0 < report["timings"]["p50"] <= report["timings"]["p95"] <= report["timings"]["max"]


def test_the_archive_has_every_request(telling: Failure, apart: Failure) -> None:
    """As many exchanges are in the archive as were counted, with one worker and with two."""
    for told in (telling, apart):
        entries = json.loads(told.text("report.har"))["log"]["entries"]
        times = [entry["startedDateTime"] for entry in entries]

        assert len(entries) == told.report["statistics"]["requests"] > 100
        assert times == sorted(times)


def test_junit_names_the_clauses(telling: Failure, apart: Failure) -> None:
    """Each scenario lists the clauses that it exercised, and those that it broke, as properties."""
    for told in (telling, apart):
        cases = ET.fromstring(told.text("junit.xml")).iter("testcase")  # noqa: S314  pytest wrote it
        listed = [[(one.get("name"), one.get("value")) for one in case.iter("property")] for case in cases]
        judged = {value for properties in listed for name, value in properties if name == "clause"}
        broken = {value for properties in listed for name, value in properties if name == "broken"}
        clauses = told.report["clauses"]

        assert broken
        assert broken <= judged <= set(BY_ID)
        # What a run looks back at when its last scenario is over belongs to none.
        assert {one["id"] for one in clauses if one["held"] or one["broken"]} - judged <= {
            "answer/given",
            "answer/nobody-seen",
            "effect/lasting",
            "effect/settled",
            "repeat/all-alike",
        }
        assert broken <= {one["id"] for one in clauses if one["verdict"] == "BROKEN"}


def test_a_broken_promise_is_an_annotation(apart: Failure) -> None:
    """On GitHub each failed scenario is shown beside the code that plays it."""
    annotations = [line for line in apart.out.splitlines() if line.startswith("::error ")]

    assert annotations
    assert all("file=tests/contract/test_" in line for line in annotations)
    assert any("answer/no-internals BROKEN" in line for line in annotations)


def test_a_job_has_a_summary(apart: Failure) -> None:
    """The job's page says what the terminal says."""
    summary = apart.text("summary.md")

    assert summary.startswith("## Cancel contract: gate closed\n")
    assert "| ❌ BROKEN | `answer/no-internals` | MUST |" in summary


def test_wrong_places_are_told_before_anything_is_sent(gate: Callable[..., Failure], tmp_path: Path) -> None:
    """A report that cannot be written is a wrong option: exit 4, and the server was not asked."""
    with running() as served:
        told = gate(served.base_url, tmp_path, f"--contract-json={tmp_path}")

        assert told.code == 4
        assert f"--contract-json {tmp_path} cannot be written" in told.out
        assert served.provider.audit.requests == 0
