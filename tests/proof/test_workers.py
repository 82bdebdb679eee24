"""The contract over several workers: one verdict, one ledger, own appointments, and no secret shown."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.exchange.marker import PREFIX, Marker
from cancel_contract.provider import SEED, Provider, running

Run = Callable[..., Any]
TOKENS = (SEED.member_token, SEED.foreign_token, SEED.unprivileged_token, SEED.second_token)
CRASHES = """
import os
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    if os.environ.get("PYTEST_XDIST_WORKER") == "gw1":
        os._exit(1)
"""

FAILS = """
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    if "spread" in item.nodeid:
        pytest.fail("failed by another plugin", pytrace=False)
    return result

@pytest.fixture(autouse=True)
def broken(request):
    yield
    if "readonly" in request.node.nodeid:
        raise OSError("no")
"""


def _below(number: int) -> Iterator[str]:
    """Yield the processes that a process has started, and those that they have."""
    with suppress(OSError):
        for thread in Path(f"/proc/{number}/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                yield child
                yield from _below(int(child))


@contextmanager
def _command_lines() -> Iterator[set[str]]:
    """Collect the command lines of every process that this one has started, and those have, while something runs."""
    seen: set[str] = set()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            for number in _below(os.getpid()):
                with suppress(OSError):
                    line = Path(f"/proc/{number}/cmdline").read_bytes()
                    seen.add(line.replace(b"\0", b" ").decode("utf-8", "replace"))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize(
    ("where", "code"),
    [("tests/unit/exchange/test_strict_json.py", 0), ("tests/contract", 4)],
    ids=["others", "contract"],
)
def test_wrong_settings_matter_to_workers_that_collect_the_contract(command: Run, where: str, code: int) -> None:
    """Other tests run, whatever the machine has set; the contract is not begun, and says what is wrong."""
    root = Path(__file__).parents[2]

    done = command(
        "-m", "pytest", "-c", f"{root}/pyproject.toml", "--rootdir", str(root), f"{root}/{where}", "-n", "2", FOO=1
    )

    assert done.code == code
    assert ("ONELINK_FOO is no setting" in done.err, " passed" in done.out) == (code == 4, code == 0)


def test_a_plan_needs_no_workers(shell: Run) -> None:
    """A plan with workers is printed at once, as without them, and exits 0."""
    done = shell("http://127.0.0.1:9", "--plan", "-n", "2")

    assert done.code == 0
    assert "scenarios; nothing is sent" in done.out
    assert "bringing up" not in done.out


def test_two_workers_make_one_run(shell: Run) -> None:
    """Verdict, ledger and budgets are those of one run; each worker has marks of its own, and tokens stay unseen."""
    provider = Provider()
    with running(provider) as served, _command_lines() as lines:
        done = shell(served.base_url, "-n", "2")

    rows = provider.audit.marked(PREFIX)
    marks = [Marker.of(row.external_ref, row.idempotency_key) for row in rows]
    assert (done.code, done.last) == (0, "exit 0: gate open: every MUST clause held")
    assert done.out.count(f"HELD {len(CATALOGUE)} · NOT APPLICABLE 0 · UNTESTED 0 · BROKEN 0 · ABORTED 0") == 1
    # Some are deleted after their cancels.
    made = provider.store.next_id() - provider.store.first_id
    assert f" {provider.audit.requests} requests, {made} appointments" in done.out
    assert len({mark.run for mark in marks if mark}) == 1
    assert {mark.number // 1_000_000 for mark in marks if mark} == {0, 1}
    assert (provider.audit.active(PREFIX), provider.audit.named, provider.audit.touched) == ((), 0, ())
    assert any("execnet" in line or "sys.stdin" in line for line in lines)
    assert [line for line in lines if any(token in line for token in TOKENS)] == []


def test_budgets_are_shared_out(shell: Run) -> None:
    """Two workers together do not spend more than one may; what they made is cancelled all the same."""
    provider = Provider()
    with running(provider) as served:
        done = shell(served.base_url, "-n", "2", "-k", "effect or input", MAX_REQUESTS=120, MAX_APPOINTMENTS=10)

    assert done.code == 6
    assert re.search(r"\d+ of (60 requests|10 appointments) are spent", done.last)
    assert provider.audit.requests <= 120
    assert len([row for row in provider.store.appointments.values() if row.id >= 5000]) <= 10
    assert provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_an_item_that_another_plugin_fails_is_red(shell: Run, tmp_path: Path, workers: tuple[str, ...]) -> None:
    """The contract holds, and the exit code says that an item failed all the same."""
    (tmp_path / "fails.py").write_text(FAILS, encoding="utf-8")
    done = shell(None, *workers, "-p", "fails", "--contract-profile", "gate")

    assert done.code == 1
    assert "exit 1 all the same: an item failed that no clause failed" in done.out
    assert " 1 failed" in done.out
    assert " 1 error" in done.out


@pytest.mark.parametrize("options", [(), ("--max-worker-restart=0",)], ids=["replaced", "for good"])
def test_a_worker_that_crashes_is_told(shell: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    """A run that lost a worker has no verdict, whatever the others found."""
    (tmp_path / "crashes.py").write_text(CRASHES, encoding="utf-8")
    with running() as served:
        done = shell(served.base_url, "-n", "2", "-p", "crashes", *options)

    assert done.code == 3
    assert "suite failure: worker gw1 crashed" in done.out
    assert done.last == "exit 3: no verdict: the suite itself failed"
