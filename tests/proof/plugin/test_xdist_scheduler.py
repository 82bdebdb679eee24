"""How scenarios are dealt out to the workers of pytest-xdist: in which order, and which together."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from xdist.remote import WorkerInteractor

from cancel_contract.fragment.document import load
from cancel_contract.plugin.items import put_in_turn
from cancel_contract.plugin.xdist_scheduler import Scheduler
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.scenarios import Scenario

SCENARIOS = "tests/contract/test_scenarios.py::test_scenarios"
GENERATED = "tests/contract/test_generated_cases.py::test_generated_cases"
DRAWN = "tests/contract/test_drawn_cases.py::test_fuzzing_negative"


def _item(nodeid: str, marker: object = "contract") -> Any:  # noqa: ANN401 - an item, as pytest has it
    return SimpleNamespace(nodeid=nodeid, get_closest_marker=lambda _: marker)


def _in_turn(*played: Scenario) -> list[str]:
    """The names of scenarios, and of what else there is, in turn."""
    items = [_item("test_a.py::test_b", None), *[_item(f"{SCENARIOS}[{one.name}]") for one in played]]
    put_in_turn(items, played)
    return [item.nodeid.partition("[")[2].rstrip("]") for item in items]


def test_what_makes_appointments_has_the_first_turn() -> None:
    """Of each kind the longest comes first, equals in the order of play; what is no scenario comes last."""
    short, long = (Scenario(f"effect/{number}", print, 1, number) for number in (3, 9))
    equal, asking = Scenario("access/equal", print, 1, 9), Scenario("input/a", print, 0, 5)

    assert _in_turn(asking, short, long, equal) == ["effect/9", "access/equal", "effect/3", "input/a", ""]


def test_a_group_is_as_long_as_all_of_it() -> None:
    """One worker plays it: it begins early, with what makes an appointment, and goes on in the order of play."""
    long = Scenario("effect/long", print, 1, 9)
    asking = [Scenario(f"input/{number}", print, 0, number, group="g") for number in (4, 5)]
    making = Scenario("input/making", print, 1, 1, group="g")

    assert _in_turn(long, *asking, making) == ["input/making", "input/4", "input/5", "effect/long", ""]


def test_an_item_that_draws_has_the_turn_of_its_scenario() -> None:
    """It is known by its function, since its id names the operation at most."""
    drawn, asking = Scenario("generated/fuzzing-negative", print, 0, 64), Scenario("input/a", print, 0, 5)
    items = [_item(f"{SCENARIOS}[input/a]"), _item(DRAWN)]

    put_in_turn(items, [asking, drawn])

    assert [item.nodeid for item in items] == [DRAWN, f"{SCENARIOS}[input/a]"]


Dealt = Callable[[Profile], Scheduler]


@pytest.fixture
def dealt(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Dealt:
    """Return the dealing of a profile's scenarios."""
    monkeypatch.setattr(pytestconfig.option, "tx", ["popen"])
    return lambda profile: Scheduler(pytestconfig, None, scenarios(profile, load()))


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        (f"{SCENARIOS}[access/showings]", "refused"),
        (f"{SCENARIOS}[access/foreign-token]", "refused"),
        (f"{SCENARIOS}[input/boundary-ids]", "ignored"),
        (f"{GENERATED}[generated/coverage-negative]", "ignored"),
        (f"{SCENARIOS}[input/odd-bodies]", f"{SCENARIOS}[input/odd-bodies]"),
        ("tests/unit/test_input.py::test_output[showings]", "tests/unit/test_input.py::test_output[showings]"),
        ("tests/unit/test_access.py::test_access", "tests/unit/test_access.py::test_access"),
    ],
)
def test_a_group_is_dealt_out_together(dealt: Dealt, nodeid: str, scope: str) -> None:
    """What uses one appointment, or knows what was sent, goes to one worker; all else is dealt out one by one."""
    assert dealt(Profile.GATE)._split_scope(nodeid) == scope


def test_many_generated_cases_are_dealt_out_by_themselves(dealt: Dealt) -> None:
    """A batch of a night's run takes longer than it would save where another worker is free."""
    assert dealt(Profile.THOROUGH)._split_scope(DRAWN) == DRAWN


def test_loadgroup_does_not_keep_a_group_together(pytester: pytest.Pytester) -> None:
    """pytest-xdist writes a group where pytest no longer reads it; once it does, loadgroup can replace it."""
    items = pytester.getitems("import pytest\n\n@pytest.mark.xdist_group('refused')\ndef test_a(): pass")
    config: Any = SimpleNamespace(getvalue=lambda _: True)

    WorkerInteractor.pytest_collection_modifyitems(SimpleNamespace(), config, items)

    assert [item.nodeid.rpartition("::")[2] for item in items] == ["test_a"]
