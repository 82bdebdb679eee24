"""Clauses effect/... at their edges: neighbours, views that are both wrong, and writers that cannot write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.races import (
    ACTIVE,
    AFTER,
    CANCELLED,
    DELETED,
    SLOT,
    UPDATE,
    all_beside,
    booked,
    deletion_race,
    status_race,
)
from tests.unit.clauses.raw_findings import line, only_breach

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Maker

_READ = "effect/read-back"


def test_the_cancel_beside_a_neighbour_is_named(judge: Judge) -> None:
    """The appointment whose cancel has changed another one is told."""
    found = judge(
        "effect/neighbour-untouched",
        lambda m: Episode(
            Kind.NEIGHBOUR,
            (
                m.untouched(Role.OTHER_BEFORE),
                m.done(case={"appointment": 8}),
                m.untouched(Role.OTHER_AFTER, service_amount=1),
            ),
        ),
    )

    alike = "of the same contact and service and telephone number, on the same day"
    beside = f"after a cancel of appointment 8, in appointment 7 beside it, {alike}"
    assert found == (f"{beside}, service_amount is 1, not 5000",)


def test_a_read_after_something_else_is_no_read_back(judge: Judge) -> None:
    """What cannot be read after repeated cancels has clauses of its own."""
    assert judge(_READ, lambda m: Episode(Kind.REPEAT, (m.before(), m.done(), m.after(404)))) == ()


def test_of_two_wrong_views_each_has_its_own_fields(maker: Maker) -> None:
    """What the read has wrong is a cause of the read, and what the answer has wrong is one of the answer."""
    steps = (maker.before(), maker.done(service_amount="5000"), maker.after(status="completed"))

    found = only_breach(_READ, Episode(Kind.FIRST_CANCEL, steps))

    assert {line(one) for one in found.differences} == {
        "field /status: another word, not 'cancelled'",
        "field /service_amount: a string, not integer",
    }


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_a_booking_that_is_refused_is_a_booking(judge: Judge, status: int) -> None:
    """A slot may be refused with any status: it says nothing of whether slots can be booked."""
    assert judge(SLOT, lambda m: booked(m, status)) == (None,)


@pytest.mark.parametrize(("status", "clause"), [(403, UPDATE), (404, UPDATE), (404, DELETED)])
def test_what_is_gone_after_a_race_does_not_lack_an_operation(judge: Judge, status: int, clause: str) -> None:
    """A writer that found nothing says so of the appointment, where nobody else can read it either."""

    def gone(m: Maker) -> Episode:
        race = (
            deletion_race(m, (200, status), 404)
            if clause == DELETED
            else status_race(m, {}, CANCELLED, codes=(200, status))
        )
        return replace(race, steps=(*race.steps[:-1], (AFTER, m.read(404))))

    (found,) = judge(clause, gone)

    assert "status is 404 when the appointment is read, not 200" in str(found)


def test_a_writer_that_failed_does_not_hide_another(judge: Judge) -> None:
    """An update that was lost is told, whatever became of a booking beside it."""
    (found,) = judge(UPDATE, lambda m: all_beside(m, ACTIVE, codes=(200, 500)))

    assert str(found) == (
        "a cancel (200) and an update (200), beside a booking of its slot (500), at the same moment: read back, "
        "all is as before them: status, payment_status, client_phone and 1 more "
        "(neither order of the two requests explains that)"
    )
