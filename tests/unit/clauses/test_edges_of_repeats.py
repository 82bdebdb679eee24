"""Clauses repeat/... at their edges: failures that are no measure, and which of several cancels shows a breach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.episode import Episode, Kind
from tests.unit.clauses.raw_findings import breaches, line
from tests.unit.clauses.test_repeat import _again, _burst, _same

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Make, Maker


@pytest.mark.parametrize(
    ("second", "found"),
    [(498, ("status is 200 on cancel 3, not 498 as on the second",)), (500, ()), (501, ())],
)
def test_a_second_cancel_that_failed_is_no_measure(judge: Judge, second: int, found: tuple[str, ...]) -> None:
    """Later cancels need not fail as the second one did."""
    assert judge("repeat/many", lambda m: _again(m, m.again(second), m.again())) == found


@pytest.mark.parametrize(
    ("clause", "make", "index"),
    [
        ("repeat/all-alike", lambda m: _same(m, payment_status="paid"), 1),
        ("repeat/same-payload", lambda m: _again(m, m.again(), m.again(service_amount=0)), 3),
        ("repeat/many", lambda m: _again(m, m.again(), m.again(status="scheduled")), 3),
    ],
)
def test_the_cancel_that_differs_is_shown(maker: Maker, clause: str, make: Make, index: int) -> None:
    """Of several cancels the breach points to the one that answered otherwise."""
    episode = make(maker)

    (found,) = breaches(clause, episode)

    assert isinstance(episode, Episode)
    assert found.shown_by is episode.steps[index][1]


@pytest.mark.parametrize(("codes", "got"), [((409, 422), "none"), ((200, 200), "several")])
def test_parallel_cancels_that_do_not_win_once_are_a_cause(maker: Maker, codes: tuple[int, ...], got: str) -> None:
    """Where repeats are rejected none and several winners are causes of their own."""
    burst = _burst(maker, *(maker.again(code) for code in codes))

    found = breaches("repeat/parallel-answers", burst, repeat_policy="rejected")

    causes = [line(one.cause) for one in found]
    assert causes == [f"status parallel cancels: {got} answered 200, not 1 answered 200"]


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ((("Retry-After", "1"),), []),
        ((), ["status is 409, not 200, for a cancel at the same moment as others"]),
    ],
)
def test_a_parallel_cancel_may_be_told_to_come_again(
    maker: Maker, headers: tuple[tuple[str, str], ...], told: list[str]
) -> None:
    """A 409 that says when to come again promises nothing else; one that does not is no answer to a repeat."""
    burst = _burst(maker, maker.again(), maker.again(409, headers=headers))

    found = breaches("repeat/parallel-answers", burst)

    assert [one.message for one in found] == told


def test_when_an_expense_was_paid_stays_as_it_was(maker: Maker) -> None:
    """A repeated cancel pays nobody once more, on another day."""
    paid = {"id": 9, "amount": 2000, "status": "paid", "paid_at": "2026-01-05T05:00:00Z"}
    reads = (maker.after(expense=paid), maker.after(expense={**paid, "paid_at": None}))
    episode = Episode(Kind.REPEAT, (maker.done(), reads[0], maker.again(), reads[1]))

    (found,) = breaches("repeat/no-side-effect", episode)

    told = "after the repeated cancels, the expense's paid_at is null, not a text of 20 characters as before them"
    assert found.message == told
