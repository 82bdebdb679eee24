"""Clauses of races with other writers: histories that fit an order, and those that fit none."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.clauses import NotApplicable, effect_races
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses.conftest import FamilyWithGaps, Judge, Make, Step

UPDATE, SLOT, DELETED = "effect/other-writer", "effect/slot-race", "effect/deleted"
UNPAID = {"id": 9, "amount": 2000, "status": "unpaid"}
ACTIVE = {"status": "scheduled", "payment_status": "paid", "expense": UNPAID}
CANCELLED = {"status": "cancelled", "payment_status": "cancelled", "expense": None}
REVIVED = {"status": "confirmed", "payment_status": "cancelled", "expense": None}
CONFIRMED = {**ACTIVE, "status": "confirmed"}
PHONE = {"client_phone": "+7 000 000 00 01"}
BEFORE, CANCEL, BESIDE, AFTER, OTHER_AFTER = (
    Role.BEFORE, Role.CANCEL, Role.BESIDE, Role.AFTER, Role.OTHER_AFTER
)  # fmt: skip

Maker = Any
"""The fixture's own class."""


def _cancel(m: Maker, code: int = 200, **fields: Any) -> Any:  # noqa: ANN401  an exchange
    return CANCEL, m.cancel(code, Intent.RACED, **{**CANCELLED, **fields})


def _patch(m: Maker, code: int, sent: dict[str, Any], **fields: Any) -> Any:  # noqa: ANN401  likewise
    case = {"method": "PATCH", "body": json.dumps(sent).encode()}
    return BESIDE, m.cancel(code, Intent.UPDATE, case=case, **fields)


def _raced(m: Maker, *steps: Any, before: dict[str, Any] | None = None) -> Episode:  # noqa: ANN401  likewise
    return Episode(Kind.RACE, ((BEFORE, m.read(**(before or ACTIVE))), *steps))


def _status(m: Maker, told: dict[str, Any], after: dict[str, Any], *, codes: tuple[int, int] = (200, 200)) -> Episode:
    """A cancel beside an update of the status, which shows `told`; read after them it is as `after`."""
    patch = _patch(m, codes[1], {"status": "confirmed"}, **told)
    return _raced(m, _cancel(m, codes[0]), patch, (AFTER, m.read(**after)))


def _phone(m: Maker, told: dict[str, Any], after: dict[str, Any], *, codes: tuple[int, int] = (200, 200)) -> Episode:
    """A cancel beside an update of the phone."""
    patch = _patch(m, codes[1], PHONE, **{**PHONE, **told})
    return _raced(m, _cancel(m, codes[0]), patch, (AFTER, m.read(**after)))


def _booked(
    m: Maker,
    code: int = 201,
    *,
    cancel: int = 200,
    after: dict[str, Any] | None = None,
    **fields: Any,  # noqa: ANN401
) -> Episode:
    """A cancel beside a booking of the slot, which made appointment 8."""
    new = {"id": 8, **ACTIVE, "payments": [], "expense": None, "payment_status": "awaiting_payment"}
    body = {"payload": m.payload(**{**new, **fields})} if code == 201 else None
    booking = BESIDE, m.cancel(code, Intent.CREATE, body=body, case={"appointment": None})
    seen = ((OTHER_AFTER, m.read(**{**new, **fields})),) if code == 201 else ()
    return _raced(m, _cancel(m, cancel), booking, (AFTER, m.read(**(after or CANCELLED))), *seen)


def _seen(episode: Episode, read: Any) -> Episode:  # noqa: ANN401  an exchange
    """The same, but for what the read of the new booking shows."""
    return replace(episode, steps=tuple((role, read if role is OTHER_AFTER else one) for role, one in episode.steps))


def _deletion(m: Maker, codes: tuple[int, int], read: int = 200, *, before: dict[str, Any] | None = None) -> Episode:
    """A cancel beside a deletion."""
    body = b"" if codes[1] == 204 else None
    deletion = BESIDE, m.cancel(codes[1], Intent.DELETE, body=body, case={"method": "DELETE"})
    return _raced(m, _cancel(m, codes[0]), deletion, (AFTER, m.read(read, **CANCELLED)), before=before)


def _all_beside(m: Maker, after: dict[str, Any], *, codes: tuple[int, int] = (200, 201)) -> Episode:
    """A cancel beside an update of the phone and a booking of the slot."""
    updated = _phone(m, {}, after, codes=(200, codes[0]))
    booking = tuple(one for one in _booked(m, codes[1], after=after).steps if one[0] in {BESIDE, OTHER_AFTER})
    return replace(updated, steps=(*updated.steps, *booking))


HELD: list[tuple[str, Make]] = [
    # What has nothing to do with a writer is left out.
    (UPDATE, lambda m: _all_beside(m, {**CANCELLED, **PHONE})),
    (SLOT, lambda m: _all_beside(m, {**CANCELLED, **PHONE})),
    (SLOT, lambda m: _all_beside(m, CANCELLED)),
    (SLOT, lambda m: _all_beside(m, CANCELLED, codes=(500, 409))),
    # What was only accepted may be done after the read, or never.
    (UPDATE, lambda m: _phone(m, {}, CANCELLED, codes=(200, 202))),
    (DELETED, lambda m: _deletion(m, (200, 202))),
    (UPDATE, lambda m: _status(m, {}, CANCELLED, codes=(200, 412))),
    (UPDATE, lambda m: _status(m, CONFIRMED, CONFIRMED, codes=(423, 200))),
    # The update came first.
    (UPDATE, lambda m: _status(m, CONFIRMED, CANCELLED)),
    # The cancel came first, and the update revived it.
    (UPDATE, lambda m: _status(m, REVIVED, REVIVED)),
    # One of them lost.
    (UPDATE, lambda m: _status(m, {}, CANCELLED, codes=(200, 409))),
    (UPDATE, lambda m: _status(m, {}, CANCELLED, codes=(200, 422))),
    (UPDATE, lambda m: _status(m, CONFIRMED, CONFIRMED, codes=(409, 200))),
    (UPDATE, lambda m: _status(m, {}, ACTIVE, codes=(409, 409))),
    (UPDATE, lambda m: _phone(m, ACTIVE, {**CANCELLED, **PHONE})),
    (UPDATE, lambda m: _phone(m, CANCELLED, {**CANCELLED, **PHONE})),
    # A server may keep a number in a form of its own.
    (UPDATE, lambda m: _phone(m, {"client_phone": "+70000000001"}, {**CANCELLED, "client_phone": "+70000000001"})),
    # Rows of money may be saved anew.
    (
        UPDATE,
        lambda m: _phone(
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
        lambda m: _raced(
            m, _cancel(m, **REVIVED), _patch(m, 200, {"status": "confirmed"}, **REVIVED), (AFTER, m.read(**REVIVED))
        ),
    ),
    (SLOT, _booked),
    (SLOT, lambda m: _booked(m, 409)),
    (SLOT, lambda m: _booked(m, 409, cancel=409, after=ACTIVE)),
    (DELETED, lambda m: _deletion(m, (200, 422))),
    (DELETED, lambda m: _deletion(m, (200, 409))),
    (DELETED, lambda m: _deletion(m, (200, 204), 404)),
    (DELETED, lambda m: _deletion(m, (200, 204), 404, before=CANCELLED)),
    (DELETED, lambda m: _deletion(m, (404, 204), 404, before=CANCELLED)),
    (DELETED, lambda m: _deletion(m, (409, 204), 410, before=CANCELLED)),
]

_BOTH = "a cancel (200) and an update (200) at the same moment: "
_OTHER = "1 of 16 characters are others"
_END = " (neither order of the two requests explains that)"
BROKEN: list[tuple[str, Make, str]] = [
    (UPDATE, lambda m: _status(m, CONFIRMED, CONFIRMED),
     (f"{_BOTH}read back, payment_status is 'paid', not 'cancelled'; "
     f"expense is an object of 3 fields, not null{_END}")),
    (UPDATE, lambda m: _status(m, CONFIRMED, REVIVED),
     f"{_BOTH}in the answer to the update, payment_status is 'paid', not 'cancelled'{_END}"),
    (UPDATE, lambda m: _phone(m, ACTIVE, CANCELLED), f"{_BOTH}the update is lost: client_phone as before it{_END}"),
    (UPDATE, lambda m: _all_beside(m, CANCELLED), f"{_BOTH}the update is lost: client_phone as before it{_END}"),
    (UPDATE, lambda m: _phone(m, ACTIVE, {**CANCELLED, "client_phone": "+7 000 000 00 02"}),
     f"{_BOTH}read back, client_phone is another one: {_OTHER}{_END}"),
    (UPDATE, lambda m: _phone(m, {}, {**CANCELLED, **PHONE, "expense": UNPAID}),
     f"{_BOTH}read back, expense is an object of 3 fields, not null{_END}"),
    (UPDATE, lambda m: _phone(m, {}, {**CANCELLED, **PHONE, "payments": []}),
     f"{_BOTH}read back, there are 0 payments, not 2{_END}"),
    (UPDATE, lambda m: _status(m, {}, CANCELLED, codes=(500, 409)),
     ("a cancel (500) and an update (409) at the same moment: "
     f"the status of the cancel is 500, not 200{_END}")),
    (UPDATE, lambda m: _status(m, CONFIRMED, CANCELLED, codes=(409, 200)),
     ("a cancel (409) and an update (200) at the same moment: "
     f"read back, status is 'cancelled', not 'confirmed'; payment_status is 'cancelled', not 'paid'; "
     f"expense is null, not an object of 3 fields{_END}")),
    (SLOT, lambda m: _booked(m, after=ACTIVE),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     "read back, status is 'scheduled', not 'cancelled'; payment_status is 'paid', not 'cancelled'; "
     f"expense is an object of 3 fields, not null{_END}")),
    (SLOT, lambda m: _booked(m, cancel=409, after=ACTIVE),
     ("a cancel (409) and a booking of its slot (201) at the same moment: "
     f"the status of the booking is 201, not 409{_END}")),
    (SLOT, lambda m: _booked(m, id=7),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"the new booking of the slot is the cancelled appointment itself, not another one{_END}")),
    (SLOT, lambda m: _booked(m, payments=[{"id": 123, "amount": 1000}]),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"the new booking of the slot has 1 payments of the cancelled one, not 0{_END}")),
    (SLOT, lambda m: _seen(_booked(m), m.read(id=8, status="cancelled", payment_status="awaiting_payment",
                                              payments=[], expense=None)),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"in the new booking, status is 'cancelled', not 'scheduled'{_END}")),
    (SLOT, lambda m: _seen(_booked(m), m.read(404)),
     ("a cancel (200) and a booking of its slot (201) at the same moment: "
     f"status is 404 when the appointment is read, not 200{_END}")),
    (DELETED, lambda m: _deletion(m, (200, 204)),
     ("a cancel (200) and a deletion (204) at the same moment: "
     f"status is 200 when the deleted appointment is read, not 404{_END}")),
    (DELETED, lambda m: _deletion(m, (404, 204), 404),
     ("a cancel (404) and a deletion (204) at the same moment: "
     f"the status of the deletion is 204, not 422{_END}")),
    (DELETED, lambda m: _deletion(m, (500, 204), 404, before=CANCELLED),
     ("a cancel (500) and a deletion (204) at the same moment: "
     f"the status of the cancel is 500, not 200{_END}")),
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    (UPDATE, _booked),
    (SLOT, lambda m: _status(m, CONFIRMED, CANCELLED)),
    (DELETED, lambda m: replace(_deletion(m, (200, 422)), kind=Kind.LATE)),
    # A writer that fails by itself, or a caller who is kept out, tells nothing of the cancel.
    (UPDATE, lambda m: _status(m, {}, CONFIRMED, codes=(200, 500))),
    (UPDATE, lambda m: _all_beside(m, CANCELLED, codes=(500, 409))),
    (UPDATE, lambda m: _status(m, CONFIRMED, CONFIRMED, codes=(401, 200))),
    (UPDATE, lambda m: _raced(m, (CANCEL, m.cancel(200, Intent.RACED, trouble=Trouble.LOST)),
                              _patch(m, 200, PHONE), (AFTER, m.read(**ACTIVE)))),
]  # fmt: skip


class TestRaces(FamilyWithGaps):
    """The tables above."""

    name = "effect"
    clauses = effect_races.CLAUSES


def _later(step: Step) -> Step:
    return step[0], replace(step[1], number=step[1].number + 1)


def _one_by_one(m: Maker, told: dict[str, Any], after: dict[str, Any]) -> Episode:
    """A race in which a revive shows a payment status of its own, and both orders as the target plays them."""
    race = _status(m, told, after)
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
        race = _phone(m, ACTIVE, CANCELLED)
        cancel, patch = race.steps[1:3]
        kept = (AFTER, m.read(**CANCELLED, **PHONE))
        first = ((BEFORE, m.read(**ACTIVE)), cancel, _later(patch), kept)
        return replace(race, steps=(*race.steps, *first, (BEFORE, m.read(**ACTIVE)), patch, _later(cancel), kept))

    (found,) = judge(UPDATE, lost)

    assert str(found) == (
        f"{_BOTH}the update is lost: client_phone as before it (one after the other, in either order, it is kept)"
    )


@pytest.mark.parametrize("code", [404, 405, 501])
def test_a_target_without_updates_shows_so(judge: Judge, code: int) -> None:
    """What can be read, and answers that there is no such thing, has no such operation."""
    found = judge(UPDATE, lambda m: _status(m, {}, CANCELLED, codes=(200, code)))

    assert found == (NotApplicable(f"PATCH of an appointment answers {code}: there is no such operation"),)


def test_a_member_who_may_not_update_shows_so(judge: Judge) -> None:
    """Who may cancel and nothing else is in no race with an update."""
    found = judge(UPDATE, lambda m: _status(m, {}, CANCELLED, codes=(200, 403)))

    assert found == (NotApplicable("PATCH of an appointment answers 403: the member may not do that"),)


def test_a_second_member_who_may_not_cancel_changes_nothing(judge: Judge) -> None:
    """Whoever is kept out has done nothing; the booking is judged all the same."""

    def with_another(m: Maker) -> Episode:
        race = _booked(m)
        kept_out = Role.AGAIN, m.cancel(401, Intent.RACED)
        return replace(race, steps=(*race.steps[:2], kept_out, *race.steps[2:]))

    assert judge(SLOT, with_another) == (None,)


def test_a_target_without_deletions_shows_so(judge: Judge) -> None:
    """A 404 of the deletion of what is there says so."""
    found = judge(DELETED, lambda m: _deletion(m, (200, 404)))

    assert found == (NotApplicable("DELETE of an appointment answers 404: there is no such operation"),)


def test_a_revive_without_a_payment_status_is_learned_first(judge: Judge) -> None:
    """Where money is hidden, nothing in the update's answer shows that it came after the cancel."""

    def hidden(m: Maker) -> Episode:
        shown = {"without": ("payment_status", "payments", "expense")}
        return _raced(
            m,
            _cancel(m, **shown),
            _patch(m, 200, {"status": "confirmed"}, status="confirmed", **shown),
            (AFTER, m.read(status="confirmed", **shown)),
            before={"status": "scheduled", **shown},
        )

    assert judge(UPDATE, hidden) == (
        f"{_BOTH}in the answer to the update, status is 'confirmed', not 'cancelled'{_END}",
    )
