"""What a run would do, told beforehand, and how near that comes to what it does."""

from collections import Counter
from typing import Any

import pytest

from contracts.embedded import seeded_settings
from contracts.fragment import load
from contracts.profiles import Profile, situations
from contracts.report.plan import lines
from contracts.session import Choice
from contracts.settings import Settings
from tests.unit.running.conftest import BASE_URL, Whole

OFF = 0.15
"""The part by which a family's plan may be off."""


def _plan(profile: Profile = Profile.GATE, **settings: Any) -> list[str]:  # noqa: ANN401 - values of any setting
    return [*lines(Choice(seeded_settings(BASE_URL, **settings), profile), load())]


def test_the_plan_of_a_gate_is_told_whole() -> None:
    """Families, sums, budgets, supply and rate each have a line, and nothing stays untested."""
    assert _plan() == [
        "plan: profile gate, 41 of 41 situations; nothing is sent",
        "  effect      13 situations  about   65 requests   15 appointments",
        "  generated    5 situations  about   26 requests    0 appointments",
        "  input       12 situations  about   90 requests    2 appointments",
        "  access       6 situations  about   34 requests    0 appointments",
        "  repeat       3 situations  about   34 requests    5 appointments",
        "  readonly     1 situations  about    3 requests    0 appointments",
        "  stateful     1 situations  about   20 requests    2 appointments",
        "  in all about 272 of 600 requests, 24 of 40 appointments; a broken clause is asked again on fresh ones",
        "  appointments: made in free slots of resource 11, and cancelled at the end",
        "  requests a second: no limit on loopback unless ONELINK_MAX_RATE is set",
    ]


def test_what_stays_untested_is_told_with_its_settings() -> None:
    """Each clause that no situation can show is named with what to set."""
    told = _plan(readonly_appointment_id=None)

    assert told[0] == "plan: profile gate, 40 of 41 situations; nothing is sent"
    assert [line for line in told if "untested" in line] == [
        "  untested   readonly/refused: ONELINK_READONLY_APPOINTMENT_ID is not set",
        "  untested   readonly/untouched: ONELINK_READONLY_APPOINTMENT_ID is not set",
        "  untested   readonly/code: ONELINK_READONLY_APPOINTMENT_ID is not set",
    ]


def test_a_selection_of_clauses_tells_of_those_alone() -> None:
    """A clause that was not asked for is not told as untested."""
    choice = Choice(seeded_settings(BASE_URL, readonly_appointment_id=None), Profile.GATE, clauses=("repeat/answer",))

    assert [line for line in lines(choice, load()) if "untested" in line] == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"resource_id": None, "appointment_ids": (4012, 4013)},
            "none is made; 2 are handed over, first come, first served: what needs more is untested",
        ),
        ({"resource_id": None}, "none can be had: set ONELINK_RESOURCE_ID to make them, or ONELINK_APPOINTMENT_IDS"),
    ],
)
def test_where_appointments_come_from_is_told(settings: dict[str, Any], told: str) -> None:
    """Ids that were handed over are counted; without them and a resource none can be had."""
    assert f"  appointments: {told}" in _plan(**settings)


def test_the_rate_of_a_target_elsewhere_is_told() -> None:
    """Only loopback has no limit, unless one is set."""
    for url in ("https://staging.example", "http://127.0.0.1:8080"):
        settings = Settings(base_url=url, api_token="a-token-of-some-length", account_id=1, max_rate=2.5)

        assert "  requests a second: 2.5 at most" in [*lines(Choice(settings, Profile.GATE), load())]


def test_the_plan_comes_near_to_what_is_done(whole: Whole) -> None:
    """No family sends more than some requests or appointments beside what its plan says."""
    planned: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for situation in situations(Profile.GATE, load()):
        requests, appointments = whole.spent[situation.name]
        planned[situation.family] += situation.requests
        sent[situation.family] += requests
        made[situation.family] += appointments - situation.appointments

    off = {family: planned[family] / sent[family] - 1 for family in planned}
    # Connections are open already here: the reads that open them for parallel cancels are left out.
    off.pop("repeat")
    assert {family: part for family, part in off.items() if abs(part) > OFF} == {}
    assert set(made.values()) == {0}


def test_a_plan_that_the_budgets_do_not_hold_says_so() -> None:
    """What a run would not come to is told before it is begun, with what to set."""
    told = _plan(max_requests=200, max_appointments=20)

    kept = "are kept for asking again and for clearing away"
    assert [line for line in told if "too much" in line] == [
        f"  too much: 272 requests planned; 40 of 200 {kept}: set ONELINK_MAX_REQUESTS higher",
        f"  too much: 24 appointments planned; 2 of 20 {kept}: set ONELINK_MAX_APPOINTMENTS higher",
    ]
    assert not any("too much" in line for line in _plan(max_appointments=20, appointment_ids=(5001, 5002)))
