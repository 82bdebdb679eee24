"""Runs the contract as people and pipelines do: a process of its own, pointed at a server by settings."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cancel_contract.provider import SEED
from cancel_contract.tools.cli import app

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "API_TOKEN": SEED.member_token,
    "ACCOUNT_ID": SEED.account_id,
    "RESOURCE_ID": SEED.resource_id,
    "SERVICE_ID": SEED.service_id,
    "CONTACT_ID": SEED.contact_id,
    "READONLY_APPOINTMENT_ID": SEED.readonly_appointment_id,
    "PAID_EXPENSE_APPOINTMENT_ID": SEED.paid_expense_appointment_ids[0],
    "FOREIGN_ACCOUNT_ID": SEED.foreign_account_id,
    "FOREIGN_API_TOKEN": SEED.foreign_token,
    "FOREIGN_APPOINTMENT_ID": SEED.foreign_appointment_id,
    "UNPRIVILEGED_API_TOKEN": SEED.unprivileged_token,
    "SECOND_API_TOKEN": SEED.second_token,
    "DISABLED_ACCOUNT_ID": SEED.disabled_account_id,
}


PATIENCE = 300.0
"""Seconds after which something is given up, however busy the machine is."""


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the machine has set, for this process and for those that a test starts."""
    for name in [name for name in os.environ if name.upper().startswith("ONELINK_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def settings() -> dict[str, object]:
    """Return the settings of the seeded provider but for its address, by their names without prefix."""
    return dict(SETTINGS)


@dataclass(frozen=True, slots=True)
class Done:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The line that tells the exit code's meaning."""
        return next((line for line in self.out.splitlines() if line.startswith("exit ")), "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what a thread or a finalizer raises fail a test, here and not in the contract's own items."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"))
            item.add_marker(pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"))


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Done]:
    """Return a runner of Python in an empty folder, with no setting but those that are given."""

    def run(*arguments: str, **settings: object) -> Done:
        # pytest-xdist says how wide a terminal its workers have; a pipe has none.
        foreign = ("ONELINK_", "PYTEST_", "COLUMNS")
        others = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        given = {f"ONELINK_{name}": str(value) for name, value in settings.items() if value is not None}
        done = subprocess.run(  # noqa: S603  our own modules
            [sys.executable, *arguments],
            capture_output=True, text=True, check=False, cwd=tmp_path, env={**others, **given}, timeout=600,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    return run


def _arguments(base_url: str | None, settings: dict[str, object]) -> tuple[tuple[str, ...], dict[str, object]]:
    where = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(ROOT / "tests/contract"))
    return where, {**({"BASE_URL": base_url, **SETTINGS} if base_url else {}), **settings}


@pytest.fixture
def shell(command: Callable[..., Done]) -> Callable[..., Done]:
    """Return a runner of the contract in a process; settings are the seeded provider's but for what is given."""

    def run(base_url: str | None, *options: str, **settings: object) -> Done:
        where, given = _arguments(base_url, settings)
        return command("-m", "pytest", *where, *options, **given)

    return run


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Return a runner of the same in this process, which saves the seconds that loading takes."""
    monkeypatch.chdir(tmp_path)

    def run(base_url: str | None, *options: str, **settings: object) -> Done:
        where, given = _arguments(base_url, settings)
        with monkeypatch.context() as patch:
            for name, value in given.items():
                if value is not None:
                    patch.setenv(f"ONELINK_{name}", str(value))
            capfd.readouterr()
            code = pytest.main([*where, *options])
            return Done(int(code), *capfd.readouterr())

    return run


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def other_service() -> Callable[..., object]:
    """Return a maker of servers that are something else: whatever is asked is answered alike."""

    def make(kind: str, body: bytes, asked: list[str]) -> object:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                """Answer anything."""
                asked.append(f"{self.command} {self.path}")
                self.rfile.read(int(self.headers.get("content-length") or 0))
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else body)

            do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815  http.server's names

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        return _served(Handler)

    return make


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Return a runner of the doctor in this process."""
    monkeypatch.chdir(tmp_path)

    def run(url: str, *options: str, **settings: object) -> Done:
        given = {**SETTINGS, **settings}
        values = {f"ONELINK_{name}": None if value is None else str(value) for name, value in given.items()}
        done = CliRunner().invoke(app, ["doctor", "--target", url, *options], env=values)
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


def soon(is_so: Callable[[], bool], process: subprocess.Popen[str] | subprocess.Popen[bytes] | None = None) -> bool:
    """Wait until something is so in a server, or a process has ended, for minutes on a busy machine.

    Neither tells when that is, so that it is looked at again and again.
    """
    deadline = time.monotonic() + PATIENCE
    while not (was_so := is_so()) and time.monotonic() < deadline and (process is None or process.poll() is None):
        time.sleep(0.002)
    return was_so


def needed(*names: str) -> str:
    """Return where a program lies that has one of these names; a test that lacks it is skipped, but fails in CI.

    `.ci/run` installs each of them: a developer's machine need not have them.
    """
    path = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
    if found := next(filter(None, (shutil.which(name, path=path) for name in names)), None):
        return found
    told = f"{' or '.join(names)} is not installed: .ci/run installs it"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)


def failed(done: Done, question: str, fact: str, remedy: str) -> None:
    """See that the last two lines are that failure."""
    assert (done.code, done.out.splitlines()[-2:]) == (6, [f"FAIL  {question} {fact}", f"      {remedy}"])
