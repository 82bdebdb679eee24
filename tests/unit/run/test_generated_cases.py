"""How generated cases are played: in batches, mapped to ids of the run, each once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential
from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.run.scenarios import generated

if TYPE_CHECKING:
    from tests.unit.run.conftest import Memory, Opened

DRAWN = GeneratedCase("POST", "123", "123", has_token=True)


def test_cases_that_the_mapping_makes_equal_are_sent_once(make_run: Opened) -> None:
    """Two ids of strangers become the owned one, and one request."""
    with make_run() as run:
        run.context.cancelled_appointment()
        asked = run.budget.requests
        generated.play(run.context, [DRAWN, replace(DRAWN, appointment="124"), replace(DRAWN, account="77")])

        assert run.budget.requests - asked == 1


@pytest.mark.parametrize(
    ("drawn", "account", "appointment"),
    [
        (DRAWN, "3", "5000"),
        (replace(DRAWN, appointment="12abc"), "3", "5000abc"),
        (replace(DRAWN, appointment="9" * 15), "3", "5000"),
        (replace(DRAWN, appointment="%3112"), "3", "5000"),
        (replace(DRAWN, account="77abc"), "3abc", "5000"),
        (replace(DRAWN, account="%3177"), "3", "5000"),
        (replace(DRAWN, appointment="0", account="null"), "null", "0"),
    ],
)
def test_ids_that_could_be_a_strangers_become_owned_ones(
    make_run: Opened, drawn: GeneratedCase, account: str, appointment: str
) -> None:
    """A mapped id is spelled as it was drawn wherever that names nobody's, and is the owned number otherwise."""
    with make_run() as run:
        case = generated.mapped(run.context, drawn, run.context.cancelled_appointment())

        assert case.path == f"/api/v1/accounts/{account}/scheduling/appointments/{appointment}/cancel"


@pytest.mark.parametrize(("text", "mapped"), [("2", "5000"), ("2abc", "5000abc"), ("-2", "-5000")])
def test_an_edge_that_is_an_appointment_of_the_runs_own_becomes_the_one_that_is_asked_about(
    make_run: Opened, text: str, mapped: str
) -> None:
    """Where ids begin at 1, the run's own are soon those that cases are drawn with: they are no unknown ids."""
    with make_run() as run:
        owned = run.context.cancelled_appointment()
        run.context.ownership.own(2)

        case = generated.mapped(run.context, replace(DRAWN, appointment=text), owned)

        assert case.path == f"/api/v1/accounts/3/scheduling/appointments/{mapped}/cancel"


def test_methods_that_are_played_elsewhere_are_passed_over(make_run: Opened) -> None:
    """Another method is asked of an appointment that could still be cancelled."""
    with make_run() as run:
        run.context.cancelled_appointment()
        asked = run.budget.requests
        generated.play(run.context, [replace(DRAWN, method="DELETE")])
        assert run.budget.requests == asked

        generated.play(run.context, [replace(DRAWN, method="QUERY"), replace(DRAWN, has_token=False)])
        assert run.budget.requests == asked + 2


def test_what_a_scenario_has_asked_is_not_asked_again(make_run: Opened) -> None:
    """The same request about another appointment of the run's own shows the same, and no header opens a door."""
    without = replace(DRAWN, has_token=False)
    with make_run() as run:
        victim = run.context.victim()
        path = ACTION.path(3, victim.id)
        run.context.begin("access/none")
        run.context.send(
            Case("none", Intent.REFUSED, path, credential=Credential(showing="none"), appointment=victim.id)
        )
        run.context.cancelled_appointment()
        asked = run.budget.requests
        run.context.begin("generated/examples")
        generated.play(run.context, [without, replace(without, headers=(("x-a", "b"),))])
        assert run.budget.requests == asked

        generated.play(run.context, [replace(DRAWN, headers=(("x-a", "b"),)), DRAWN])
        assert run.budget.requests == asked + 2


def test_what_one_batch_has_asked_the_next_does_not_ask(make_run: Opened) -> None:
    """The same batch asks again, since it is played again where it broke something."""
    with make_run() as run:
        run.context.cancelled_appointment()
        asked = run.budget.requests
        for batch in ("examples", "coverage-positive", "examples"):
            run.context.begin(f"generated/{batch}")
            generated.play(run.context, [DRAWN])

        assert run.budget.requests == asked + 2


def test_each_batch_is_a_scenario() -> None:
    """Phases and modes are items of their own; more is planned where more is fuzzed."""
    few, many = (generated.scenarios(lambda _: (), number) for number in (10, 300))

    assert [one.name for one in few] == [f"generated/{batch}" for batch in Batch]
    assert sum(one.requests for one in few) < sum(one.requests for one in many)


def test_a_word_that_may_be_somebodys_code_is_not_asked_for(make_run: Opened, memory: Memory) -> None:
    """Some servers find an appointment by a short code as well."""
    with make_run() as run:
        generated.play(run.context, [replace(DRAWN, appointment="AAA"), replace(DRAWN, appointment="%FF")])

    asked = [request.path.split("/")[-2] for request in memory.asked if request.path.endswith("/cancel")]
    assert "AAA" not in asked
    assert "%FF" in asked
