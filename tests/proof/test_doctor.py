"""A doctor and a gate give one clear message about an unfit target, and only read from it."""

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
from typer.testing import CliRunner

from cancel_contract.provider import SEED, Provider, running
from cancel_contract.provider.server.wire import Receive, Scope, Send
from cancel_contract.tools.cli import app
from tests.proof.conftest import SETTINGS, Done

Run = Callable[..., Any]
OtherService = Callable[[str, bytes, list[str]], AbstractContextManager[str]]
TOKENS = "ok    are the other tokens good?"
UNSEEN = "no read shows whether they exist; a run shows which of them the target refuses"
WAIVED = "the target has no such thing"
NAMED = "ok    what do the settings provide?"
WRONG = "NobodysTokenQ7f3cA91e7Bb2D48"
WITHOUT_UNDERSCORES = "a proxy drops headers whose name has an underscore: nginx needs underscores_in_headers on"


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a runner of the doctor in this process."""
    monkeypatch.chdir(tmp_path)

    def run(url: str, *options: str, **settings: object) -> Done:
        given = {**SETTINGS, **settings}
        values = {f"ONELINK_{name}": None if value is None else str(value) for name, value in given.items()}
        done = CliRunner().invoke(app, ["doctor", "--target", url, *options], env=values)
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


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


def test_a_fit_target_is_told_question_by_question(doctor: Run) -> None:
    """Each question has a line, and the exit code is 0."""
    provider = Provider()
    with running(provider) as served:
        done = doctor(served.base_url)

    first, *others = done.out.splitlines()
    assert done.code == 0
    assert first.startswith("ok    is the target there? it answers in ")
    assert first.endswith(" ms, without TLS")
    assert others == [
        "ok    is it this API? it answers 401 in JSON where no token is sent",
        "ok    is the token good, the account visible? the account's appointments can be listed",
        "ok    can appointments be created? the calendar of resource 11 can be read",
        "ok    does the clock agree? the target sends no Date header",
        f"{TOKENS} ONELINK_UNPRIVILEGED_API_TOKEN is known, and refused as that of a member (status is 401)",
        f"{TOKENS} ONELINK_FOREIGN_API_TOKEN is refused in account 3",
        f"{TOKENS} ONELINK_SECOND_API_TOKEN opens account 3",
        f"{NAMED} ONELINK_READONLY_APPOINTMENT_ID names appointment 4001, which is scheduled, and imported",
        f"{NAMED} ONELINK_PAID_EXPENSE_APPOINTMENT_ID names appointment 4011, which is completed, with a paid expense",
        f"{NAMED} ONELINK_FOREIGN_APPOINTMENT_ID names appointment 4002 of account 4, which is scheduled",
        f"{NAMED} ONELINK_SERVICE_ID and ONELINK_CONTACT_ID: {UNSEEN}",
    ]
    assert (provider.audit.requests, provider.audit.named) == (13, 0)


def test_a_warning_leaves_the_target_fit(doctor: Run) -> None:
    """What does not keep the contract from being tested is reported with its remedy, and exits 0."""
    with running(Provider(variants=["calendar-off"])) as served:
        done = doctor(served.base_url)

    assert done.code == 0
    assert done.out.splitlines()[3:5] == [
        "warn  can appointments be created? the calendar of resource 11 answers 404",
        "      check ONELINK_RESOURCE_ID; without a calendar slots are searched by trying",
    ]


@pytest.mark.parametrize("variant", ["fastapi", "django-rest", "problem-details", "no-expenses", "no-finance"])
def test_an_honest_server_is_fit(doctor: Run, variant: str) -> None:
    """A doctor finds honest servers fit, whatever form their refusals have and whatever they lack."""
    with running(Provider(variants=[variant])) as served:
        done = doctor(served.base_url)

    assert (done.code, "FAIL" in done.out) == (0, False)


def test_a_resource_that_is_not_there_is_told(doctor: Run) -> None:
    """A doctor reports an absent resource, in which a gate could create no appointment."""
    with running() as served:
        done = doctor(served.base_url, RESOURCE_ID=999)

    _failed(
        done,
        "can appointments be created?",
        "the calendar knows no resource 999, but 11, 12",
        "set ONELINK_RESOURCE_ID to the resource in whose free slots appointments are made",
    )


UNPRIVILEGED = ("access/unprivileged", "access/scheme-wins", "input/path-rights")
"""The clauses that wait for a member who may not cancel."""


def test_what_stays_untested_keeps_the_target_unfit(doctor: Run, tmp_path: Path) -> None:
    """Unless a setting or the file of deviations waives it: the doctor and the gate agree."""
    with running() as served:
        unset = doctor(served.base_url, UNPRIVILEGED_API_TOKEN=None)
        waived = doctor(served.base_url, UNPRIVILEGED_API_TOKEN="none")
        known = tmp_path / "known.yaml"
        known.write_text(
            "deviations:\n"
            + "".join(
                f"  - {{clause: {clause}, reason: none here, owner: qa, until: 2999-01-01, untested: true}}\n"
                for clause in UNPRIVILEGED
            )
        )
        deviating = doctor(served.base_url, "--deviations", str(known), UNPRIVILEGED_API_TOKEN=None)
        wrong = doctor(served.base_url, "--deviations", str(tmp_path / "gone.yaml"))

    _failed(
        unset,
        "what stays untested?",
        f"{', '.join(UNPRIVILEGED)}: ONELINK_UNPRIVILEGED_API_TOKEN is not set",
        "ONELINK_UNPRIVILEGED_API_TOKEN=none   # or the token of a member of the account who may not cancel",
    )
    assert (waived.code, waived.out.splitlines()[-1]) == (
        0,
        f"ok    what stays untested? {', '.join(UNPRIVILEGED)}: ONELINK_UNPRIVILEGED_API_TOKEN=none: {WAIVED}",
    )
    assert deviating.code == 0
    assert (wrong.code, wrong.out) == (4, "")


def test_a_budget_that_holds_no_gate_is_told(doctor: Run) -> None:
    """A doctor reports a budget that would end a gate with exit 4."""
    with running() as served:
        done = doctor(served.base_url, MAX_APPOINTMENTS=20)

    _failed(
        done,
        "do the budgets hold a gate?",
        "27 appointments are planned, and 2 of 20 are kept for asking again and for cleaning up",
        "set ONELINK_MAX_APPOINTMENTS=40",
    )


def test_wrong_settings_are_told_before_anything_is_sent(doctor: Run) -> None:
    """Every problem is reported at once, on the error stream, with exit 4."""
    provider = Provider()
    with running(provider) as served:
        done = doctor(served.base_url, ACCOUNT_ID="x", REPEAT_POLICY=None, API_TOKEN=None)

    assert (done.code, done.out, provider.audit.requests) == (4, "", 0)
    assert done.err.splitlines() == [
        "ONELINK_ACCOUNT_ID is 'x', not a whole number: set it to the account's number, as in the address of its pages",
        "ONELINK_API_TOKEN is not set: set it to the token of a member who may cancel, from the profile page",
    ]


def test_without_a_target_there_is_nobody_to_examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A doctor refuses to run without a target, because the embedded provider needs none."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["doctor"])

    assert done.exit_code == 4
    assert done.stderr == "ONELINK_BASE_URL is not set: this command asks a real target\n"


def test_a_proxy_of_another_kind_is_a_wrong_setting(doctor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable that cannot be used is reported as such, with no traceback."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://user:secret@127.0.0.1:9")

    done = doctor("https://staging.example")

    assert done.code == 4
    assert done.err == (
        "the proxy for https://staging.example is socks5://127.0.0.1:9, not an http proxy: set HTTPS_PROXY or "
        "ALL_PROXY to one\n"
    )


def _failed(done: Done, question: str, fact: str, remedy: str) -> None:
    """See that the last two lines are that failure."""
    assert (done.code, done.out.splitlines()[-2:]) == (6, [f"FAIL  {question} {fact}", f"      {remedy}"])


def test_a_dead_port_is_told(doctor: Run) -> None:
    """Nobody listens there: the server is down, or the port wrong."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        done = doctor(url)

    _failed(
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
    _failed(examined, question, fact, WITHOUT_UNDERSCORES)
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
            "the list of appointments answers 403: switch scheduling on for the account, or name another",
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
