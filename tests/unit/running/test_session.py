"""One session's run: what begins it, what workers bring home, and how it comes to its verdict."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts import workers
from contracts.commons import Commons
from contracts.deviation import Deviation, Standing
from contracts.embedded import seeded_settings
from contracts.errors import Unreachable
from contracts.fragment import load
from contracts.ledger import Exit, Verdict
from contracts.lock import held
from contracts.mark import PREFIX
from contracts.profiles import Profile
from contracts.run import Share
from contracts.session import Choice, Contract, Reports
from contracts.settings import Settings
from contracts.target import Target
from tests.unit.running.conftest import BASE_URL, Memory, Named, Whole

TODAY = date(2026, 11, 24)
WAIT = f"another gate runs against {BASE_URL}, account 3: wait until it has ended"


@pytest.fixture
def session(memory: Memory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Contract]:
    """Make sessions against the provider in memory; locks lie in a folder of the test's own."""
    monkeypatch.setattr("contracts.run.Wire", lambda _: memory)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))

    def make(share: Share | None = None, *, partial: bool = False, **parts: Any) -> Contract:  # noqa: ANN401 - parts of a choice
        settings = parts.pop("settings", seeded_settings(BASE_URL))
        return Contract(Choice(settings, Profile.GATE, **parts), load(), share or Share(), partial)

    return make


Sessions = Callable[..., Contract]


def _played(contract: Contract, *situations: Any) -> Contract:  # noqa: ANN401 - situations
    run = contract.begun()
    for situation in situations:
        run.play(situation)
    contract.finish()
    return contract


def test_a_run_begins_once(session: Sessions, memory: Memory) -> None:
    """The first item begins the run, after the target was found fit; the next ones go on with it."""
    contract = session()

    assert contract.begun() is contract.begun()
    assert len(memory.asked) == 3
    contract.finish()


def test_a_session_comes_to_its_verdict(whole: Whole) -> None:
    """Rows, tally and exit code stand when it has ended."""
    contract = whole.contract
    contract.conclude(TODAY)

    assert {row.verdict for row in contract.rows} == {Verdict.HELD}
    assert (contract.code, contract.tally.left, contract.crashed) == (Exit.HELD, [], [])


def test_a_session_that_played_nothing_has_no_verdict(session: Sessions) -> None:
    """Without a run there is no ledger, and nothing to bring home."""
    contract = session()
    contract.finish()
    contract.conclude(TODAY)

    assert (contract.ledger, contract.dump()["ledger"], contract.code) == (None, None, Exit.HELD)


def test_a_selection_judges_what_was_selected(session: Sessions, named: Named) -> None:
    """A session of one clause has one row, and is partial."""
    contract = _played(session(partial=True, clauses=("repeat/answer",)), *named("effect/scheduled-unpaid"))
    contract.conclude(TODAY)

    assert [(row.clause.id, row.verdict) for row in contract.rows] == [("repeat/answer", Verdict.HELD)]
    assert contract.code is Exit.HELD


def test_a_selected_clause_that_stays_untested_has_no_verdict(session: Sessions, named: Named) -> None:
    """That what was asked for was not put to the test is told, with the reason, however much else held."""
    settings = seeded_settings(BASE_URL, readonly_appointment_id=None)
    clauses = ("answer/status-200", "readonly/refused")
    contract = _played(session(partial=True, clauses=clauses, settings=settings), *named("effect/slot"))
    contract.conclude(TODAY)

    assert contract.ledger is not None
    assert contract.ledger.inconclusive == [
        "--clause readonly/refused was not put to the test: ONELINK_READONLY_APPOINTMENT_ID is not set"
    ]
    assert contract.code is Exit.INCONCLUSIVE


def test_a_selection_that_puts_nothing_to_the_test_has_no_verdict(session: Sessions, named: Named) -> None:
    """Where the one situation that was selected could not be played, nothing was found to hold."""
    settings = seeded_settings(BASE_URL, readonly_appointment_id=999_999)
    contract = _played(session(partial=True, settings=settings), *named("readonly/"))
    contract.conclude(TODAY)

    assert contract.ledger is not None
    (told,) = contract.ledger.inconclusive
    assert told.startswith("nothing of what was selected was put to the test: ONELINK_READONLY_APPOINTMENT_ID names")
    assert contract.code is Exit.INCONCLUSIVE


def test_one_case_plays_its_situation(session: Sessions) -> None:
    """What `--case` takes names the situation before its sharp."""
    contract = session(case="input/unknown-id#cancel")

    assert [one.name for one in contract.choice.situations(load())] == ["input/unknown-id"]


@pytest.mark.parametrize(
    ("settings", "profile", "seed", "told"),
    [
        (Settings(), Profile.QUICK, None, "pytest tests/contract --contract-profile quick --case 'a#b'"),
        (
            Settings(), Profile.THOROUGH, 7,
            "pytest tests/contract --contract-profile thorough --hypothesis-seed=7 --case 'a#b'",
        ),
        (
            seeded_settings(BASE_URL), Profile.GATE, None,
            f"pytest tests/contract --target {BASE_URL} --contract-profile gate --case 'a#b'",
        ),
    ],
)  # fmt: skip
def test_the_way_to_see_it_again_is_told(settings: Settings, profile: Profile, seed: int | None, told: str) -> None:
    """Target, profile and seed stand in it; tokens do not."""
    assert Choice(settings, profile, seed).again("a#b") == told


def test_what_the_end_of_a_run_shows_takes_a_whole_run() -> None:
    """No situation by itself comes to the last look."""
    assert Choice(Settings(), Profile.QUICK).again("finish#read") == "pytest tests/contract --contract-profile quick"


def test_a_target_that_is_not_fit_ends_the_run(session: Sessions, memory: Memory, named: Named) -> None:
    """What the preflight finds is told once, and no situation is played."""
    memory.before = lambda _: httpx.Response(200, html="<title>Welcome</title>")

    contract = _played(session(), *named("effect/"))
    contract.conclude(TODAY)

    assert contract.code is Exit.INCONCLUSIVE
    assert contract.ledger is not None
    assert len(contract.ledger.inconclusive) == 1
    assert {request.method for request in memory.asked} == {"GET"}


def test_two_gates_keep_out_of_each_others_way(session: Sessions, memory: Memory) -> None:
    """While one runs, another asks nothing and has no verdict; after its end the next one may begin."""
    first, second = session(), session()
    first.begun()
    asked = len(memory.asked)
    second.begun()
    second.finish()
    second.conclude(TODAY)

    assert second.ledger is not None
    assert (second.ledger.inconclusive, second.code) == ([WAIT], Exit.INCONCLUSIVE)
    assert len(memory.asked) == asked

    first.finish()
    third = session()
    assert not third.begun().lost
    third.finish()


def test_a_lock_that_cannot_be_taken_is_told(session: Sessions, tmp_path: Path) -> None:
    """Where something else stands in the lock's place, the message names it."""
    target = Target(seeded_settings(BASE_URL))
    with held(target):
        (lock,) = tmp_path.glob("cancel-contract-*.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()

    contract = session()
    contract.hold()

    assert contract.problem == (
        f"the lock {lock} cannot be taken (Is a directory): take it away, or name another TMPDIR"
    )


def test_other_accounts_have_locks_of_their_own(session: Sessions) -> None:
    """Gates on two accounts of one server do not wait for each other."""
    del session
    with held(Target(seeded_settings(BASE_URL))), held(Target(seeded_settings(BASE_URL, account_id=9))):
        with pytest.raises(Unreachable) as caught, held(Target(seeded_settings(BASE_URL))):
            raise AssertionError
        assert str(caught.value) == WAIT


def _worker(contract: Contract, number: int, of: int = 2) -> Contract:
    travelled = workers.travelling(contract, {"workerid": f"gw{number}", "workercount": of})
    return workers.contract(json.loads(json.dumps(travelled)))


def test_a_choice_travels_whole(session: Sessions, tmp_path: Path) -> None:
    """What a worker is given makes the same choice there: tokens, limits, deviations, selection and seed."""
    authorities = _authorities(tmp_path)
    entry = Deviation(clause="repeat/answer", reason="answers 409", owner="qa", until=date(2027, 1, 1))
    settings = seeded_settings(
        BASE_URL, ca_bundle=authorities, extra_headers="X-Gateway: a-secret-for-the-road", appointment_ids=(7001, 7002),
        max_rate=2.5,
    )  # fmt: skip
    contract = session(
        settings=settings, seed=7, clauses=("repeat/answer",), case="a#b", strict=True,
        deviations={entry.clause: entry}, reports=Reports(har=Path("out.har"), json=Path("out.json")),
    )  # fmt: skip

    worker = _worker(contract, 1)

    choice = worker.choice
    assert choice.settings == settings
    assert choice.settings.api_token is not None
    assert (choice.profile, choice.seed, choice.case, choice.strict) == (Profile.GATE, 7, "a#b", True)
    assert (choice.clauses, choice.deviations) == (("repeat/answer",), {entry.clause: entry})
    assert (choice.reports.har is not None, choice.reports.json, choice.plan) == (True, None, False)
    together = Commons(contract.share.run)
    assert (worker.share, worker.partial) == (Share(contract.share.run, 1, 2, together), True)


def test_another_machine_has_an_even_share(monkeypatch: pytest.MonkeyPatch, session: Callable[..., Contract]) -> None:
    """A worker on another machine counts by itself, since it cannot see the others' count."""
    contract = session(settings=seeded_settings(BASE_URL))
    travelled = workers.travelling(contract, {"workerid": "gw1", "workercount": 2})
    monkeypatch.setattr("platform.node", lambda: "another")

    assert workers.contract(travelled).share == Share(contract.share.run, 1, 2)


def _authorities(folder: Path) -> Path:
    import trustme  # noqa: PLC0415 - it takes long to load

    path = folder / "authorities.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


def test_only_what_is_set_travels(session: Sessions) -> None:
    """A bare choice is the embedded provider's there, too, with no report."""
    worker = _worker(session(settings=Settings()), 0)

    assert worker.choice.settings == Settings()
    assert worker.choice.target.embedded
    assert worker.choice.reports == Reports()
    assert not worker.partial


def test_two_workers_come_to_the_verdict_of_one(session: Sessions, memory: Memory, named: Named) -> None:
    """What workers bring home adds up to one ledger, one tally and one exit code."""
    contract = session()
    contract.hold()
    halves = (named("effect/", "readonly/"), named("repeat/", "access/", "input/", "generated/", "stateful/"))
    for number, half in enumerate(halves):
        worker = _played(_worker(contract, number), *half)
        assert worker.problem == ""
        contract.merge(json.loads(json.dumps(worker.dump())))
    contract.finish()
    contract.conclude(TODAY)

    assert {row.verdict for row in contract.rows} == {Verdict.HELD}
    assert contract.code is Exit.HELD
    assert contract.tally.requests == len(memory.asked)
    assert contract.tally.appointments == len([
        row for row in memory.provider.store.appointments.values() if str(row.external_ref).startswith(PREFIX)
    ])  # fmt: skip


def test_workers_of_a_second_gate_ask_nothing(session: Sessions, memory: Memory) -> None:
    """A lock that their controller could not have keeps every worker from beginning."""
    first, second = session(), session()
    first.hold()
    second.hold()

    worker = _worker(second, 1)
    worker.begun()

    assert worker.ledger is not None
    assert (worker.ledger.inconclusive, memory.asked) == ([WAIT], [])
    worker.finish()
    first.finish()


def test_a_worker_that_played_nothing_changes_nothing(session: Sessions) -> None:
    """An empty share leaves the session without a ledger."""
    contract = session()
    contract.merge(_worker(contract, 1).dump())

    assert contract.ledger is None


def test_a_crashed_worker_is_the_suites_failure(session: Sessions, named: Named) -> None:
    """A run that lost a worker has no verdict."""
    contract = _played(session(partial=True, clauses=("repeat/answer",)), *named("effect/scheduled-unpaid"))
    contract.conclude(TODAY)
    assert contract.code is Exit.HELD
    assert contract.ledger is not None

    contract.crashed.append("gw1")
    contract.conclude(TODAY)

    assert (contract.ledger.harness, contract.code) == (["worker gw1 crashed"], Exit.ABORTED)


def test_deviations_are_judged_at_the_end(session: Sessions, memory: Memory, named: Named) -> None:
    """A known deviation leaves the gate open; on the day after its date it closes it."""
    memory.provider.switch(["times-shifted"])
    contract = _played(session(partial=True), *named("effect/scheduled-unpaid"))
    contract.conclude(TODAY)
    broken = [row.clause.id for row in contract.rows if row.verdict is Verdict.BROKEN]
    assert contract.code is Exit.BROKEN
    entries = {name: Deviation(clause=name, reason="seen", owner="qa", until=TODAY) for name in broken}
    object.__setattr__(contract.choice, "deviations", entries)

    contract.conclude(TODAY)
    assert contract.code is Exit.HELD
    assert {entry.standing for entry in contract.deviating.values()} == {Standing.KNOWN}

    contract.conclude(date(2026, 11, 25))
    assert contract.code is Exit.BROKEN
    assert {entry.standing for entry in contract.deviating.values()} == {Standing.EXPIRED}


def test_exchanges_are_kept_where_a_har_is_asked_for(session: Sessions, named: Named) -> None:
    """Without that report none is kept."""
    with_one = _played(session(reports=Reports(har=Path("out.har"))), *named("readonly/"))
    without = _played(session(), *named("readonly/"))

    assert len(with_one.exchanges) >= 3
    assert without.exchanges == []
