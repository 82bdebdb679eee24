"""What the preflight says of a target that is throttled or slow."""

from collections.abc import Callable
from functools import partial

import httpx
import pytest

from cancel_contract.fragment.document import load
from cancel_contract.guard.budget import Budget
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.finding import Finding
from cancel_contract.run.preflight import examine, waits_told
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from tests.unit.run.conftest import BASE_URL, Examined, Memory, Named, Opened


def _throttling(times: int, after: str) -> Callable[[Request], Request | httpx.Response]:
    """Answer 429 so often, and pass on what comes later."""
    left = [httpx.Response(429, headers={"retry-after": after})] * times
    return lambda request: left.pop() if left else request


@pytest.mark.parametrize(
    ("asked", "waited"), [("30", "30 s"), ("3600", "60 s"), ("-", "1 s")], ids=["short", "bounded", "none"]
)
def test_a_wait_is_told_before_it_begins(make_run: Opened, memory: Memory, asked: str, waited: str) -> None:
    """How long, for what and why; never longer than is waited."""
    memory.before = _throttling(1, asked)
    told: list[str] = []

    with make_run() as run:
        run.budget.sleep = lambda seconds: told.append(f"waited {seconds:g} s")
        with waits_told(run.budget, run.target, told.append):
            findings = [*examine(run.context)]

    assert told == [
        f"{BASE_URL} answered 429 (too many requests): trying again in {waited}",
        f"waited {waited}",
    ]
    assert all(finding.is_good for finding in findings)


def test_no_wait_is_told_where_there_is_none(make_run: Opened, memory: Memory) -> None:
    """A target that lets itself be asked again at once keeps nobody waiting."""
    memory.before = _throttling(1, "0")
    told: list[str] = []

    with make_run() as run, waits_told(run.budget, run.target, told.append):
        assert [*examine(run.context)]

    assert told == []


def test_a_target_that_takes_too_long_points_to_the_limit(examined: Examined, memory: Memory) -> None:
    """A target that takes too long may be absent or slow; the message names the time limit."""
    memory.before = lambda _: httpx.ReadTimeout("timed out")

    assert examined(time_limit=2.5) == (
        Finding(
            "is the target there?",
            f"{BASE_URL} gave no answer in time (timed out), 3 times in a row",
            "if it needs more than 2.5 s, set ONELINK_TIME_LIMIT higher; else check the network, the VPN and the "
            "server, then try again; if it speaks TLS, write https into ONELINK_BASE_URL",
        ),
    )


def test_a_gate_tells_of_its_waits_until_it_has_begun(
    memory: Memory, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody sees yet that it does anything; later on its ledger counts them."""
    monkeypatch.setattr("cancel_contract.run.assembly.Budget", partial(Budget, sleep=lambda _: None))
    told: list[str] = []
    contract = Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load(), tell=told.append, wire=memory)
    memory.before = _throttling(2, "9")

    run = contract.begun()
    memory.before = _throttling(1, "9")
    run.play(named("access/")[0])
    contract.finish()

    assert run.budget.throttled == 3
    assert told == [f"{BASE_URL} answered 429 (too many requests): trying again in 9 s"] * 2
