"""What workers are given, and what they bring home to one session."""

import json
from datetime import date
from pathlib import Path

import pytest

from cancel_contract.guard.shared_state import SharedState
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.plugin import xdist_payload as workers
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Contract, Reports
from cancel_contract.run.share import Share
from cancel_contract.target.settings import Settings
from tests.unit.run.conftest import BASE_URL, TODAY, WAIT, Memory, Named, Sessions, played


def worker_of(contract: Contract, number: int, of: int = 2) -> Contract:
    """Return what a worker makes of what the session gives it."""
    travelled = workers.travelling(contract, {"workerid": f"gw{number}", "workercount": of})
    return workers.contract(json.loads(json.dumps(travelled)))


def test_a_choice_travels_whole(session: Sessions, certificates: dict[str, Path]) -> None:
    """What a worker is given makes the same choice there: tokens, limits, deviations, selection and seed."""
    entry = Deviation(clause="repeat/answer", reason="answers 409", owner="qa", until=date(2027, 1, 1))
    settings = seeded_settings(
        BASE_URL, ca_bundle=certificates["ca_bundle"], extra_headers="X-Gateway: a-secret-for-the-road",
        appointment_ids=(7001, 7002), max_rate=2.5, unprivileged_api_token="none",
    )  # fmt: skip
    contract = session(
        settings=settings, seed=7, clauses=("repeat/answer",), case="a#b", strict=True,
        deviations={entry.clause: entry}, reports=Reports(har=Path("out.har"), json=Path("out.json")),
    )  # fmt: skip

    worker = worker_of(contract, 1)

    choice = worker.choice
    assert choice.settings == settings
    assert choice.settings.api_token is not None
    assert (choice.profile, choice.seed, choice.case, choice.strict) == (Profile.GATE, 7, "a#b", True)
    assert (choice.clauses, choice.deviations) == (("repeat/answer",), {entry.clause: entry})
    assert (choice.reports.har is not None, choice.reports.json, choice.plan) == (True, None, False)
    assert worker.choice.settings.declined == {"unprivileged_api_token"}
    together = SharedState(contract.share.run)
    assert (worker.share, worker.partial) == (Share(contract.share.run, 1, 2, together), True)


def test_another_machine_has_an_even_share(monkeypatch: pytest.MonkeyPatch, session: Sessions) -> None:
    """A worker on another machine counts by itself, since it cannot see the others' count."""
    contract = session(settings=seeded_settings(BASE_URL))
    travelled = workers.travelling(contract, {"workerid": "gw1", "workercount": 2})
    monkeypatch.setattr("platform.node", lambda: "another")

    assert workers.contract(travelled).share == Share(contract.share.run, 1, 2)


def test_only_what_is_set_travels(session: Sessions) -> None:
    """A bare choice is the embedded provider's there, too, with no report."""
    worker = worker_of(session(settings=Settings()), 0)

    assert worker.choice.settings == Settings()
    assert worker.choice.target.embedded
    assert worker.choice.reports == Reports()
    assert not worker.partial


def test_workers_of_a_second_gate_ask_nothing(session: Sessions, memory: Memory) -> None:
    """A lock that their controller could not have keeps every worker from beginning."""
    first, second = session(), session()
    first.hold()
    second.hold()

    worker = worker_of(second, 1)
    worker.begun()

    assert worker.ledger is not None
    assert (worker.ledger.inconclusive, memory.asked) == ([WAIT], [])
    worker.finish()
    first.finish()


def test_a_worker_that_played_nothing_changes_nothing(session: Sessions) -> None:
    """An empty share leaves the session without a ledger."""
    contract = session()
    contract.merge(worker_of(contract, 1).dump())

    assert contract.ledger is None


def test_a_crashed_worker_is_the_suites_failure(session: Sessions, named: Named) -> None:
    """A run that lost a worker has no verdict."""
    contract = played(session(partial=True, clauses=("repeat/answer",)), *named("effect/scheduled-free"))
    contract.conclude(TODAY)
    assert contract.code is Exit.HELD
    assert contract.ledger is not None

    contract.crashed.append("gw1")
    contract.conclude(TODAY)

    assert (contract.ledger.suite_failures, contract.code) == (["worker gw1 crashed"], Exit.ABORTED)
