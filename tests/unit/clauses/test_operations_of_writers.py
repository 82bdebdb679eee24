"""What each operation of a race makes of an appointment, and what of its answer contradicts that."""

import json
from collections.abc import Sequence
from typing import Any, Final

import pytest

from cancel_contract.clauses import writers
from cancel_contract.clauses.writers import State, Step
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange, Trouble
from tests.unit.clauses.conftest import Maker

_ACTIVE: Final = {"id": 7, "status": "scheduled", "payment_status": "paid", "client_phone": "+7 1", "expense": None,
                  "payments": [{"id": 1, "amount": 1000, "payment_kind": "prepaid"}]}  # fmt: skip
_CANCELLED: Final = {**_ACTIVE, "status": "cancelled", "payment_status": "cancelled"}
_MONEY: Final = ("payment_status", "payments", "expense")


def _patch(m: Any, code: int = 200, sent: Any = None, **shown: Any) -> Exchange:  # noqa: ANN401  the fixture's own class
    body = None if sent is None else json.dumps(sent).encode()
    done: Exchange = m.cancel(code, Intent.UPDATE, case={"method": "PATCH", "body": body}, **shown)
    return done


def _found(step: Step, state: State) -> Sequence[Difference]:
    return step.effect(state)[1]


@pytest.mark.parametrize(
    ("code", "was"), [(200, False), (399, False), (400, True), (498, True), (500, False), (501, True)]
)
def test_what_was_refused_has_done_nothing(maker: Maker, code: int, *, was: bool) -> None:
    """A 4xx is a refusal, as is an operation that is not there."""
    assert writers.was_refused(maker.cancel(code)) is was


def test_what_was_not_answered_was_not_refused(maker: Maker) -> None:
    """Nobody knows what it has done."""
    assert not writers.was_refused(maker.cancel(trouble=Trouble.LOST))


@pytest.mark.parametrize(
    ("code", "state", "wanted"),
    [
        (200, State(None), "404"),
        (404, State(_ACTIVE), "200"),
        (410, State(_ACTIVE), "200"),
        (500, State(_ACTIVE), "200"),
    ],
)
def test_a_cancel_that_fits_no_state_is_told(maker: Maker, code: int, state: State, wanted: str) -> None:
    """A deleted one cannot be cancelled, and one that is there is no 404."""
    after, found = writers.cancel(maker.cancel(code), maker.read(status="scheduled")).effect(state)

    assert found == [Difference("status", "status", str(code), wanted)]
    assert [str(one) for one in found] == [f"the status of the cancel is {code}, not {wanted}"]
    assert after == state


def test_a_refused_cancel_changes_nothing(maker: Maker) -> None:
    """A conflict fits every state."""
    assert writers.cancel(maker.cancel(409), maker.read()).effect(State(_ACTIVE)) == (State(_ACTIVE), [])


def test_what_an_answer_does_not_show_contradicts_nothing(maker: Maker) -> None:
    """A field is judged where both show it."""
    hidden: dict[str, Any] = {"without": _MONEY}
    step = writers.cancel(maker.cancel(**hidden), maker.read(status="scheduled", **hidden))

    assert _found(step, State(_ACTIVE)) == []
    assert (
        _found(
            writers.look(
                maker.read(payments=_ACTIVE["payments"], without=["client_phone", "expense"]), ["client_phone"]
            ),
            State(_CANCELLED),
        )
        == []
    )


def test_an_update_of_a_deleted_one_is_told(maker: Maker) -> None:
    """It is no 200."""
    (found,) = _found(writers.update(_patch(maker), maker.read()), State(None))

    assert found == Difference("status", "status", "200", "404")
    assert str(found) == "the status of the update is 200, not 404"


def test_an_update_makes_what_it_names(maker: Maker) -> None:
    """A status becomes what was sent, a field of the client what is shown, if it is."""
    sent = {"status": "confirmed", "client_phone": "+7 2"}
    shown = _patch(maker, sent=sent, status="no_show", client_phone="72")
    silent = _patch(maker, sent=sent, without=["client_phone"])
    now, then = (writers.update(one, maker.read()).effect(State(_ACTIVE))[0].ours for one in (shown, silent))

    assert now is not None
    assert then is not None
    assert (now["status"], now["client_phone"]) == ("confirmed", "72")
    assert then["client_phone"] == "+7 2"


def test_an_update_that_hides_money_is_told_beside_its_status(maker: Maker) -> None:
    """Nothing shows that it knew of the cancel, and its status is another one."""
    patch = _patch(maker, sent={"status": "confirmed"}, status="scheduled", without=_MONEY)
    found = _found(writers.update(patch, maker.read(status="no_show", without=_MONEY)), State(_CANCELLED))

    assert [str(one) for one in found] == [
        "in the answer to the update, status is 'scheduled', not 'confirmed'",
        "in the answer to the update, status is 'confirmed', not 'cancelled'",
    ]


def test_an_update_with_a_body_that_is_no_object_changes_nothing(maker: Maker) -> None:
    """It names no field."""
    patch = _patch(maker, sent=["status"], status="scheduled", payment_status="paid")

    assert writers.update(patch, maker.read()).effect(State(_ACTIVE)) == (State(_ACTIVE), [])


@pytest.mark.parametrize(("code", "sent"), [(409, {"prepaid_amount": 5}), (200, {"client_phone": "+7 2"})])
def test_money_stays_that_no_update_has_changed(maker: Maker, code: int, sent: dict[str, Any]) -> None:
    """A refused update receives nothing, nor does one of another field."""
    assert writers.with_received(_ACTIVE, _patch(maker, code, sent), maker.read(payments=[])) == _ACTIVE


@pytest.mark.parametrize("shown", [{}, {"prepaid_amount": 5}, {"prepaid_amount": 5, "payments": []}])
def test_where_an_update_shows_no_money_the_read_after_it_does(maker: Maker, shown: dict[str, Any]) -> None:
    """An answer of few fields says nothing of the rows; one that shows rows is believed."""
    patch = maker.cancel(200, Intent.UPDATE, body={"payload": {"id": 7, **shown}},
                         case={"method": "PATCH", "body": b'{"prepaid_amount": 5}'})  # fmt: skip
    rows = [{"id": 1, "amount": 5, "payment_kind": "prepaid"}]

    found = writers.with_received(_ACTIVE, patch, maker.read(payments=rows))

    assert found["payments"] == shown.get("payments", rows)


@pytest.mark.parametrize("shown", [{"status": "confirmed", "payment_status": "paid"}, {"without": _MONEY}])
def test_the_answer_to_an_update_that_was_only_accepted_tells_no_order(maker: Maker, shown: dict[str, Any]) -> None:
    """It is done later, whatever comes before it."""
    patch = _patch(maker, 202, {"status": "confirmed"}, body={"payload": maker.payload(**shown)})

    assert _found(writers.update(patch, maker.read(status="confirmed")), State(_CANCELLED)) == []
    assert _found(writers.update(patch, maker.read(status="cancelled")), State(_ACTIVE)) == []


@pytest.mark.parametrize(("code", "step"), [(200, 0), (202, 1)])
def test_what_was_only_accepted_ends_with_the_read(maker: Maker, code: int, step: int) -> None:
    """It may be done after the read; a read comes after all that was done."""
    assert writers.update(_patch(maker, code), maker.read()).ended == step
    assert writers.deletion(maker.cancel(code, Intent.DELETE)).ended == step
    for look in (writers.look(maker.read(), ["status"]), writers.look_at_booking(maker.read())):
        assert (look.began, look.ended) == (1, 1)


@pytest.mark.parametrize(
    ("booked", "found"),
    [
        ({"id": 7, "payments": []}, Difference("slot", "booking", "the cancelled appointment", "another one")),
        ({"id": 8, "payments": _ACTIVE["payments"]},
         Difference("slot", "booking", "1 payments of the cancelled one", "0")),
    ],
)  # fmt: skip
def test_a_booking_is_another_appointment(maker: Maker, booked: dict[str, Any], found: Difference) -> None:
    """It is not the cancelled one, and has none of its payments."""
    step = writers.new_booking(maker.cancel(200, Intent.CREATE, **booked))

    assert _found(step, State(_CANCELLED)) == [found]


def test_a_read_of_a_deleted_one_is_told(maker: Maker) -> None:
    """It is no 200."""
    found = _found(writers.look(maker.read(), ["status"]), State(None))

    assert found == [Difference("status", "read", "200", "404")]


def test_rows_of_money_count_with_their_kind(maker: Maker) -> None:
    """A payment that became one of another kind is another one."""
    rows = [{"id": 1, "amount": 1000, "payment_kind": "adjustment"}]
    found = _found(writers.look(maker.read(payments=rows, expense=None), ["status"]), State(_CANCELLED))

    assert [str(one) for one in found] == ["read back, a payment's payment_kind is 'adjustment', not 'prepaid'"]


def _race(m: Any, writer: Exchange | None, **after: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    beside = ((Role.BESIDE, m.cancel(409, Intent.DELETE)), *(((Role.BESIDE, writer),) if writer else ()))
    steps = ((Role.BEFORE, m.read(**_ACTIVE)), m.done(), *beside, m.after(**{**_CANCELLED, **after}))
    return Episode(Kind.RACE, (*steps, (Role.OTHER_AFTER, m.read(id=8, status="confirmed", payment_status="paid"))))


def test_what_came_of_an_update_is_what_it_answered_and_left(maker: Maker) -> None:
    """Fields that differ from before are named, without their values; another writer's are left out."""
    patch = _patch(maker, status="no_show", payment_status="paid", id=7, payments=_ACTIVE["payments"])
    came = writers.what_came(_race(maker, patch, client_phone="+7 2"), Intent.UPDATE)

    words = [(200, "cancelled", "cancelled"), (200, "no_show", "paid"), (200, "cancelled", "cancelled"), None]
    assert came == (words, ["client_phone"], (True, True), ["1000 prepaid"], None, [])


def test_what_came_of_a_booking_is_seen_in_its_read(maker: Maker) -> None:
    """The new appointment is another one, with money of its own."""
    booking = maker.cancel(201, Intent.CREATE, body={"payload": {"id": 8, "status": "scheduled", "payments": []}})
    came = writers.what_came(_race(maker, booking, client_phone="+7 2"), Intent.CREATE)

    cancelled = (200, "cancelled", "cancelled")
    words = [cancelled, (201, "scheduled", None), cancelled, (200, "confirmed", "paid")]
    assert came == (words, [], (False, False), ["1000 prepaid"], None, ["status"])


def test_a_writer_that_was_not_sent_leaves_a_gap(maker: Maker) -> None:
    """The rest is known all the same."""
    words, *_, owed, _ = writers.what_came(_race(maker, None, expense={"status": "paid"}), Intent.UPDATE)

    assert words == [(200, "cancelled", "cancelled"), None, (200, "cancelled", "cancelled"), None]
    assert owed == "paid"
