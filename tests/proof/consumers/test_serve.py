"""`serve`: the provider with faults, its control path and its documentation."""

import asyncio
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from cancel_contract.provider import (
    FAULTS,
    SEED,
    VARIANTS,
    Provider,
    running,
)
from cancel_contract.provider.server.dev_server import DevServer
from cancel_contract.target.settings import Settings, variable

Run = Callable[..., Any]
CANCEL = f"/api/v1/accounts/{SEED.account_id}/scheduling/appointments/{SEED.paid_expense_appointment_ids[0]}/cancel"
TOKEN = {"api_access_token": SEED.member_token}


@contextmanager
def served(*arguments: str) -> Iterator[tuple[httpx.Client, str]]:
    """A provider that `serve` runs, and what it printed."""
    with socket.socket() as kept:
        # Bound and not listening, it keeps others from the port, and not whoever may share it.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        port = kept.getsockname()[1]
        command = [sys.executable, "-u", "-m", "cancel_contract", "serve", "--port", str(port), *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own module
            try:
                lines = list(iter(process.stdout.readline, "cancel-contract gate\n")) if process.stdout else []
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
                    _wait(client)
                    yield client, "".join(lines)
            finally:
                process.terminate()


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            client.get("/docs")
        except httpx.ConnectError:
            time.sleep(0.02)
        else:
            return


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A client of a provider with its control path and documentation."""
    provider = Provider()
    with (
        running(provider, around=DevServer(provider)) as started,
        httpx.Client(base_url=started.base_url, trust_env=False) as opened,
    ):
        yield opened


def test_every_setting_is_exported() -> None:
    """What `serve` prints points the contract at it completely; faults and variants are on from the start."""
    with served("--fault", "created-201", "--variant", "gzip", "--latency", "0.02", "--seed", "3") as (client, text):
        answer = client.post(CANCEL, headers=TOKEN)

    exported = set(re.findall(r"^export (ONELINK_\w+)=", text, re.MULTILINE))
    optional = {"appointment_ids", "time_limit", "ca_bundle", "client_cert", "extra_headers"}
    free = {name for name in Settings.model_fields if name.startswith(("max_", "allow_"))}
    assert exported == {variable(name) for name in set(Settings.model_fields) - optional - free}
    assert "behaviours                        created-201, gzip, latency=0.02" in text
    assert answer.status_code == 201
    assert answer.headers["content-encoding"] == "gzip"


def test_a_share_of_errors() -> None:
    """The seed decides which requests meet an error, so that a test can be repeated."""
    with served("--error-rate", "0.5", "--seed", "7") as (client, _):
        first = [client.post(CANCEL, headers=TOKEN).status_code for _ in range(20)]
    with served("--error-rate", "0.5", "--seed", "7") as (client, _):
        second = [client.post(CANCEL, headers=TOKEN).status_code for _ in range(20)]

    assert set(first) == {200, 503}
    assert first == second


def test_all_are_listed(contracts: Run) -> None:
    """`serve --list` has a line for every fault and variant."""
    done = contracts("serve", "--list")

    lines = done.output.splitlines()
    assert [line.split()[:2] for line in lines] == [
        *(["fault", it.name] for it in FAULTS), *(["variant", it.name] for it in VARIANTS),
    ]  # fmt: skip
    assert "breaks answer/status-200: The action is modelled as creating a cancellation." in lines[0]


@pytest.mark.parametrize(
    ("arguments", "facts"),
    [
        (["--fault", "created-202", "--variant", "sow"],
         ["there is no fault 'created-202'; did you mean 'created-201'?: see `cancel-contract serve --list`",
          "there is no variant 'sow'; did you mean 'slow'?: see `cancel-contract serve --list`"]),
        (["--error-rate", "2"], ["Invalid value for '--error-rate'"]),
        (["--latency", "soon"], ["Invalid value for '--latency'"]),
    ],
)  # fmt: skip
def test_wrong_options(arguments: list[str], facts: list[str], contracts: Run) -> None:
    """Wrong options end with 4, all of them told at once."""
    done = contracts("serve", *arguments)

    assert done.exit_code == 4
    assert [fact for fact in facts if fact not in done.output] == []


def test_a_taken_port(contracts: Run) -> None:
    """`serve` on a taken port ends with exit 4."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = contracts("serve", "--port", port)

    assert done.exit_code == 4
    assert f"port {port} cannot be listened on: name another with --port" in done.output


def test_behaviours_are_switched_while_it_runs(client: httpx.Client) -> None:
    """A consumer's tests step through faults over HTTP: set, list, clear."""
    conduct = {"faults": ["created-201"], "variants": ["pretty-printed"], "latency": 0.0, "error_rate": 0.0}

    set_ = client.put("/_control", json={"faults": ["created-201"], "variants": ["pretty-printed"]})
    during = client.post(CANCEL, headers=TOKEN)
    listed = client.get("/_control").json()
    cleared = client.delete("/_control")

    assert (set_.status_code, set_.json()) == (200, {"on": conduct})
    assert during.status_code == 201
    assert listed["on"] == conduct
    assert list(listed["known"]["faults"]) == [it.name for it in FAULTS]
    assert cleared.json()["on"]["faults"] == []
    assert client.post(CANCEL, headers=TOKEN).status_code == 200


@pytest.mark.parametrize(
    ("headers", "fact"),
    [
        ({"Host": "evil.example"}, "the Host is 'evil.example': name the provider by 127.0.0.1 or localhost"),
        ({"Origin": "null"}, "the Origin is 'null': pages in a browser may not switch anything"),
        ({"X-Forwarded-For": "192.0.2.1"}, "x-forwarded-for is set: the control path is not reached through a proxy"),
    ],
)
def test_strangers_switch_nothing(headers: dict[str, str], fact: str, client: httpx.Client) -> None:
    """Pages in a browser, other names and proxies are refused, and nothing is switched."""
    done = client.put("/_control", json={"faults": ["created-201"]}, headers=headers)

    assert (done.status_code, done.json()) == (403, {"error": fact})
    assert client.get("/_control").json()["on"]["faults"] == []


@pytest.mark.parametrize(
    ("body", "status", "fact"),
    [
        ('{"faults": ["created-202"]}', 422,
         "there is no fault 'created-202'; did you mean 'created-201'?: see `cancel-contract serve --list`"),
        ('{"variants": ["large-ids"]}', 422,
         "'large-ids' counts ids from another number, which it can from the start only: give it to `serve`"),
        ('{"fault": "created-201"}', 422, "fault: Extra inputs are not permitted"),
        ('{"latency": -1}', 422, "latency: Input should be greater than or equal to 0"),
        ("[]", 422, "the body: Input should be a valid dictionary or instance of Behaviour"),
        ("nonsense", 400, 'the body of 8 bytes is no JSON: send such as {"faults": ["created-201"]}'),
        ("x" * 100_001, 413, "the body has more than 100000 bytes: name fewer"),
    ],
)  # fmt: skip
def test_wrong_switches(body: str, status: int, fact: str, client: httpx.Client) -> None:
    """What cannot be switched is refused with the reason, and all stays as it was."""
    done = client.put("/_control", content=body)

    assert (done.status_code, done.json()) == (status, {"error": fact})
    assert client.post("/_control").status_code == 405
    assert client.get("/_control").json()["on"]["faults"] == []


def test_callers_from_elsewhere_switch_nothing() -> None:
    """A caller from another machine is refused, whatever host name it uses."""
    provider = Provider()
    transport = httpx.ASGITransport(DevServer(provider).app, client=("192.0.2.7", 5))

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.delete("/_control")

    done = asyncio.run(asked())
    assert done.status_code == 403
    assert done.json() == {"error": "the caller is 192.0.2.7: the control path is for this machine alone"}


def test_the_documentation_stands_alone(client: httpx.Client) -> None:
    """The page shows every operation with fields and examples, and loads nothing from anywhere."""
    done = client.get("/docs")

    assert done.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in done.headers["content-security-policy"]
    assert re.findall(r'(?:src|href)="(?!#)', done.text) == []
    for name in ("cancelAppointment", "createAppointment", "getAppointment", "getCalendar"):
        assert f'id="{name}"' in done.text
    assert "<code>payload.payments[].payment_kind</code>" in done.text
    assert "APPOINTMENT_READ_ONLY" in done.text
    assert str(client.base_url).rstrip("/") in done.text
