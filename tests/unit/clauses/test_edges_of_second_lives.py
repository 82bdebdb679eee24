"""Clauses repeat/... of what comes afterwards: keys, slots, second lives, and what repeats count up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses import tables_of_afterwards as rows
from tests.unit.clauses.raw_findings import breaches, line

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Make, Maker

_HISTORY = "repeat/history"


def test_a_slot_that_somebody_else_has_is_not_judged(judge: Judge) -> None:
    """A booking that another client was faster with says nothing of the second cancel."""

    def taken(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        kept = rows._kept(m, 201, 409, id=9)
        holders = Role.HOLDERS, m.cancel(200, Intent.LIST, body={"payload": []})
        return Episode(kept.kind, (*kept.steps, holders))

    told = "status is 201 when the slot is booked again, since somebody else has it by then"
    assert judge("repeat/slot-kept", taken) == (NotApplicable(told),)


def test_a_server_that_books_a_slot_twice_is_not_judged_by_it(judge: Judge) -> None:
    """Where any slot can be booked that another appointment has a third one in it is no sign of a second cancel."""
    found = judge("repeat/slot-kept", lambda m: rows._kept(m, 201, 200, id=9))

    assert found == (NotApplicable("status is 200 when a slot is booked that another appointment has"),)


def test_a_server_that_revives_nothing_has_no_second_lives(judge: Judge) -> None:
    """An appointment that stays cancelled when it is set to scheduled cannot be cancelled as the first time."""
    found = judge("repeat/second-life", lambda m: rows._life(m, m.done(409), was="cancelled"))

    told = "status is 200 when a cancelled appointment is set to scheduled, and it stays cancelled"
    assert found == (NotApplicable(told),)


def test_the_cancel_of_a_revived_appointment_answers_as_the_first(judge: Judge) -> None:
    """The answer shows the appointment cancelled, whatever a later read shows."""
    found = judge("repeat/second-life", lambda m: rows._life(m, m.done(payment_status="paid"), m.after()))

    told = "in the answer to the cancel of a revived appointment, payment_status is 'paid', not 'cancelled'"
    assert [one for one in found if one] == [told]


@pytest.mark.parametrize("status", [400, 409, 498])
def test_a_create_with_a_key_that_was_used_may_be_refused(judge: Judge, status: int) -> None:
    """Any refusal of the create keeps the promise."""
    assert judge("repeat/key-again", lambda m: rows._key(m, status)) == (None,)


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ({"note": "a", "served": 5}, {"note": "b", "served": 5}),
        ({"balance": -1}, {}),
        ({"balance": 0}, {}),
    ],
)
def test_what_is_no_count_does_not_grow(judge: Judge, early: dict[str, Any], late: dict[str, Any]) -> None:
    """Texts are not counted, and a number that is gone has not grown."""
    assert judge(_HISTORY, lambda m: rows._history(m, early, late)) == (None,)


@pytest.mark.parametrize("value", [True, False, "text", None, 1.5])
def test_a_field_without_a_count_puts_nothing_to_the_test(judge: Judge, value: object) -> None:
    """A switch, a text or an amount with a fraction says nothing of how often something was done."""
    assert judge(_HISTORY, lambda m: rows._history(m, {"extra": value}, {"extra": value})) == ()


def test_the_last_of_several_reads_is_compared_with_the_first(judge: Judge) -> None:
    """What has grown by the end has grown, however little of it an earlier read has shown."""

    def read(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        steps = (m.done(log=[1]), m.after(log=[1]), m.again(), m.after(log=[1, 2]), m.again(), m.after(log=[1, 2, 3]))
        return Episode(Kind.REPEAT, steps)

    assert judge(_HISTORY, read) == ("log counts 3 after 2 repeated cancels, not 1 as before them",)


@pytest.mark.parametrize(
    "make",
    [lambda m: rows._key(m, status="scheduled"), lambda m: rows._key(m, 409, read={"status": "scheduled"})],
    ids=["answer", "read"],
)
def test_a_create_that_revives_is_told_by_the_status(maker: Maker, make: Make) -> None:
    """What the create shows and what a read shows after it are of one cause."""
    (found,) = breaches("repeat/key-again", make(maker))

    assert line(found.cause) == "field /status: another word, not 'cancelled'"
