"""The run of one session: what begins it, what it selects, and its verdict."""

from datetime import date
from pathlib import Path

import httpx
import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.deviation import Deviation, Standing
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Verdict
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Reports
from cancel_contract.target.settings import Settings
from tests.unit.run.conftest import BASE_URL, TODAY, Memory, Named, Sessions, played


def test_a_run_begins_once(session: Sessions, memory: Memory) -> None:
    """The first item begins the run, after the target was found fit; the next ones go on with it."""
    contract = session()

    assert contract.begun() is contract.begun()
    assert len(memory.asked) == 3
    contract.finish()


def test_a_session_that_played_nothing_has_no_verdict(session: Sessions) -> None:
    """Without a run there is no ledger, and nothing to bring home."""
    contract = session()
    contract.finish()
    contract.conclude(TODAY)

    assert (contract.ledger, contract.dump()["ledger"], contract.code) == (None, None, Exit.HELD)


def test_a_selection_judges_what_was_selected(session: Sessions, named: Named) -> None:
    """A session of one clause has one row, and is partial."""
    contract = played(session(partial=True, clauses=("repeat/answer",)), *named("effect/scheduled-free"))
    contract.conclude(TODAY)

    assert [(row.clause.id, row.verdict) for row in contract.rows] == [("repeat/answer", Verdict.HELD)]
    assert contract.code is Exit.HELD


def test_a_selected_clause_that_stays_untested_has_no_verdict(session: Sessions, named: Named) -> None:
    """A selected clause that stays untested leads to no verdict, with the reason, however much else held."""
    settings = seeded_settings(BASE_URL, readonly_appointment_id=None)
    clauses = ("answer/status-200", "readonly/refused")
    contract = played(session(partial=True, clauses=clauses, settings=settings), *named("effect/slot"))
    contract.conclude(TODAY)

    assert contract.ledger is not None
    assert contract.ledger.inconclusive == [
        "--clause readonly/refused was not exercised: ONELINK_READONLY_APPOINTMENT_ID is not set"
    ]
    assert contract.code is Exit.INCONCLUSIVE


def test_a_selection_that_puts_nothing_to_the_test_has_no_verdict(session: Sessions, named: Named) -> None:
    """Where the one scenario that was selected could not be played, nothing was found to hold."""
    settings = seeded_settings(BASE_URL, readonly_appointment_id=999_999)
    contract = played(session(partial=True, settings=settings), *named("readonly/"))
    contract.conclude(TODAY)

    assert contract.ledger is not None
    (told,) = contract.ledger.inconclusive
    assert told.startswith("nothing of what was selected was exercised: ONELINK_READONLY_APPOINTMENT_ID names")
    assert contract.code is Exit.INCONCLUSIVE


def test_one_case_plays_its_scenario(session: Sessions) -> None:
    """What `--case` takes names the scenario before its sharp."""
    contract = session(case="input/unknown-id#cancel")

    assert [one.name for one in contract.choice.scenarios(load())] == ["input/unknown-id"]


@pytest.mark.parametrize(
    ("settings", "profile", "seed", "told"),
    [
        (Settings(), Profile.QUICK, None, "cancel-contract gate --contract-profile quick --case 'a#b'"),
        (
            Settings(), Profile.THOROUGH, 7,
            "cancel-contract gate --contract-profile thorough --hypothesis-seed=7 --case 'a#b'",
        ),
        (
            seeded_settings(BASE_URL), Profile.GATE, None,
            f"cancel-contract gate --target {BASE_URL} --contract-profile gate --case 'a#b'",
        ),
    ],
)  # fmt: skip
def test_the_way_to_see_it_again_is_told(settings: Settings, profile: Profile, seed: int | None, told: str) -> None:
    """Target, profile and seed stand in it; tokens do not."""
    assert Choice(settings, profile, seed).again("a#b") == told


def test_what_no_scenario_plays_by_itself_takes_a_whole_run() -> None:
    """No scenario by itself comes to the last look, and a booking of a free slot belongs to whichever needs it."""
    assert "--case" not in Choice(Settings(), Profile.GATE).again("effect/rebook")
    assert Choice(Settings(), Profile.QUICK).again("finish#read") == "cancel-contract gate --contract-profile quick"


def test_a_target_that_is_not_fit_ends_the_run(session: Sessions, memory: Memory, named: Named) -> None:
    """What the preflight finds is reported once, and no scenario is played."""
    memory.before = lambda _: httpx.Response(200, html="<title>Welcome</title>")

    contract = played(session(), *named("effect/"))
    contract.conclude(TODAY)

    assert contract.code is Exit.INCONCLUSIVE
    assert contract.ledger is not None
    assert len(contract.ledger.inconclusive) == 1
    assert {request.method for request in memory.asked} == {"GET"}


def test_deviations_are_judged_at_the_end(session: Sessions, memory: Memory, named: Named) -> None:
    """A known deviation leaves the gate open; on the day after its date it closes it."""
    memory.provider.switch(["times-shifted"])
    contract = played(session(partial=True), *named("effect/scheduled-free"))

    def concluded(day: date) -> Exit:
        contract.conclude(day)
        return contract.code

    assert concluded(TODAY) is Exit.BROKEN
    broken = [row.clause.id for row in contract.rows if row.verdict is Verdict.BROKEN]
    entries = {name: Deviation(clause=name, reason="seen", owner="qa", until=TODAY) for name in broken}
    object.__setattr__(contract.choice, "deviations", entries)

    assert concluded(TODAY) is Exit.HELD
    assert {entry.standing for entry in contract.deviating.values()} == {Standing.KNOWN}

    assert concluded(date(2026, 11, 25)) is Exit.BROKEN
    assert {entry.standing for entry in contract.deviating.values()} == {Standing.EXPIRED}


def test_exchanges_are_kept_where_a_har_is_asked_for(session: Sessions, named: Named) -> None:
    """Exchanges are kept only if a HAR report is asked for."""
    with_one = played(session(reports=Reports(har=Path("out.har"))), *named("readonly/"))
    without = played(session(), *named("readonly/"))

    assert len(with_one.exchanges) >= 3
    assert without.exchanges == []
