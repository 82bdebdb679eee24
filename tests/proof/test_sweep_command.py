"""The sweep finds and cancels what a stopped run left active."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cancel_contract.exchange.marker import PREFIX, Marker
from cancel_contract.provider import Provider, Running, running
from cancel_contract.tools.cli import app
from tests.proof.conftest import ROOT, SETTINGS, Done, soon

Run = Callable[..., Done]
NEVER = "status-kept"
"""A fault under which no cancel has an effect."""


@pytest.fixture
def served() -> Iterator[Running]:
    """Yield a provider that takes its time, so that a run can be stopped midway."""
    with running(Provider(latency=0.02)) as run:
        yield run


@pytest.fixture
def sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a runner of the sweep in this process."""
    monkeypatch.chdir(tmp_path)

    def run(url: str, *options: str, **settings: object) -> Done:
        given = {**SETTINGS, **settings}
        values = {f"ONELINK_{name}": None if value is None else str(value) for name, value in given.items()}
        done = CliRunner().invoke(app, ["sweep", "--target", url, *options], env=values)
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def _heard() -> Iterator[None]:
    """Have processes that are started here hear Ctrl-C: a shell's background jobs, and what they start, ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def stopped(tmp_path: Path, served: Running, _heard: None) -> Callable[[signal.Signals], int]:
    """Start a gate in a process, and send it a signal once it has made some appointments; gives its exit code."""

    def run(number: signal.Signals) -> int:
        others = {name: value for name, value in os.environ.items() if not name.startswith(("ONELINK_", "PYTEST_"))}
        given = {f"ONELINK_{name}": str(value) for name, value in SETTINGS.items()}
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT),
             str(ROOT / "tests/contract"), "--target", served.base_url],
            cwd=tmp_path, env={**others, **given}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert soon(lambda: bool(served.provider.audit.active(PREFIX)), process)
        process.send_signal(number)
        return process.wait(timeout=300)

    return run


def _run_of(provider: Provider) -> str:
    rows = provider.store.appointments.values()
    marks = (Marker.of(row.external_ref, row.idempotency_key) for row in rows)
    return next(mark.run for mark in marks if mark)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_cleans_up_after_itself(
    served: Running, stopped: Callable[[signal.Signals], int], tmp_path: Path, number: signal.Signals
) -> None:
    """After Ctrl-C, or in a job that is cancelled, the exit code is pytest's own, and nothing is left active."""
    assert stopped(number) == 2
    assert [path.name for path in (tmp_path / ".contracts").iterdir()] == [f"journal-{_run_of(served.provider)}.jsonl"]
    assert served.provider.audit.active(PREFIX) == ()


def test_what_a_killed_run_left_is_swept_by_its_name(
    served: Running, stopped: Callable[[signal.Signals], int], sweep: Run
) -> None:
    """Dry by default; with --go what is of that run is cancelled, and nothing else is touched."""
    assert stopped(signal.SIGKILL) == -signal.SIGKILL
    left = served.provider.audit.active(PREFIX)
    assert left
    name = _run_of(served.provider)

    dry = sweep(served.base_url, "--run", name)
    assert served.provider.audit.active(PREFIX) == left
    swept = sweep(served.base_url, "--run", name, "--go")

    assert dry.code == 6
    assert dry.out.splitlines() == [
        f"appointment {number} of run {name}: would be cancelled; run again with --go" for number in left
    ]
    assert (swept.code, served.provider.audit.active(PREFIX)) == (0, ())
    assert swept.out.splitlines() == [f"appointment {number} of run {name}: cancelled" for number in left]
    assert (served.provider.audit.touched, served.provider.audit.named) == ((), 0)


def test_what_is_young_is_left_alone(served: Running, stopped: Callable[[signal.Signals], int], sweep: Run) -> None:
    """Without a name a run that may be under way is reported, and left alone."""
    stopped(signal.SIGKILL)
    left, name = served.provider.audit.active(PREFIX), _run_of(served.provider)

    done = sweep(served.base_url, "--go")

    assert (done.code, served.provider.audit.active(PREFIX)) == (0, left)
    left_alone = f"younger than an hour, left alone; if its run has ended, name it: --run {name}"
    assert done.out.splitlines() == [f"appointment {number} of run {name}: {left_alone}" for number in left]

    strict = sweep(served.base_url, "--strict")
    assert (strict.code, strict.out) == (6, done.out)
    another = sweep(served.base_url, "--run", "0badcafe", "--go")
    assert (another.code, served.provider.audit.active(PREFIX)) == (0, left)
    assert another.out == done.out.replace("younger than an hour", "not of run 0badcafe")


def test_nothing_left_is_told(served: Running, sweep: Run) -> None:
    """Where no run has left anything, the sweep says so and exits 0."""
    for options in ((), ("--strict",)):
        done = sweep(served.base_url, *options)
        assert (done.code, done.out) == (0, "nothing is still active\n")


def test_what_cannot_be_swept_is_told(served: Running, stopped: Callable[[signal.Signals], int], sweep: Run) -> None:
    """An appointment whose cancel fails is reported with the facts, and the exit code is 6."""
    stopped(signal.SIGKILL)
    left, name = served.provider.audit.active(PREFIX), _run_of(served.provider)
    served.provider.switch([NEVER])

    done = sweep(served.base_url, "--run", name, "--go")

    assert done.code == 6
    assert done.out.splitlines() == [
        f"appointment {number} of run {name} is still active: its cancel: status is 200; its read-back: status is 200"
        for number in left
    ]


def test_a_list_that_cannot_be_read_is_told(served: Running, sweep: Run) -> None:
    """What could not be looked at leaves the answer open."""
    done = sweep(served.base_url, ACCOUNT_ID=99)

    assert done.code == 6
    assert done.out.startswith("not looked at: the list from ")
    assert ": status is 404\n" in done.out
    assert "nothing is still active" not in done.out


def test_a_sweep_of_a_target_that_is_down_is_inconclusive(sweep: Run) -> None:
    """A sweep of an absent target exits 6, with the reason on the error stream."""
    with running() as gone:
        url = gone.base_url

    done = sweep(url)

    assert done.code == 6
    assert done.err == (
        f"{url} cannot be reached ([Errno 111] Connection refused), 3 times in a row: see that it is up and that "
        "ONELINK_BASE_URL, proxy and certificates are right\n"
    )


def test_a_sweep_behind_a_wrong_proxy_is_a_wrong_setting(sweep: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable that cannot be used is reported as such, with no traceback."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")

    done = sweep("https://staging.example")

    assert (done.code, done.err) == (
        4,
        (
            "the proxy for https://staging.example is socks5://127.0.0.1:9, not an http proxy: set HTTPS_PROXY or "
            "ALL_PROXY to one\n"
        ),
    )


@pytest.mark.parametrize(
    "name", ["0BADCAFE", "cancel-contract-0badcafe-1763000000-1", ".contracts/journal-0badcafe.jsonl"]
)
def test_what_no_run_can_be_named_is_a_wrong_option(sweep: Run, name: str) -> None:
    """To say that nothing is still active would send whoever mistyped it away in peace; the target is not asked."""
    done = sweep("http://127.0.0.1:9", "--run", name)

    assert (done.code, done.out) == (4, "")
    assert done.err == (
        f"--run {name} is the name of no run: it is what stands after `journal-` in .contracts/, or between "
        "`cancel-contract-` and the next dash of a marker, such as 3f9a01bc\n"
    )
