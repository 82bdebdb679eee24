"""A cancel beside an update of an amount: what was received stays, whoever is judged."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange, Trouble
from tests.unit.clauses.conftest import Judge, Maker

UPDATE, SLOT = "effect/other-writer", "effect/slot-race"
ROW = {"id": 21, "amount": 2000, "payment_method": "cash", "payment_kind": "prepaid"}
MORE = {**ROW, "amount": 2011}
ACTIVE: dict[str, Any] = {
    "status": "scheduled", "payment_status": "prepaid", "prepaid_amount": 2000, "settlement_amount": 0, "expense": None
}  # fmt: skip
CANCELLED = {**ACTIVE, "status": "cancelled", "payment_status": "cancelled"}
SENT = json.dumps({"prepaid_amount": 2011}).encode()


def _raced(m: Maker, code: int | None, *left: dict[str, Any], answered: Sequence[dict[str, Any]] = (MORE,)) -> Episode:
    """A cancel beside an update of the deposit and a booking of the slot; these rows of money are left."""
    shown: dict[str, Any] = {**ACTIVE, "prepaid_amount": 2011, "payments": [*answered]} if code == 200 else {}
    trouble = Trouble.LOST if code is None else None
    update = m.cancel(code or 200, Intent.UPDATE, case={"method": "PATCH", "body": SENT}, trouble=trouble, **shown)
    refused = m.cancel(409, Intent.CREATE, case={"appointment": None})
    steps = (
        (Role.BEFORE, m.read(**ACTIVE, payments=[ROW])),
        (Role.CANCEL, m.cancel(200, Intent.RACED, **CANCELLED, payments=[ROW])),
        (Role.BESIDE, update),
        (Role.BESIDE, refused),
        (Role.AFTER, m.read(**{**CANCELLED, "prepaid_amount": left[0]["amount"], "payments": [*left]})),
    )
    return Episode(Kind.RACE, steps)


@pytest.mark.parametrize("clause", [UPDATE, SLOT])
@pytest.mark.parametrize(("code", "left"), [(200, MORE), (422, ROW)])
def test_what_was_received_stays(judge: Judge, clause: str, code: int, left: dict[str, Any]) -> None:
    """An update that was answered has changed its row of money, a refused one none."""
    assert judge(clause, lambda m: _raced(m, code, left)) == (None,)


def test_money_that_is_lost_beside_a_cancel_is_told(judge: Judge) -> None:
    """The update was answered, and its row of money is not there; the booking has nothing to do with it."""
    (told,) = judge(UPDATE, lambda m: _raced(m, 200, ROW))

    assert (
        "is lost, beside a booking of its slot (409): prepaid_amount is still 2000, not 2011, payments is as before"
        in str(told)
    )
    assert judge(SLOT, lambda m: _raced(m, 200, ROW)) == (None,)


def test_rows_that_no_longer_add_up_are_told_although_the_update_shows_them(judge: Judge) -> None:
    """Both have written the row of money; the booking was refused, and has nothing to do with it."""

    def raced(m: Maker) -> Episode:
        return _raced(m, 200, MORE, ROW, answered=(MORE, ROW))

    (told,) = judge(UPDATE, raced)
    assert "read back, there are 2 payments, not 1; prepaid_amount is 2011, not 2000; the update's own" in str(told)
    assert judge(SLOT, raced) == (None,)


def test_rows_that_no_longer_add_up_are_told_of_a_booking_where_the_update_was_refused(judge: Judge) -> None:
    """Nobody else may have written the second one."""
    (told,) = judge(SLOT, lambda m: _raced(m, 422, ROW, MORE))

    assert "there are 2 payments, not 1" in str(told)


@pytest.mark.parametrize("left", [ROW, MORE])
def test_where_an_update_was_not_answered_either_amount_is_right(judge: Judge, left: dict[str, Any]) -> None:
    """Nobody knows whether it was done."""
    assert judge(SLOT, lambda m: _raced(m, None, left)) == (None,)


@pytest.mark.parametrize("left", [ROW, MORE])
def test_where_an_update_was_only_accepted_either_amount_is_right(judge: Judge, left: dict[str, Any]) -> None:
    """Its answer shows what was before it, and it may be done before the read or after it."""

    def accepted(m: Maker) -> Episode:
        race = _raced(m, 200, left)
        before = {**ACTIVE, "payments": [ROW]}
        update = m.cancel(202, Intent.UPDATE, case={"method": "PATCH", "body": SENT}, **before)
        steps = ((role, update if one.case.intent is Intent.UPDATE else one) for role, one in race.steps)
        return Episode(Kind.RACE, tuple(steps))

    assert judge(SLOT, accepted) == (None,)
    assert judge(UPDATE, accepted) == (None,)


def test_an_update_of_which_a_part_is_there_is_partly_lost(judge: Judge) -> None:
    """What is kept of it says that it was not lost as a whole."""

    def raced(m: Maker) -> Episode:
        race = _raced(m, 200, ROW)
        sent = {"prepaid_amount": 2011, "client_identifier": "TEST 8K", "client_phone": "+7 000 000 00 03"}
        steps = ((role, _with(one, m, sent) if role in {Role.BESIDE, Role.AFTER} else one) for role, one in race.steps)
        return Episode(Kind.RACE, tuple(steps))

    (told,) = judge(UPDATE, raced)

    assert "is partly lost, beside a booking of its slot (409): prepaid_amount is still 2000" in str(told)
    assert "; kept: client_identifier, client_phone (" in str(told)


def _with(one: Exchange, m: Maker, sent: dict[str, Any]) -> Exchange:
    """The update with all that is sent, and the read with all of it but the money."""
    if one.case.intent is Intent.UPDATE:
        case = {"method": "PATCH", "body": json.dumps(sent).encode()}
        return m.cancel(200, Intent.UPDATE, case=case, **{**ACTIVE, **sent, "payments": [MORE]})
    if one.case.intent is Intent.CREATE:
        return one
    return m.read(**{**CANCELLED, **sent, "prepaid_amount": ROW["amount"], "payments": [ROW]})
