"""A doctor and a gate say why a target cannot be reached: ports, TLS, proxies, other services."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
import uvicorn

from cancel_contract.provider import SEED, Provider, running
from cancel_contract.provider.server.wire import Receive, Scope, Send
from tests.proof.conftest import failed

Run = Callable[..., Any]


OtherService = Callable[[str, bytes, list[str]], AbstractContextManager[str]]


WRONG = "NobodysTokenQ7f3cA91e7Bb2D48"


WITHOUT_UNDERSCORES = "a proxy drops headers whose name has an underscore: nginx needs underscores_in_headers on"


@contextmanager
def _tls(provider: Provider, certificate: trustme.LeafCert, folder: Path) -> Iterator[int]:
    """Run a provider behind TLS; gives its port."""
    chain = folder / "server.pem"
    certificate.private_key_and_cert_chain_pem.write_to_path(chain)
    config = uvicorn.Config(provider.app, host="127.0.0.1", port=0, ssl_certfile=str(chain), ssl_keyfile=str(chain),
                            lifespan="off", interface="asgi3", log_config=None, date_header=False)  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def test_a_dead_port_is_told(doctor: Run) -> None:
    """Nobody listens there: the server is down, or the port wrong."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        done = doctor(url)

    failed(
        done,
        "is the target there?",
        f"{url} cannot be reached ([Errno 111] Connection refused), 3 times in a row",
        "start the server, or correct the port in ONELINK_BASE_URL",
    )


def test_tls_spoken_to_a_plain_port_is_told(doctor: Run) -> None:
    """A scheme that the port does not speak is reported as that."""
    with running() as served:
        done = doctor(served.base_url.replace("http", "https"))

    assert done.code == 6
    assert done.out.splitlines()[-1] == "      it speaks no TLS: correct scheme or port in ONELINK_BASE_URL"


def test_plain_text_spoken_to_a_tls_port_is_told(doctor: Run, tmp_path: Path) -> None:
    """The other way round, the message points to https."""
    certificate = trustme.CA().issue_cert("127.0.0.1")
    with _tls(Provider(), certificate, tmp_path) as port:
        done = doctor(f"http://127.0.0.1:{port}")

    assert done.code == 6
    assert done.out.splitlines()[-1] == (
        "      check the network, the VPN and the server, then try again; if it speaks TLS, write https into "
        "ONELINK_BASE_URL"
    )


def test_an_unknown_authority_is_mended_by_its_bundle(doctor: Run, tmp_path: Path) -> None:
    """A certificate of one's own authority fails, and passes once ONELINK_CA_BUNDLE names it."""
    authority, bundle = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(bundle)
    with _tls(Provider(), authority.issue_cert("127.0.0.1"), tmp_path) as port:
        url = f"https://127.0.0.1:{port}"
        before, after = doctor(url), doctor(url, CA_BUNDLE=bundle)

    assert before.code == 6
    assert before.out.splitlines()[-1] == "      set ONELINK_CA_BUNDLE to the authority that signed it"
    assert after.code == 0
    assert after.out.splitlines()[0].endswith(" ms, TLS is in order")


@pytest.mark.parametrize(
    ("names", "remedy"),
    [
        ("elsewhere.example", "correct the host in ONELINK_BASE_URL: the certificate is another's"),
        ("expired", "renew the server's certificate"),
    ],
)
def test_a_certificate_that_does_not_fit_is_told(doctor: Run, tmp_path: Path, names: str, remedy: str) -> None:
    """Another's certificate, and one past its date, are no matter of authorities."""
    authority, bundle = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(bundle)
    past = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        authority.issue_cert("127.0.0.1", not_after=past) if names == "expired" else authority.issue_cert(names)
    )
    with _tls(Provider(), certificate, tmp_path) as port:
        done = doctor(f"https://127.0.0.1:{port}", CA_BUNDLE=bundle)

    assert (done.code, done.out.splitlines()[-1].strip()) == (6, remedy)


class _Dropping:
    """A proxy before a provider that drops headers whose name has an underscore."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is left of a request (ASGI)."""
        headers = [pair for pair in scope["headers"] if b"_" not in pair[0]]
        await self._provider.app({**scope, "headers": headers}, receive, send)


def test_a_proxy_that_drops_underscores_is_told_by_doctor_and_gate(doctor: Run, gate: Run) -> None:
    """The classic: a good token that never arrives."""
    provider = Provider()
    with running(provider, around=_Dropping(provider)) as served:
        examined, judged = doctor(served.base_url), gate(served.base_url)

    question, fact = (
        "is the token good, the account visible?",
        "401 with the header api_access_token, 200 with api-access-token",
    )
    failed(examined, question, fact, WITHOUT_UNDERSCORES)
    assert judged.code == 6
    assert judged.last.startswith(
        f"exit 6: no verdict: the run was inconclusive: {question} {fact}: {WITHOUT_UNDERSCORES}; "
    )


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"API_TOKEN": WRONG}, "401 (Invalid Access Token): take a fresh token from the profile page into "),
        (
            {"API_TOKEN": SEED.foreign_token, "FOREIGN_API_TOKEN": None},
            "401 (You are not authorized to access this account): make the token's owner a member of ",
        ),
        (
            {"ACCOUNT_ID": SEED.disabled_account_id, "DISABLED_ACCOUNT_ID": ""},
            "the list of appointments answers 403: switch scheduling on for the account, let the token's owner list",
        ),
        (
            {"ACCOUNT_ID": 99},
            (
                "the list of appointments answers 404: correct ONELINK_ACCOUNT_ID: there is no such account, or the "
                "API is under another path"
            ),
        ),
        (
            {"RESOURCE_ID": None},
            "can appointments be created? nothing says where: set ONELINK_RESOURCE_ID, or ONELINK_APPOINTMENT_IDS",
        ),
    ],
    ids=["wrong-token", "stranger's-token", "scheduling-off", "no-account", "no-resource"],
)
def test_a_gate_that_cannot_begin_sends_nothing_but_reads(gate: Run, settings: dict[str, object], told: str) -> None:
    """The exit code is 6, the message says what to do, and no request could have changed anything."""
    provider = Provider()
    methods: list[str] = []
    with running(provider, around=_Noting(provider, methods)) as served:
        done = gate(served.base_url, **settings)

    assert done.code == 6
    assert told in done.last
    assert "BROKEN 0" in done.out
    assert set(methods) == {"GET"}
    assert (provider.audit.named, provider.audit.touched) == (0, ())


class _Noting:
    """A provider whose requests are noted."""

    def __init__(self, provider: Provider, methods: list[str]) -> None:
        self._provider, self._methods = provider, methods

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note a request, and pass it on (ASGI)."""
        self._methods.append(scope["method"])
        await self._provider.app(scope, receive, send)


def test_no_worker_writes_to_another_service(shell: Run, other_service: OtherService) -> None:
    """With two workers, too, a service that flatters is asked by reads alone."""
    asked: list[str] = []
    with other_service("application/json", b'{"payload": {"id": 1}}', asked) as url:
        done = shell(url, "-n", "2")

    assert done.code == 6
    assert {line.partition(" ")[0] for line in asked} == {"GET"}
    assert "correct ONELINK_BASE_URL: another service, a login page or a proxy answers there" in done.last
