"""Races beside the same two requests one after the other, in both orders."""

from dataclasses import replace
from typing import Any

from cancel_contract.exchange.episode import Episode
from tests.unit.clauses.conftest import Judge, Maker, Step
from tests.unit.clauses.races import (
    ACTIVE,
    AFTER,
    BEFORE,
    CANCELLED,
    CONFIRMED,
    LOST,
    PHONE,
    UPDATE,
    phone_race,
    status_race,
)


def _later(step: Step) -> Step:
    return step[0], replace(step[1], number=step[1].number + 1)


def _one_by_one(m: Maker, told: dict[str, Any], after: dict[str, Any]) -> Episode:
    """A race in which a revive shows a payment status of its own, and both orders as the target plays them."""
    race = status_race(m, told, after)
    cancel, patch = race.steps[1:3]
    first = ((BEFORE, m.read(**ACTIVE)), cancel, _later(patch), (AFTER, m.read(**CONFIRMED)))
    other = ((BEFORE, m.read(**ACTIVE)), patch, _later(cancel), (AFTER, m.read(**CANCELLED)))
    return replace(race, steps=(*race.steps, *first, *other))


def test_what_a_target_does_one_after_another_is_no_breach(judge: Judge) -> None:
    """A revive may derive the payment status again, if it does so without a race, too."""
    assert judge(UPDATE, lambda m: _one_by_one(m, CONFIRMED, CONFIRMED)) == (None,)


def test_what_it_does_only_in_a_race_is_one(judge: Judge) -> None:
    """The same orders do not excuse another end, and show what would have been right."""
    (found,) = judge(UPDATE, lambda m: _one_by_one(m, CONFIRMED, {**CONFIRMED, "client_phone": "+7 000"}))

    orders = (
        "a cancel (200), then an update (200): payment_status 'paid'; "
        "an update (200), then a cancel (200): payment_status 'cancelled'"
    )
    assert str(found).endswith(f" (one after the other: {orders})")


def test_two_orders_that_end_alike_are_told_once(judge: Judge) -> None:
    """The sentence stays short enough to be read whole."""

    def lost(m: Maker) -> Episode:
        found = _one_by_one(m, CONFIRMED, CONFIRMED)
        orders = [step for step in found.steps[4:] if step[0] is not AFTER]
        ends = (AFTER, m.read(**CANCELLED))
        return replace(found, steps=(*found.steps[:4], *orders[:3], ends, *orders[3:], ends))

    (found,) = judge(UPDATE, lost)

    assert str(found).endswith(" (one after the other, in either order: payment_status 'cancelled')")


def test_an_update_that_is_lost_in_a_race_alone_is_told_so(judge: Judge) -> None:
    """One after the other, both orders keep what it has written."""

    def lost(m: Maker) -> Episode:
        race = phone_race(m, ACTIVE, CANCELLED)
        cancel, patch = race.steps[1:3]
        kept = (AFTER, m.read(**CANCELLED, **PHONE))
        first = ((BEFORE, m.read(**ACTIVE)), cancel, _later(patch), kept)
        return replace(race, steps=(*race.steps, *first, (BEFORE, m.read(**ACTIVE)), patch, _later(cancel), kept))

    (found,) = judge(UPDATE, lost)

    assert str(found) == (f"{LOST}: client_phone is as before (one after the other, in either order, it is kept)")


def test_orders_that_end_as_they_should_are_told_so(judge: Judge) -> None:
    """Where no status came out wrong, how each order was answered says nothing."""

    def overwritten(m: Maker) -> Episode:
        race = phone_race(m, {}, {**CANCELLED, "client_phone": "+7 000 000 00 02"})
        cancel, patch = race.steps[1:3]
        kept = (AFTER, m.read(**CANCELLED, **PHONE))
        first = ((BEFORE, m.read(**ACTIVE)), cancel, _later(patch), kept)
        return replace(race, steps=(*race.steps, *first, (BEFORE, m.read(**ACTIVE)), patch, _later(cancel), kept))

    (found,) = judge(UPDATE, overwritten)

    assert str(found).endswith(" (one after the other, all is right)")
