"""`serve`: the provider with faults, its control path and its documentation."""

import asyncio
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import httpx
import pytest
from openapi_spec_validator import validate

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
    """A provider that `serve` runs on a free port, and what it printed."""
    command = [sys.executable, "-u", "-m", "cancel_contract", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own module
        try:
            lines = [*_until_it_listens(process.stdout)] if process.stdout else []
            found = re.search(r"http://[^\s\"/]+", "".join(lines))
            assert found is not None
            with httpx.Client(base_url=found.group(), trust_env=False, timeout=60) as client:
                yield client, "".join(lines)
        finally:
            process.terminate()


def _until_it_listens(output: IO[str]) -> Iterator[str]:
    for line in output:
        yield line
        if line == "cancel-contract gate\n" or line.startswith("{"):
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
    optional = {"appointment_ids", "time_limit", "ca_bundle", "client_cert", "extra_headers", "target_version"}
    free = {name for name in Settings.model_fields if name.startswith(("max_", "allow_"))}
    assert exported == {variable(name) for name in set(Settings.model_fields) - optional - free}
    assert "behaviours                        created-201, gzip, latency=0.02" in text
    assert answer.status_code == 201
    assert answer.headers["content-encoding"] == "gzip"


def test_a_free_port_is_told_to_programs() -> None:
    """`--json` prints one line, from which a script in any language takes address, port and settings."""
    with served("--json") as (client, text):
        answer = client.post(CANCEL, headers=TOKEN)

    (line,) = text.splitlines()
    told = json.loads(line)
    assert answer.status_code == 200
    assert told["base_url"] == f"http://127.0.0.1:{told['port']}" == told["settings"]["ONELINK_BASE_URL"]
    assert told["settings"]["ONELINK_API_TOKEN"] == SEED.member_token
    assert {told[name].removeprefix(told["base_url"]) for name in ("docs", "openapi", "control")} == {
        "/docs",
        "/openapi.json",
        "/_control",
    }


def test_every_address_of_the_machine_can_be_listened_on() -> None:
    """Containers and other machines reach it; the line that is printed is for this one."""
    with served("--host", "0.0.0.0", "--json") as (client, text):  # noqa: S104  it is what is tested
        answer = client.post(CANCEL, headers=TOKEN)

    assert answer.status_code == 200
    assert json.loads(text)["base_url"].startswith("http://127.0.0.1:")


def test_a_share_of_errors() -> None:
    """The seed decides which requests meet an error, so that a test can be repeated."""
    with served("--error-rate", "0.5", "--seed", "7") as (client, _):
        first = [client.post(CANCEL, headers=TOKEN).status_code for _ in range(20)]
    with served("--error-rate", "0.5", "--seed", "7") as (client, _):
        second = [client.post(CANCEL, headers=TOKEN).status_code for _ in range(20)]

    assert set(first) == {200, 503}
    assert first == second


def test_all_are_listed(contracts: Run) -> None:
    """Every fault and variant has its line."""
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
    """A port that is taken ends with 4, and one line says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = contracts("serve", "--port", port)

    assert done.exit_code == 4
    assert done.output == (
        f"127.0.0.1 port {port} cannot be listened on (Address already in use): name another with --port, 0 for a free "
        "one, or another --host\n"
    )


def test_a_host_that_is_none(contracts: Run) -> None:
    """An address that is not this machine's ends with 4 likewise."""
    done = contracts("serve", "--host", "192.0.2.7", "--port", "0")

    assert done.exit_code == 4
    assert done.output.startswith("192.0.2.7 port 0 cannot be listened on (")


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
        ("nonsense", 400, 'the body of 8 bytes is not JSON: send such as {"faults": ["created-201"]}'),
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
    """Whoever is not on this machine is refused, whatever name he uses."""
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
    assert "<code>idempotency_key</code> again gives the first appointment" in done.text
    assert "`" not in re.sub("<pre>.*?</pre>", "", done.text, flags=re.DOTALL)


def test_the_description_is_one_openapi_document(client: httpx.Client) -> None:
    """It is valid by itself, holds every operation, and names the server that gave it."""
    document = client.get("/openapi.json").json()

    validate(document)
    assert [server["url"] for server in document["servers"]] == [str(client.base_url).rstrip("/")]
    assert {
        node["operationId"] for item in document["paths"].values() for node in item.values() if "operationId" in node
    } == {
        "cancelAppointment",
        "createAppointment",
        "listAppointments",
        "getAppointment",
        "updateAppointment",
        "deleteAppointment",
        "getCalendar",
    }
    assert set(re.findall(r'"\$ref": *"([^"#]*)#', json.dumps(document))) == {""}
