"""Cases that are drawn: sent as they come, each once, and nothing raised before all are drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode

from cancel_contract.errors import Overspent
from cancel_contract.exchange.generated_cases import Batch
from cancel_contract.run.drawn_cases import GENERATION, DrawnCases, schema
from cancel_contract.run.profiles import Generation

if TYPE_CHECKING:
    from tests.unit.run.conftest import Opened

PATH = "/api/v1/accounts/{account_id}/scheduling/appointments/{id}/cancel"
FEW = settings(max_examples=20, database=None, suppress_health_check=list(HealthCheck))


@contextmanager
def _drawing(drawing: Generation) -> Iterator[None]:
    token = GENERATION.set(drawing)
    try:
        yield
    finally:
        GENERATION.reset(token)


def _case(**parameters: object) -> Case[Any]:
    return schema(Batch.EXAMPLES)[PATH]["POST"].Case(path_parameters=parameters, headers={"api_access_token": "x"})


def _draw_two(drawn: DrawnCases) -> None:
    for number in (123, 124):
        drawn.send(_case(account_id=3, id=number))


@pytest.mark.parametrize("batch", Batch)
def test_a_batch_is_one_phase_in_one_mode(batch: Batch) -> None:
    """What a session draws, from its seed, is the schema's own configuration; no hook or file of the machine counts."""
    with _drawing(Generation(300, 7)):
        config = schema(batch).config

    phases = ("examples", "coverage", "fuzzing", "stateful")
    enabled = [name for name in phases if config.phases.get_by_name(name=name).enabled]
    assert f"{enabled[0]}-{config.generation.modes[0].value}".startswith(batch)
    assert (len(enabled), len(config.generation.modes), config.seed) == (1, 1, 7)
    assert config.generation.max_examples == (10 if batch is Batch.FUZZING_POSITIVE else 300)


def test_a_drawn_case_is_sent_at_once_and_kept(make_run: "Opened") -> None:
    """Cases that the mapping makes equal are sent once."""
    drawn = DrawnCases()

    with make_run() as run:
        run.context.cancelled_appointment()
        asked = run.budget.requests
        drawn.play(run.context, lambda: _draw_two(drawn))

        assert run.budget.requests - asked == 1
    assert [one.appointment for one in drawn.cases] == ["123", "124"]


def test_played_once_more_the_same_cases_are_sent(make_run: "Opened") -> None:
    """As after a breach, on another appointment: nothing is drawn a second time."""
    drawn, draws = DrawnCases(), list[int]()

    def draw() -> None:
        drawn.send(_case(account_id=3, id=123))
        draws.append(123)

    with make_run() as run:
        drawn.play(run.context, draw)
        run.context.forget()
        asked = run.budget.requests
        drawn.play(run.context, draw)

        assert run.budget.requests > asked
    assert len(draws) == 1


@pytest.mark.parametrize("error", [Overspent("spent"), KeyError("a bug"), pytest.fail.Exception("timed out")])
def test_what_goes_wrong_is_raised_when_all_are_drawn(
    make_run: "Opened", monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Hypothesis sees nothing of it, and so sends no case again; after it nothing is sent."""
    sent: list[object] = []

    def send(_: object, case: object) -> None:
        sent.append(case)
        raise error

    monkeypatch.setattr("cancel_contract.run.scenarios.generated.Player.send", send)
    drawn = DrawnCases()
    cases = schema(Batch.FUZZING_NEGATIVE)[PATH]["POST"].as_strategy(generation_mode=GenerationMode.NEGATIVE)

    with make_run() as run, pytest.raises(type(error)) as caught:
        drawn.play(run.context, FEW(given(case=cases)(drawn.send)))

    assert caught.value is error
    assert len(sent) == 1 < len(drawn.cases)


def test_an_interrupt_ends_the_drawing(make_run: "Opened", monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is not waited out."""

    def send(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cancel_contract.run.scenarios.generated.Player.send", send)
    drawn = DrawnCases()

    with make_run() as run, pytest.raises(KeyboardInterrupt):
        drawn.play(run.context, lambda: _draw_two(drawn))

    assert len(drawn.cases) == 1
