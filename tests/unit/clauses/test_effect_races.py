"""Clauses of races with other writers: histories that fit an order, and those that fit none."""

from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.clauses import NotApplicable, effect_races
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses.conftest import FamilyWithGaps, Judge, Make, Maker
from tests.unit.clauses.races import (
    ACTIVE,
    AFTER,
    BOTH,
    CANCEL,
    CANCELLED,
    CONFIRMED,
    DELETED,
    END,
    LOST,
    PHONE,
    REVIVED,
    SLOT,
    UNPAID,
    UPDATE,
    all_beside,
    booked,
    cancelling,
    deletion_race,
    patching,
    phone_race,
    raced,
    seen_as,
    status_race,
)

HELD: list[tuple[str, Make]] = [
    # What has nothing to do with a writer is left out.
    (UPDATE, lambda m: all_beside(m, {**CANCELLED, **PHONE})),
    (SLOT, lambda m: all_beside(m, {**CANCELLED, **PHONE})),
    (SLOT, lambda m: all_beside(m, CANCELLED)),
    (SLOT, lambda m: all_beside(m, CANCELLED, codes=(500, 409))),
    # What was only accepted may be done after the read, or never.
    (UPDATE, lambda m: phone_race(m, {}, CANCELLED, codes=(200, 202))),
    (DELETED, lambda m: deletion_race(m, (200, 202))),
    (UPDATE, lambda m: status_race(m, {}, CANCELLED, codes=(200, 412))),
    (UPDATE, lambda m: status_race(m, CONFIRMED, CONFIRMED, codes=(423, 200))),
    # The update came first.
    (UPDATE, lambda m: status_race(m, CONFIRMED, CANCELLED)),
    # The cancel came first, and the update revived it.
    (UPDATE, lambda m: status_race(m, REVIVED, REVIVED)),
    # One of them lost.
    (UPDATE, lambda m: status_race(m, {}, CANCELLED, codes=(200, 409))),
    (UPDATE, lambda m: status_race(m, {}, CANCELLED, codes=(200, 422))),
    (UPDATE, lambda m: status_race(m, CONFIRMED, CONFIRMED, codes=(409, 200))),
    (UPDATE, lambda m: status_race(m, {}, ACTIVE, codes=(409, 409))),
    (UPDATE, lambda m: phone_race(m, ACTIVE, {**CANCELLED, **PHONE})),
    (UPDATE, lambda m: phone_race(m, CANCELLED, {**CANCELLED, **PHONE})),
    # A server may keep a number in a form of its own.
    (UPDATE, lambda m: phone_race(m, {"client_phone": "+70000000001"}, {**CANCELLED, "client_phone": "+70000000001"})),
    # Rows of money may be saved anew.
    (
        UPDATE,
        lambda m: phone_race(
            m,
            {},
            {
                **CANCELLED,
                **PHONE,
                "payments": [
                    {"id": 324, "amount": 4000, "payment_method": "card", "payment_kind": "adjustment"},
                    {"id": 323, "amount": 1000, "payment_method": "cash", "payment_kind": "prepaid"},
                ],
            },
        ),
    ),
    # The cancel read it again before it answered.
    (
        UPDATE,
        lambda m: raced(
            m,
            cancelling(m, **REVIVED),
            patching(m, 200, {"status": "confirmed"}, **REVIVED),
            (AFTER, m.read(**REVIVED)),
        ),
    ),
    (SLOT, booked),
    (SLOT, lambda m: booked(m, 409)),
    (SLOT, lambda m: booked(m, 409, cancel=409, after=ACTIVE)),
    (DELETED, lambda m: deletion_race(m, (200, 422))),
    (DELETED, lambda m: deletion_race(m, (200, 409))),
    (DELETED, lambda m: deletion_race(m, (200, 204), 404)),
    (DELETED, lambda m: deletion_race(m, (200, 204), 404, before=CANCELLED)),
    (DELETED, lambda m: deletion_race(m, (404, 204), 404, before=CANCELLED)),
    (DELETED, lambda m: deletion_race(m, (409, 204), 410, before=CANCELLED)),
]

_OTHER = "1 of 16 characters are others"
BROKEN: list[tuple[str, Make, str]] = [
    (UPDATE, lambda m: status_race(m, CONFIRMED, CONFIRMED),
     (f"{BOTH}read back, payment_status is 'paid', not 'cancelled'; "
     f"expense is an object of 3 fields, not null; the update's own answer says so, too{END}")),
    (UPDATE, lambda m: status_race(m, CONFIRMED, REVIVED),
     f"{BOTH}in the answer to the update, payment_status is 'paid', not 'cancelled'{END}"),
    (UPDATE, lambda m: phone_race(m, ACTIVE, CANCELLED),
     f"{LOST}: client_phone is as before{END}"),
    (UPDATE, lambda m: all_beside(m, CANCELLED),
     f"{LOST}, beside a booking of its slot (201): client_phone is as before{END}"),
    (UPDATE, lambda m: phone_race(m, ACTIVE, {**CANCELLED, "client_phone": "+7 000 000 00 02"}),
     f"{BOTH}read back, client_phone is another one: {_OTHER}{END}"),
    (UPDATE, lambda m: phone_race(m, {}, {**CANCELLED, **PHONE, "expense": UNPAID}),
     f"{BOTH}read back, expense is an object of 3 fields, not null{END}"),
    (UPDATE, lambda m: phone_race(m, {}, {**CANCELLED, **PHONE, "payments": []}),
     f"{BOTH}read back, there are 0 payments, not 2{END}"),
    (UPDATE, lambda m: status_race(m, {}, CONFIRMED, codes=(200, 409)),
     ("a cancel (200) and an update (409) at the same moment: "
     "the update was refused, and what it sent is stored all the same: status 'confirmed'")),
    (UPDATE, lambda m: status_race(m, {}, CANCELLED, codes=(500, 409)),
     ("a cancel (500) and an update (409) at the same moment: "
     f"the status of the cancel is 500, not 200{END}")),
    (UPDATE, lambda m: status_race(m, CONFIRMED, CANCELLED, codes=(409, 200)),
     ("a cancel (409) and an update (200) at the same moment: "
     f"read back, status is 'cancelled', not 'confirmed'; payment_status is 'cancelled', not 'paid'; "
     f"expense is null, not an object of 3 fields{END}")),
    (SLOT, lambda m: booked(m, after=ACTIVE),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     "read back, status is 'scheduled', not 'cancelled'; payment_status is 'paid', not 'cancelled'; "
     f"expense is an object of 3 fields, not null{END}")),
    (SLOT, lambda m: booked(m, cancel=409, after=ACTIVE),
     ("a cancel (409) and a booking of its slot (201) at the same moment: "
     f"the status of the booking is 201, not 409{END}")),
    (SLOT, lambda m: booked(m, id=7),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"the new booking of the slot is the cancelled appointment itself, not another one{END}")),
    (SLOT, lambda m: booked(m, payments=[{"id": 123, "amount": 1000}]),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"the new booking of the slot has 1 payments of the cancelled one, not 0{END}")),
    (SLOT, lambda m: seen_as(booked(m), m.read(id=8, status="cancelled", payment_status="awaiting_payment",
                                              payments=[], expense=None)),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"in the new booking, status is 'cancelled', not 'scheduled'{END}")),
    (SLOT, lambda m: seen_as(booked(m), m.read(404)),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"status is 404 when the new booking is read, not 200{END}")),
    (DELETED, lambda m: deletion_race(m, (200, 204)),
     ("a cancel (200) and a deletion (204) at the same moment: "
     f"status is 200 when the deleted appointment is read, not 404{END}")),
    (DELETED, lambda m: deletion_race(m, (404, 204), 404),
     ("a cancel (404) and a deletion (204) at the same moment: "
     f"the status of the deletion is 204, not 422{END}")),
    (DELETED, lambda m: deletion_race(m, (500, 204), 404, before=CANCELLED),
     ("a cancel (500) and a deletion (204) at the same moment: "
     f"the status of the cancel is 500, not 200{END}")),
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    (UPDATE, booked),
    (SLOT, lambda m: status_race(m, CONFIRMED, CANCELLED)),
    (DELETED, lambda m: replace(deletion_race(m, (200, 422)), kind=Kind.LATE)),
    # A writer that fails by itself, or a caller who is kept out, tells nothing of the cancel.
    (UPDATE, lambda m: status_race(m, {}, CONFIRMED, codes=(200, 500))),
    (UPDATE, lambda m: all_beside(m, CANCELLED, codes=(500, 409))),
    (UPDATE, lambda m: status_race(m, CONFIRMED, CONFIRMED, codes=(401, 200))),
    (UPDATE, lambda m: raced(m, (CANCEL, m.cancel(200, Intent.RACED, trouble=Trouble.LOST)),
                              patching(m, 200, PHONE), (AFTER, m.read(**ACTIVE)))),
]  # fmt: skip


class TestRaces(FamilyWithGaps):
    """The tables above."""

    name = "effect"
    clauses = effect_races.CLAUSES


@pytest.mark.parametrize("code", [404, 405, 501])
def test_a_target_without_updates_shows_so(judge: Judge, code: int) -> None:
    """What can be read, and answers that there is no such thing, has no such operation."""
    found = judge(UPDATE, lambda m: status_race(m, {}, CANCELLED, codes=(200, code)))

    assert found == (NotApplicable(f"PATCH of an appointment answers {code}: there is no such operation"),)


def test_a_member_who_may_not_update_shows_so(judge: Judge) -> None:
    """Who may cancel and nothing else is in no race with an update."""
    found = judge(UPDATE, lambda m: status_race(m, {}, CANCELLED, codes=(200, 403)))

    assert found == (NotApplicable("PATCH of an appointment answers 403: the member may not do that"),)


def test_a_second_member_who_may_not_cancel_changes_nothing(judge: Judge) -> None:
    """Whoever is kept out has done nothing; the booking is judged all the same."""

    def with_another(m: Maker) -> Episode:
        race = booked(m)
        kept_out = Role.AGAIN, m.cancel(401, Intent.RACED)
        return replace(race, steps=(*race.steps[:2], kept_out, *race.steps[2:]))

    assert judge(SLOT, with_another) == (None,)


def test_a_target_without_deletions_shows_so(judge: Judge) -> None:
    """A 404 of the deletion of what is there says so."""
    found = judge(DELETED, lambda m: deletion_race(m, (200, 404)))

    assert found == (NotApplicable("DELETE of an appointment answers 404: there is no such operation"),)


def test_a_revive_without_a_payment_status_is_learned_first(judge: Judge) -> None:
    """Where money is hidden, nothing in the update's answer shows that it came after the cancel."""

    def hidden(m: Maker) -> Episode:
        shown: dict[str, Any] = {"without": ("payment_status", "payments", "expense")}
        return raced(
            m,
            cancelling(m, **shown),
            patching(m, 200, {"status": "confirmed"}, status="confirmed", **shown),
            (AFTER, m.read(status="confirmed", **shown)),
            before={"status": "scheduled", **shown},
        )

    assert judge(UPDATE, hidden) == (f"{BOTH}in the answer to the update, status is 'confirmed', not 'cancelled'{END}",)
