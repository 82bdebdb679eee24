"""`judge` reports nothing about a run's own recording that the run itself did not report.

`cancel-contract prove` checks this for every variant.
"""

from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from cancel_contract.provider import (
    SEED,
    Hooks,
    Provider,
)
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import EVERY, Variant
from cancel_contract.run.assembly import opened
from cancel_contract.run.embedded import embedded
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.target.settings import Settings
from cancel_contract.tools.prove.trials import (
    Sort,
    Trial,
    attempt,
    misjudged,
)

ALARMED = ("content-type-spelled", "extra-headers", "challenge", "not-acceptable")
"""Variants whose recordings were once judged broken."""
LENGTHS = range(5, 41)


def _long(_: Call, answer: Answer) -> Answer:
    """Add headers of every length that a person's text may have, as gateways do."""
    for length in LENGTHS:
        answer = answer.with_header(f"X-Trace-{length}", "x" * length)
    return answer


LONG = Variant("every-length", "A gateway adds headers of every length.", Hooks(EVERY, answer=_long))


@pytest.mark.parametrize("name", ALARMED)
def test_a_variants_recording_raises_no_alarm(name: str) -> None:
    """What the gate held is not broken in its recording, and every family that held is held there by a clause."""
    outcome = attempt(Trial(Sort.VARIANT, name), Profile.GATE)

    assert outcome.misjudged == ()


def test_masks_of_one_length_are_not_one_text() -> None:
    """A refusal that holds something as long as a client's name does not tell the name."""
    given: dict[str, Any] = {"max_requests": 5000, "max_appointments": 400}
    with embedded(Settings.model_validate(given), Provider([], [LONG])) as target, opened(target) as run:
        for scenario in scenarios(Profile.GATE, load()):
            run.play(scenario)
        run.finish()
        rows = run.ledger.finished(lambda _: False)

    assert any(_is_long(exchange) for exchange in run.exchanges)
    assert [*misjudged(run, rows)] == []


def _is_long(exchange: Exchange) -> bool:
    return exchange.answer is not None and exchange.answer.header("x-trace-11") is not None


def test_a_wrong_recording_is_said_to_be_wrong() -> None:
    """An answer that the run held and its recording does not show is reported."""
    with embedded(Settings(), Provider()) as target, opened(target) as run:
        run.play(next(it for it in scenarios(Profile.GATE, load()) if it.name == "effect/slot"))
        rows = run.ledger.finished(lambda _: False)
        run.connection.exchanges[:] = [
            replace(it, answer=it.answer and replace(it.answer, status=201)) for it in run.exchanges
        ]

    assert "its recording breaks answer/status-200: status is 201, not 200" in misjudged(run, rows)
    assert SEED.member_token not in "".join(misjudged(run, rows))
