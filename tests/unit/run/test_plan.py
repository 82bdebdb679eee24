"""The plan of a run, and the budgets that hold it."""

from datetime import timedelta
from typing import Any

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.report.plan import lines
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.forecast import excesses
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.session import Choice
from cancel_contract.target.settings import Settings
from tests.unit.run.conftest import BASE_URL, TODAY, Sessions

SET_THESE = "set these, or leave them at none where the target has no such thing"
WAIVER = Deviation(clause="x", reason="none here", owner="qa", until=TODAY, untested=True)
EXPIRED = Deviation(clause="repeat/answer", reason="answers 409", owner="qa", until=TODAY - timedelta(days=1))


def _plan(profile: Profile = Profile.GATE, **settings: Any) -> list[str]:  # noqa: ANN401 - values of any setting
    return [*lines(Choice(seeded_settings(BASE_URL, **settings), profile), load())]


def test_the_plan_of_a_gate_is_told_whole() -> None:
    """Families, sums, budgets, supply and rate each have a line, and nothing stays untested."""
    assert _plan() == [
        "plan: profile gate, 45 of 45 scenarios; nothing is sent",
        "  access       9 scenarios  about   70 requests    1 appointments",
        "  effect      14 scenarios  about  127 requests   18 appointments",
        "  generated    5 scenarios  about   13 requests    0 appointments",
        "  input       12 scenarios  about   88 requests    3 appointments",
        "  readonly     1 scenarios  about    3 requests    0 appointments",
        "  repeat       3 scenarios  about   42 requests    6 appointments",
        "  stateful     1 scenarios  about    8 requests    1 appointments",
        "  in all about 351 of 600 requests, 29 of 48 appointments; a broken clause is retried on new ones",
        "  appointments: made in free slots of resource 11, and cancelled at the end",
        "  requests a second: no limit on loopback unless ONELINK_MAX_RATE is set",
        "best exit to expect: 0",
    ]


def test_what_stays_untested_is_told_with_its_settings() -> None:
    """Each clause that no scenario can show is named with what to set."""
    told = _plan(readonly_appointment_id=None)

    assert told[0] == "plan: profile gate, 44 of 45 scenarios; nothing is sent"
    assert told[-5:] == [
        "  untested   readonly/refused: ONELINK_READONLY_APPOINTMENT_ID is not set",
        "  untested   readonly/untouched: ONELINK_READONLY_APPOINTMENT_ID is not set",
        "  untested   readonly/code: ONELINK_READONLY_APPOINTMENT_ID is not set",
        f"best exit to expect: 6, because 2 clauses stay untested; {SET_THESE}",
        "  ONELINK_READONLY_APPOINTMENT_ID=none   # or an imported (read-only) appointment of the account",
    ]


def test_what_is_waived_keeps_no_gate_closed() -> None:
    """A clause waived by a setting that says none, or by an entry in the deviations file, keeps the gate open."""
    told = _plan(readonly_appointment_id="none")
    assert told[-4:] == [
        "  waived     readonly/refused: ONELINK_READONLY_APPOINTMENT_ID=none: the target has no such thing",
        "  waived     readonly/untouched: ONELINK_READONLY_APPOINTMENT_ID=none: the target has no such thing",
        "  waived     readonly/code: ONELINK_READONLY_APPOINTMENT_ID=none: the target has no such thing",
        "best exit to expect: 0",
    ]

    settings = seeded_settings(BASE_URL, readonly_appointment_id=None)
    for entries, last in (
        (("readonly/refused",), f"best exit to expect: 6, because a clause stays untested; {SET_THESE}"),
        (("readonly/refused", "readonly/untouched"), "best exit to expect: 0"),
    ):
        known = {name: WAIVER.model_copy(update={"clause": name}) for name in entries}
        choice = Choice(settings, Profile.GATE, deviations=known)
        assert last in lines(choice, load(), today=TODAY)


def test_a_deviation_that_has_expired_closes_the_gate() -> None:
    """An expired deviation closes the gate, whatever its clause does."""
    choice = Choice(seeded_settings(BASE_URL), Profile.GATE, deviations={"repeat/answer": EXPIRED})

    assert [*lines(choice, load(), today=TODAY)][-1] == (
        "best exit to expect: 1, because the deviation of repeat/answer has expired"
    )


@pytest.mark.parametrize(
    ("settings", "last"),
    [
        (
            {"resource_id": None},
            (
                "best exit to expect: 6, because no appointments can be created; set ONELINK_RESOURCE_ID, or "
                "ONELINK_APPOINTMENT_IDS"
            ),
        ),
        ({"resource_id": None, "appointment_ids": (4012, 4013)}, "best exit to expect: 0"),
    ],
)
def test_without_appointments_there_is_no_verdict(settings: dict[str, Any], last: str) -> None:
    """Only the run shows whether the provided appointments are enough."""
    assert _plan(**settings)[-1] == last


@pytest.mark.parametrize(
    ("parts", "partial", "code"),
    [
        ({"case": "effect/x#first"}, False, 0),
        ({}, True, 0),
        ({"clauses": ("repeat/answer",)}, False, 0),
        ({"clauses": ("readonly/code",)}, False, 6),
        ({"strict": True}, False, 6),
    ],
)
def test_the_best_exit_is_that_of_what_is_selected(parts: dict[str, Any], code: int, *, partial: bool) -> None:
    """A selection need not fit the budgets, nor test what is not in it; what is asked for by name is to be tested."""
    budget = {} if parts.get("strict") else {"max_requests": 50}
    choice = Choice(seeded_settings(BASE_URL, readonly_appointment_id=None, **budget), Profile.GATE, **parts)

    assert f"best exit to expect: {code}" in "\n".join(lines(choice, load(), partial=partial, today=TODAY))


def test_a_selection_of_clauses_tells_of_those_alone() -> None:
    """A clause that was not asked for is not told as untested."""
    choice = Choice(seeded_settings(BASE_URL, readonly_appointment_id=None), Profile.GATE, clauses=("repeat/answer",))

    assert [line for line in lines(choice, load()) if "untested" in line] == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"resource_id": None, "appointment_ids": (4012, 4013)},
            "none is created; 2 are provided, first come, first served: what needs more is untested",
        ),
        ({"resource_id": None}, "none can be created: set ONELINK_RESOURCE_ID, or ONELINK_APPOINTMENT_IDS"),
    ],
)
def test_where_appointments_come_from_is_told(settings: dict[str, Any], told: str) -> None:
    """Provided ids are counted; without them and a resource there are no appointments."""
    assert f"  appointments: {told}" in _plan(**settings)


def test_the_rate_of_a_target_elsewhere_is_told() -> None:
    """Only loopback has no limit, unless one is set."""
    for url in ("https://staging.example", "http://127.0.0.1:8080"):
        settings = Settings(base_url=url, api_token="a-token-of-some-length", account_id=1, max_rate=2.5)

        assert "  requests a second: 2.5 at most" in [*lines(Choice(settings, Profile.GATE), load())]


def test_a_plan_that_the_budgets_do_not_hold_says_so() -> None:
    """What a run would not come to is reported before it is begun, with what to set."""
    told = _plan(max_requests=200, max_appointments=20)

    kept = "are kept for asking again and for cleaning up"
    assert [line for line in told if "too much" in line] == [
        f"  too much: 351 requests are planned, and 40 of 200 {kept}: set ONELINK_MAX_REQUESTS=510",
        f"  too much: 29 appointments are planned, and 2 of 20 {kept}: set ONELINK_MAX_APPOINTMENTS=40",
    ]
    assert told[-3:] == [
        "best exit to expect: 4, because the budgets do not hold what is planned; set",
        "  ONELINK_MAX_REQUESTS=510",
        "  ONELINK_MAX_APPOINTMENTS=40",
    ]
    assert not any("too much" in line for line in _plan(max_appointments=20, appointment_ids=(5001, 5002)))


@pytest.mark.parametrize("profile", [Profile.GATE, Profile.THOROUGH])
def test_the_values_that_are_named_hold_the_plan(profile: Profile) -> None:
    """The values that a plan proposes are large enough, with some margin."""
    every = scenarios(profile, load(), 1)
    small = seeded_settings(BASE_URL, max_requests=5, max_appointments=5)
    told = {f"max_{one.what}": one.enough for one in excesses(small, every)}

    assert excesses(seeded_settings(BASE_URL, **told), every) == ()
    tight = {name: int(enough / 1.08) for name, enough in told.items()}
    assert excesses(seeded_settings(BASE_URL, **tight), every) == ()


def test_a_run_that_does_not_fit_is_not_begun(session: Sessions) -> None:
    """A whole one on a target; a plan, a part, and the embedded provider, which nobody shares, are."""
    number = len(scenarios(Profile.GATE, load()))
    small = seeded_settings(BASE_URL, max_requests=100)
    kept = "are kept for asking again and for cleaning up"

    assert session(settings=small).excesses(number) == (
        f"profile gate does not fit: 351 requests are planned, and 20 of 100 {kept}: set ONELINK_MAX_REQUESTS=510",
    )
    assert session().excesses(number) == ()
    assert session(settings=small, plan=True).excesses(number) == ()
    assert session(settings=small).excesses(number - 1) == ()
    assert session(settings=small, partial=True).excesses(number) == ()
    assert session(settings=Settings(max_requests=100)).excesses(number) == ()
