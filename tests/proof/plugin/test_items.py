"""The scenarios as pytest items: which are played, in which order, and which are skipped."""

from types import SimpleNamespace
from typing import cast

import pytest

from cancel_contract.errors import Unprepared
from cancel_contract.fragment.document import load
from cancel_contract.plugin import hooks as plugin
from cancel_contract.plugin.begin import CONTRACT
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from cancel_contract.target.settings import Settings
from tests.proof.plugin.conftest import ONE, OWN, PLAYED, Sessions, answers, raises


def test_a_selection_by_name_is_partial(session: Sessions) -> None:
    """A run of -k judges what was selected, and says so."""
    result = session("-k", "one", plays={"effect/one": answers(200), "effect/two": answers(409)})

    assert result.ret == 0
    result.stdout.fnmatch_lines(["HELD *partial: only what was selected was judged"])


def test_where_no_scenario_is_collected_none_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests do not wait until what draws cases is loaded."""
    listed: list[object] = []

    def scenarios(*asked: object) -> tuple[()]:
        listed.append(asked)
        return ()

    monkeypatch.setattr(Choice, "scenarios", scenarios)
    contract = Contract(Choice(Settings(), Profile.QUICK), load())
    other = SimpleNamespace(get_closest_marker=lambda _: None)
    config = SimpleNamespace(stash={CONTRACT: contract})

    plugin.pytest_collection_finish(cast("pytest.Session", SimpleNamespace(config=config, items=[other])))

    assert listed == []
    assert not contract.partial


def test_scenarios_are_played_in_their_order_and_other_tests_keep_their_places(
    session: Sessions, pytester: pytest.Pytester
) -> None:
    """What comes first does not depend on the names of files."""
    pytester.makepyfile(
        test_contract=PLAYED.replace('"effect", "repeat"', '"effect"'),
        test_own=OWN.format("True"),
        test_repeat=PLAYED.replace('"effect", "repeat"', '"repeat"'),
    )

    done = session("-v", plays={"repeat/first": answers(200), "effect/second": answers(200)})

    played = [line.partition("::")[2].partition(" ")[0] for line in done.outlines if "PASSED" in line]
    assert played == ["test_contract[repeat/first]", "test_own", "test_contract[effect/second]"]


def test_a_scenario_without_appointments_is_skipped_with_the_reason(
    session: Sessions,
) -> None:
    """What could not be played says why, and breaks nothing."""
    result = session("-rs", *ONE, plays={"effect/x": raises(Unprepared("no slot is free"))})

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*no slot is free"])


def test_a_family_without_scenarios_makes_no_item(session: Sessions, pytester: pytest.Pytester) -> None:
    """What is not selected leaves nothing behind that would count as skipped."""
    pytester.makepyfile(test_access=PLAYED.replace('"effect", "repeat"', '"access"'))

    result = session(*ONE, plays={"effect/x": answers(200)})

    result.assert_outcomes(passed=1)
